import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldInbox, receiveFact } from "../../src/dial/receive-fact.ts";
import { newFactIntake } from "../../src/dial/fact-intake.ts";
import { dropFoldedFacts, storeFacts } from "../../src/dial/inbox.queries.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import type { CallFact } from "../../src/domain/call-fact.ts";
import { seededRandom, wholeBelow } from "../../src/domain/random.ts";
import { runFor } from "./background.ts";
import { testNumber } from "../support/rows.ts";
import { dialWorld, type DialWorld, endedAs, fact } from "./dial-world.ts";
import { longFormTimeoutMs, shortOrLong } from "../support/long-form.ts";

async function placed(world: DialWorld, tail: number) {
  const planned = await world.planned(tail);
  await placeAttempt(world.deps, { attemptId: planned.attemptId });
  const call = world.carrier.callTo(planned.number);
  return { ...planned, call, token: call.order.token };
}

describe("callbacks", () => {
  test("R2.7 a verdict about who picked up, two seconds before to half an hour after the end, in any order, is one revision and no call", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 10_000 } });
    const random = seededRandom(27);
    const rounds = shortOrLong(12, 1_000);
    for (let round = 0; round < rounds; round += 1) {
      const { attemptId, call, token } = await placed(world, round);
      const amd: CallFact = { ...fact(world, call.callSid, 0, { kind: "answered_by", answeredBy: "voicemail", detectionMs: 4_000 }), atMs: world.clock.nowMs() - 2_000 + wholeBelow(random, 1_802_000) };
      const facts: CallFact[] = [
        fact(world, call.callSid, 1, { kind: "ringing" }),
        fact(world, call.callSid, 2, { kind: "answered" }),
        fact(world, call.callSid, 3, endedAs("completed", 9)),
        amd,
        amd,
      ];
      for (const each of facts.map((value) => ({ value, at: random.fraction() })).sort((a, b) => a.at - b.at)) await receiveFact(world.deps, { token, fact: each.value });
      const attempt = await world.attempt(attemptId);
      expect(attempt).toMatchObject({ state: "ended", ending: "completed", answered_by: "voicemail", duration_seconds: 9 });
      expect(attempt.revision).toBeLessThanOrEqual(3);
      world.clock.advance(100);
    }
    expect(world.carrier.requests.place).toBe(rounds);
  }, longFormTimeoutMs);

  test("R2.7 each late fact raises the revision at most once and tells it", async () => {
    const world = await dialWorld();
    const { attemptId, call, token } = await placed(world, 1);
    await receiveFact(world.deps, { token, fact: fact(world, call.callSid, 3, endedAs("completed", 9)) });
    expect((await world.attempt(attemptId)).revision).toBe(0);
    const amd = fact(world, call.callSid, 0, { kind: "answered_by", answeredBy: "person", detectionMs: 900 });
    for (let copy = 0; copy < 5; copy += 1) await receiveFact(world.deps, { token, fact: amd });
    expect(await world.attempt(attemptId)).toMatchObject({ revision: 1, answered_by: "person", state: "ended" });
    expect(world.told).toEqual([attemptId, attemptId]);
  });

  test("callbacks are forgotten a while after they were folded, never before", async () => {
    const world = await dialWorld();
    const { call, token } = await placed(world, 1);
    for (let n = 0; n < 5; n += 1) await receiveFact(world.deps, { token, fact: fact(world, call.callSid, n, { kind: "ringing" }) });
    await storeFacts(world.deps.db, [{ token: "of-nobody-yet", fact: fact(world, call.callSid, 9, { kind: "answered" }) }], new Date(world.clock.nowMs()));
    const left = async () => (await world.deps.db.selectFrom("webhook_inbox").select("token").execute()).length;
    await dropFoldedFacts(world.deps.db, new Date(world.clock.nowMs()), 2);
    expect(await left()).toBe(6);
    await dropFoldedFacts(world.deps.db, new Date(world.clock.nowMs() + 1), 2);
    expect(await left()).toBe(1);
  });

  test("R2.8 a captured callback replayed a thousand times costs one row and changes nothing", async () => {
    const world = await dialWorld();
    const { attemptId, call, token } = await placed(world, 1);
    const callback = fact(world, call.callSid, 3, endedAs("busy"));
    await receiveFact(world.deps, { token, fact: callback });
    const before = await world.attempt(attemptId);
    const intake = newFactIntake(world.deps);
    await Promise.all(Array.from({ length: 1_000 }, () => intake.receive({ token, fact: callback })));
    await intake.idle();
    const { updated_at: _before, ...was } = before;
    const { updated_at: _after, ...is } = await world.attempt(attemptId);
    expect(is).toEqual(was);
    const { rows } = await world.database.db.selectFrom("webhook_inbox").select((e) => e.fn.countAll<number>().as("rows")).executeTakeFirstOrThrow();
    expect(Number(rows)).toBe(1);
    expect(world.told).toEqual([attemptId]);
  });

  test("R2.2 with every callback lost each call still ends right within three minutes, at no more than one reading a minute", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 10_000 } });
    const fates = (["no_answer", "busy", "failed", "canceled", "completed"] as const).map((ending, tail) => ({ ending, tail }));
    const calls: (Awaited<ReturnType<typeof placed>> & { ending: "no_answer" | "busy" | "failed" | "canceled" | "completed"; endsAtMs: number; knownAtMs: number })[] = [];
    for (const { ending, tail } of fates) {
      calls.push({ ...(await placed(world, tail)), ending, endsAtMs: world.clock.nowMs() + 8_000 + tail * 9_000, knownAtMs: 0 });
      world.clock.advance(10);
    }
    await runFor(world, 240_000, 3_000, async () => {
      for (const each of calls) {
        const nowMs = world.clock.nowMs();
        if (each.call.status !== "ended") {
          if (nowMs >= each.endsAtMs) world.carrier.end(each.call, each.ending, each.ending === "completed" ? 20 : undefined);
          else world.carrier.set(each.call, each.ending === "completed" && nowMs > each.endsAtMs - 20_000 ? "in-progress" : "ringing");
        }
        if (each.knownAtMs === 0 && (await world.attempt(each.attemptId)).state === "ended") each.knownAtMs = nowMs;
      }
    });
    for (const each of calls) {
      expect(await world.attempt(each.attemptId)).toMatchObject({ state: "ended", ending: each.ending });
      expect(each.knownAtMs - each.endsAtMs).toBeLessThanOrEqual(180_000);
    }
    expect(world.carrier.requests.fetch).toBeLessThanOrEqual(calls.length * 5);
  });

  test("R2.2 lost, doubled and late callbacks end in the same rows as a lossless run", async () => {
    const story = (world: DialWorld, callSid: string): CallFact[] => [
      fact(world, callSid, 0, { kind: "initiated" }),
      fact(world, callSid, 1, { kind: "ringing" }),
      fact(world, callSid, 2, { kind: "answered" }),
      fact(world, callSid, 3, endedAs("completed", 31)),
    ];
    const random = seededRandom(22);
    const world = await dialWorld({ settings: { callsPerSecond: 10_000 } });
    const lossless = await placed(world, 0);
    for (const each of story(world, lossless.call.callSid)) await receiveFact(world.deps, { token: lossless.token, fact: each });
    const reference = await world.attempt(lossless.attemptId);
    world.clock.advance(10);
    const faulty: { atMs: number; token: string; fact: CallFact }[] = [];
    for (let n = 1; n <= 20; n += 1) {
      const each = await placed(world, n);
      world.clock.advance(10);
      world.carrier.end(each.call, "completed", 31);
      for (const told of story(world, each.call.callSid)) {
        const copies = random.fraction() < 0.3 ? 0 : random.fraction() < 0.3 ? 2 : 1;
        for (let copy = 0; copy < copies; copy += 1) faulty.push({ atMs: world.clock.nowMs() + random.fraction() * 600_000, token: each.token, fact: told });
      }
    }
    faulty.sort((a, b) => a.atMs - b.atMs);
    await runFor(world, 620_000, 10_000, async () => {
      while (faulty[0] && faulty[0].atMs <= world.clock.nowMs()) {
        const next = faulty.shift();
        if (next) await receiveFact(world.deps, next);
      }
    });
    for (let n = 1; n <= 20; n += 1) {
      const attempt = await world.database.db.selectFrom("attempts").where("number_key", "=", world.vault.numberKey(testNumber(n))).selectAll().executeTakeFirstOrThrow();
      expect(attempt).toMatchObject({ state: reference.state, ending: reference.ending, duration_seconds: 31 });
      expect(attempt.answered_at).not.toBeNull();
    }
  });

  test("facts stored by a process that died are folded by another", async () => {
    const world = await dialWorld();
    const { attemptId, call, token } = await placed(world, 1);
    await storeFacts(world.deps.db, [{ token, fact: fact(world, call.callSid, 3, endedAs("no_answer")) }], new Date(world.clock.nowMs()));
    expect((await world.attempt(attemptId)).state).toBe("dialed");
    world.clock.advance(2_000);
    await foldInbox(world.otherProcess("dialer-2"));
    expect((await world.attempt(attemptId)).state).toBe("ended");
  });

  test("facts that break a constraint every time are tried less and less often, then set aside, and hold nothing else up", async () => {
    const world = await dialWorld();
    const first = await placed(world, 1);
    world.clock.advance(100);
    const { attemptId } = await world.planned(2);
    world.carrier.onNextPlace({ creates: true, answers: { kind: "unknown", because: "timeout", code: "ECONNABORTED" } });
    await placeAttempt(world.deps, { attemptId });
    const { token } = await world.attempt(attemptId);
    // A carrier that gives an id twice: the second attempt can never take it.
    await storeFacts(world.deps.db, [{ token, fact: fact(world, first.call.callSid, 1, { kind: "ringing" }) }], new Date(world.clock.nowMs()));
    const counted: number[] = [];
    const metrics = { placed() {}, gate() {}, sendLatenessMs() {}, carrierQueueMs() {}, ambiguousOpen() {}, factsParked: (count: number) => void counted.push(count) };
    const inbox = world.otherProcess("dialer-2", { metrics });
    let tries = 0;
    for (let second = 0; second < 3_600; second += 2) {
      world.clock.advance(2_000);
      tries += await foldInbox(inbox);
    }
    expect(tries).toBe(6);
    expect(counted.at(-1)).toBe(1);
    expect(world.log.lines.filter((line) => line.level === "error").map((line) => [line.sentence, line.fields["constraint"]])).toEqual([
      ["facts of a call are set aside: folding them breaks the same constraint every time", "attempts_call_sid_key"],
    ]);
    expect(await world.deps.db.selectFrom("webhook_inbox").where("token", "=", token).select(["failures", "parked_because", "folded_at"]).execute()).toEqual([
      { failures: 6, parked_because: "attempts_call_sid_key", folded_at: null },
    ]);
    await receiveFact(world.deps, { token, fact: fact(world, "CA00000000000000000000000000000099", 1, { kind: "ringing" }) });
    expect(await world.attempt(attemptId)).toMatchObject({ call_sid: "CA00000000000000000000000000000099" });
  });

  test("a database that is in the way is not the facts' fault: they wait and are never set aside", async () => {
    const world = await dialWorld();
    const { call, token, attemptId } = await placed(world, 1);
    await storeFacts(world.deps.db, [{ token, fact: fact(world, call.callSid, 1, { kind: "ringing" }) }], new Date(world.clock.nowMs()));
    await world.deps.db.schema.alterTable("attempts").renameTo("attempts_away").execute();
    for (let minute = 0; minute < 600; minute += 1) {
      world.clock.advance(60_000);
      await foldInbox(world.deps);
    }
    await world.deps.db.schema.alterTable("attempts_away").renameTo("attempts").execute();
    expect(world.log.sentences("warn").length).toBeLessThan(20);
    world.clock.advance(3_600_000);
    await foldInbox(world.deps);
    expect((await world.attempt(attemptId)).state).toBe("ringing");
  });

  test("a fact for an attempt that is only planned means that the carrier contradicts itself: it is not dialed, the stray call is ended", async () => {
    const world = await dialWorld();
    const { attemptId, contactId } = await world.planned(1);
    const { token } = await world.attempt(attemptId);
    await receiveFact(world.deps, { token, fact: fact(world, "CAstray000000", 1, { kind: "ringing" }) });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "refused", refusal_code: "carrier_contradicted_itself" });
    expect((await world.contact(contactId)).state).toBe("waiting");
    expect(world.carrier.requests.hangUp).toBe(1);
    expect(await placeAttempt(world.deps, { attemptId })).toEqual({ kind: "gone" });
  });

  test("a second call that claims the same attempt is hung up and the first stays bound", async () => {
    const world = await dialWorld();
    const { attemptId, call, token } = await placed(world, 1);
    await receiveFact(world.deps, { token, fact: fact(world, "CAsecond00000", 1, { kind: "ringing" }) });
    expect(await world.attempt(attemptId)).toMatchObject({ call_sid: call.callSid });
    expect(world.carrier.requests.hangUp).toBe(1);
    expect(world.log.sentences("error")).toContain("hanging up a call that should not exist");
  });

  test("I8 the row is the fold of the inbox, whatever the order of delivery to two processes at once", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 10_000 } });
    let tail = 0;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }), async (order) => {
        const { attemptId, call, token } = await placed(world, tail++);
        const told = [
          fact(world, call.callSid, 0, { kind: "initiated" }),
          fact(world, call.callSid, 1, { kind: "ringing" }),
          fact(world, call.callSid, 2, { kind: "answered" }),
          fact(world, call.callSid, 3, endedAs("completed", 5)),
          fact(world, call.callSid, 0, { kind: "answered_by", answeredBy: "person", detectionMs: 1 }),
        ];
        const other = world.otherProcess("dialer-2");
        await Promise.all(order.map((index, place) => receiveFact(place % 2 === 0 ? world.deps : other, { token, fact: told[index] ?? told[0] ?? fail() })));
        const attempt = await world.attempt(attemptId);
        const expected = order.includes(3) ? "ended" : order.includes(2) ? "in_progress" : order.includes(1) ? "ringing" : "dialed";
        expect(attempt.state).toBe(expected);
        expect(attempt.answered_by).toBe(order.includes(4) ? "person" : "unknown");
        world.clock.advance(10);
      }),
      { numRuns: 12 },
    );
  });
});


function fail(): never {
  throw new Error("expected a fact");
}
