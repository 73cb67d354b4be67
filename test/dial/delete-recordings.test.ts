import { describe, expect, it } from "vitest";
import { deleteRecordings } from "../../src/dial/delete-recordings.ts";
import type { AttemptId, CallSid } from "../../src/domain/ids.ts";
import { type DialWorld, dialWorld } from "./dial-world.ts";
import type { FakeCarrier } from "./fake-carrier.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A call that is over since `overMs`, of a person who was erased just now. */
async function erasedCall(world: DialWorld, tail: number, overMs: number): Promise<{ attemptId: AttemptId; callSid: string }> {
  const { attemptId } = await world.planned(tail);
  const now = new Date(world.clock.nowMs());
  const callSid = `CA${tail}` as CallSid;
  await world.deps.db.updateTable("attempts").set({ state: "ended", call_sid: callSid, ended_at: new Date(now.getTime() - overMs) }).where("id", "=", attemptId).execute();
  await world.deps.db.insertInto("recording_deletions").values({ attempt_id: attemptId, account_id: world.accountId, call_sid: callSid, recording_sid: null, asked_at: now, due_at: now, last_error: null }).execute();
  return { attemptId, callSid };
}

const deletionOf = (world: DialWorld, attemptId: AttemptId) =>
  world.deps.db.selectFrom("recording_deletions").select(["tries", "last_error", "done_at"]).where("attempt_id", "=", attemptId).executeTakeFirstOrThrow();

describe("recordings of erased persons", () => {
  it("are deleted at the carrier, once", async () => {
    const world = await dialWorld();
    const { attemptId, callSid } = await erasedCall(world, 1, 2 * hourMs);
    expect(await deleteRecordings(world.deps)).toBe(1);
    expect(await deleteRecordings(world.deps)).toBe(0);
    expect(world.carrier.requests.deletions).toEqual([callSid]);
    expect((await deletionOf(world, attemptId)).done_at).not.toBeNull();
  });

  it("are asked for again, after pauses that grow, until the carrier has deleted them", async () => {
    const world = await dialWorld();
    const { attemptId } = await erasedCall(world, 2, 2 * hourMs);
    world.carrier.failing.deletions = true;
    expect(await deleteRecordings(world.deps)).toBe(0);
    expect(await deletionOf(world, attemptId)).toEqual({ tries: 1, last_error: "http_503", done_at: null });
    expect(await deleteRecordings(world.deps), "not before the pause is over").toBe(0);
    expect(world.carrier.requests.deletions).toHaveLength(1);
    world.clock.advance(minuteMs);
    await deleteRecordings(world.deps);
    world.clock.advance(minuteMs);
    await deleteRecordings(world.deps);
    expect(world.carrier.requests.deletions, "the second pause is longer").toHaveLength(2);
    world.carrier.failing.deletions = false;
    world.clock.advance(minuteMs);
    expect(await deleteRecordings(world.deps)).toBe(1);
    expect((await deletionOf(world, attemptId)).last_error).toBeNull();
  });

  it("are looked for once more when the call is so young that one may still appear", async () => {
    const world = await dialWorld();
    const { attemptId } = await erasedCall(world, 3, minuteMs);
    expect(await deleteRecordings(world.deps)).toBe(1);
    expect((await deletionOf(world, attemptId)).done_at).toBeNull();
    world.clock.advance(hourMs);
    expect(await deleteRecordings(world.deps)).toBe(1);
    expect((await deletionOf(world, attemptId)).done_at).not.toBeNull();
    expect(world.carrier.requests.deletions).toHaveLength(2);
  });

  it("of which one cannot be asked for keep no other from being deleted", async () => {
    const world = await dialWorld();
    const [broken, sound] = [await erasedCall(world, 5, 2 * hourMs), await erasedCall(world, 6, 2 * hourMs)];
    const { deleteRecordings: ask } = world.carrier;
    const carrier: FakeCarrier = { ...world.carrier, deleteRecordings: (call) => (call.callSid === broken.callSid ? Promise.reject(new TypeError("cannot be read")) : ask(call)) };
    expect(await deleteRecordings({ ...world.deps, carrier })).toBe(1);
    expect((await deletionOf(world, sound.attemptId)).done_at).not.toBeNull();
    expect(await deletionOf(world, broken.attemptId)).toEqual({ tries: 1, last_error: "failed", done_at: null });
  });

  it("that one process could not delete before it died are deleted by another", async () => {
    const world = await dialWorld();
    const { callSid } = await erasedCall(world, 4, 2 * hourMs);
    const asked = Promise.withResolvers<void>();
    const dying = {
      ...world.carrier,
      deleteRecordings: () => {
        asked.resolve();
        return new Promise<never>(() => undefined);
      },
    };
    void deleteRecordings({ ...world.deps, carrier: dying });
    await asked.promise;
    world.clock.advance(minuteMs);
    expect(await deleteRecordings(world.otherProcess("dialer-2"))).toBe(1);
    expect(world.carrier.requests.deletions).toEqual([callSid]);
  });
});
