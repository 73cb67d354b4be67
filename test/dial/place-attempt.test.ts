import { describe, expect, test } from "vitest";
import { passGates } from "../../src/dial/pass-gates.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import type { PlaceResult } from "../../src/dial/ports.ts";
import { receiveFact } from "../../src/dial/receive-fact.ts";
import type { Spacing } from "../../src/dial/spacing.ts";
import { dialWorld, endedAs, fact } from "./dial-world.ts";
import { unknownAnswer } from "./fake-carrier.ts";
import { untilHolds, untilOver } from "./until.ts";

describe("placing an attempt", () => {
  test("claims, writes evidence, commits the intent and asks the carrier once", async () => {
    const world = await dialWorld();
    const { attemptId, number } = await world.planned(1);
    const placing = await placeAttempt(world.deps, { attemptId });
    expect(placing).toEqual({ kind: "placed", callSid: world.carrier.callTo(number).callSid });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "dialed", from_number: "+14155550100", bound_by: "answer", reserved_paise: 3_000 });
    const evidence = await world.database.db.selectFrom("evidence").selectAll().execute();
    expect(evidence).toMatchObject([{ attempt_id: attemptId, decision: "call", code: "allowed", caller_number: "+14155550100" }]);
    expect(evidence[0]?.ist).toBe("2026-12-01T11:00:00.000+05:30");
    expect(JSON.stringify(evidence)).not.toContain(number);
    expect(world.carrier.calls[0]?.order).toMatchObject({ to: number, ringSeconds: 30, maxCallSeconds: 330, answer: { kind: "converse", record: false } });
  });

  test("R1.2 the same job delivered to sixteen dialers at once rings one phone", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    const placings = await Promise.all(Array.from({ length: 16 }, (_, n) => placeAttempt(world.otherProcess(`dialer-${n}`), { attemptId })));
    expect(world.carrier.calls).toHaveLength(1);
    expect(placings.filter((placing) => placing.kind === "placed")).toHaveLength(1);
    expect(placings.filter((placing) => placing.kind === "gone")).toHaveLength(15);
  });

  test("R1.2 the same job delivered sixteen times to one dialer at once rings one phone", async () => {
    const world = await dialWorld();
    const [other, twice] = [await world.planned(1), await world.planned(2)];
    const placings = await untilOver(world, Promise.all([other, ...Array.from({ length: 16 }, () => twice)].map((attempt) => placeAttempt(world.deps, attempt))));
    expect(world.carrier.calls.map((call) => call.order.to).sort()).toEqual([other.number, twice.number].sort());
    expect(placings.map((placing) => placing.kind).sort()).toEqual([...Array.from({ length: 15 }, () => "gone"), "placed", "placed"]);
  });

  test("R1.2 an attempt that is asked for twice in one pass of the gate gets one claim", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    expect((await passGates(world.deps, [attemptId, attemptId].map((id) => ({ attemptId: id, cameEarly: 0 })))).map((outcome) => outcome.kind)).toEqual(["claimed", "gone"]);
  });

  test("two numbers alike in one pass of the gate: one is claimed, the other waits until the first call is over", async () => {
    const world = await dialWorld();
    const attempts = [await world.planned(7), await world.planned(7, await world.campaign({ name: "another" })), await world.planned(8)];
    const outcomes = await passGates(world.deps, attempts.map((attempt) => ({ attemptId: attempt.attemptId, cameEarly: 0 })));
    expect(outcomes.filter((outcome) => outcome.kind === "claimed")).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome.kind === "postponed")).toMatchObject([{ code: "number_busy" }]);
  });

  test("one attempt that cannot be read fails alone; those that pass the gate with it are placed", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 10_000 } });
    const broken = await world.campaign({ name: "broken" });
    const attempts = [await world.planned(1), await world.planned(2), await world.planned(3, broken), await world.planned(4)];
    await world.database.db.updateTable("campaigns").set({ definition: JSON.stringify({ name: "unreadable" }) }).where("id", "=", broken).execute();
    const placings = await untilOver(world, Promise.allSettled(attempts.map((attempt) => placeAttempt(world.deps, attempt))));
    expect(placings.map((placing) => placing.status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(world.carrier.calls).toHaveLength(3);
  });

  test("a connection that breaks around a shared commit of sending costs each call only its turn: none is sent twice, none is lost", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 10_000 } });
    const attempts = [await world.planned(1), await world.planned(2), await world.planned(3), await world.planned(4)];
    const { sending } = world.deps.spacing;
    let broken = 0;
    const spacing: Spacing = {
      ...world.deps.spacing,
      sending: (call, run) =>
        sending(call, async (calls) => {
          const begun = await run(calls);
          broken += 1;
          if (broken <= 2) throw new Error(`the connection broke after the commit of ${begun.length}`);
          return begun;
        }),
    };
    const placings = await untilOver(world, Promise.all(attempts.map((attempt) => placeAttempt({ ...world.deps, spacing }, attempt))));
    expect(placings.map((placing) => placing.kind)).toEqual(["placed", "placed", "placed", "placed"]);
    expect(world.carrier.calls).toHaveLength(4);
  });

  test("two campaigns with one number ring it once; the other waits for the first to end", async () => {
    const world = await dialWorld();
    const first = await world.planned(7);
    const second = await world.planned(7, await world.campaign({ name: "another" }));
    const placings = await Promise.all([first, second].map(({ attemptId }) => placeAttempt(world.deps, { attemptId })));
    expect(world.carrier.calls).toHaveLength(1);
    expect(placings.map((placing) => placing.kind).sort()).toEqual(["placed", "postponed"]);
    const waiting = placings[0]?.kind === "postponed" ? first : second;
    expect(await world.attempt(waiting.attemptId)).toMatchObject({ state: "planned", refusal_code: "number_busy" });

    const [call] = world.carrier.calls;
    if (!call) throw new Error("expected a call");
    await receiveFact(world.deps, { token: call.order.token, fact: fact(world, call.callSid, 3, endedAs("busy")) });
    await world.clock.advanceAsync(60_000);
    expect(await placeAttempt(world.deps, { attemptId: waiting.attemptId })).toMatchObject({ kind: "placed" });
  });

  test("a callback that comes before the answer binds the call; the answer changes nothing", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    world.carrier.beforeAnswer = async (call) => {
      await receiveFact(world.deps, { token: call.order.token, fact: fact(world, call.callSid, 0, { kind: "initiated" }) });
      await receiveFact(world.deps, { token: call.order.token, fact: fact(world, call.callSid, 1, { kind: "ringing" }) });
      await receiveFact(world.deps, { token: call.order.token, fact: fact(world, call.callSid, 2, endedAs("no_answer")) });
    };
    await placeAttempt(world.deps, { attemptId });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "ended", ending: "no_answer", bound_by: "callback", call_sid: world.carrier.calls[0]?.callSid });
    expect(world.told).toEqual([attemptId]);
  });

  const refusal = (code: string): PlaceResult => ({ kind: "refused", reason: code === "21211" ? "invalid_number" : "other", code, detail: "no", scope: "contact" });
  const classes: [string, PlaceResult, string, number][] = [
    ["accepted", { kind: "accepted", callSid: "CA00000001", queueTimeMs: 0 }, "dialed", 1],
    ["400 invalid number", refusal("21211"), "rejected", 0],
    ["401 wrong credentials", { kind: "refused", reason: "other", code: "20003", detail: "no", scope: "carrier" }, "rejected", 0],
    ["403 premium number", refusal("21202"), "rejected", 0],
    ["404 account gone", { kind: "refused", reason: "other", code: "20404", detail: "no", scope: "carrier" }, "rejected", 0],
    ["422 unprocessable", refusal("21214"), "rejected", 0],
    ["429 too many requests", { kind: "not_taken", because: "rate", code: "20429" }, "planned", 0],
    ["name lookup failed", { kind: "not_taken", because: "never_connected", code: "ENOTFOUND" }, "planned", 0],
    ["connection refused", { kind: "not_taken", because: "never_connected", code: "ECONNREFUSED" }, "planned", 0],
    ["201 that cannot be read", { kind: "unknown", because: "unreadable_answer", code: "unreadable_body" }, "ambiguous", 1],
    ["redirect", { kind: "unknown", because: "unreadable_answer", code: "http_302" }, "ambiguous", 0],
    ["5xx or 408", { kind: "unknown", because: "server_error", code: "http_503" }, "ambiguous", 1],
    ["timeout", { kind: "unknown", because: "timeout", code: "ECONNABORTED" }, "ambiguous", 1],
    ["connection reset", unknownAnswer, "ambiguous", 1],
  ];
  test("R1.3 fourteen kinds of answer land in the stated state; only two kinds may be asked again", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 10_000 } });
    for (const [index, [name, answers, state, made]] of classes.entries()) {
      const { attemptId } = await world.planned(index);
      world.carrier.onNextPlace({ creates: made === 1 && state !== "dialed", answers });
      await world.database.db.deleteFrom("pace").execute();
      await world.database.db.deleteFrom("breakers").execute();
      world.told.length = 0;
      world.clock.advance(1_000);
      await placeAttempt(world.deps, { attemptId });
      const attempt = await world.attempt(attemptId);
      expect.soft(attempt.state, name).toBe(state);
      if (state === "planned") {
        expect.soft(attempt, name).toMatchObject({ reserved_paise: 0, sent_at: null, lease_owner: null, from_number: null });
        expect.soft(attempt.due_at.getTime(), name).toBeGreaterThan(world.clock.nowMs());
      }
      expect.soft(world.told, name).toEqual(state === "rejected" ? [attemptId] : []);
    }
  });

  test("a number that the carrier calls invalid is kept as that, in whatever numbers the carrier counts its errors", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    world.carrier.onNextPlace({ creates: false, answers: { kind: "refused", reason: "invalid_number", code: "E-17", detail: "no such subscriber", scope: "contact" } });
    await placeAttempt(world.deps, { attemptId });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "rejected", refusal_code: "invalid_number", carrier_code: "E-17", failure_class: "callee" });
  });

  test("R1.3 after too many requests every dialer leaves the carrier alone, longer each time", async () => {
    const world = await dialWorld();
    const tooMany = { creates: false, answers: { kind: "not_taken", because: "rate", code: "20429" } } as const;
    world.carrier.onNextPlace(tooMany, tooMany);
    const { attemptId } = await world.planned(1);
    await placeAttempt(world.deps, { attemptId });
    const other = await world.planned(2);
    const placing = placeAttempt(world.otherProcess("dialer-2"), { attemptId: other.attemptId });
    await world.clock.advanceAsync(0);
    expect(world.carrier.requests.place).toBe(1);
    await untilOver(world, placing);
    expect(world.carrier.requests.place).toBe(2);
    const [pace] = await world.database.db.selectFrom("pace").where("key", "=", "carrier").selectAll().execute();
    expect(pace?.strikes).toBe(2);
    expect((pace?.next_at.getTime() ?? 0) - world.clock.nowMs()).toBeGreaterThan(1_500);
  });

  test("a number suppressed between gate and sending is not dialed", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 2.5 } });
    const [first, second] = [await world.planned(1), await world.planned(2)];
    await placeAttempt(world.deps, { attemptId: first.attemptId });
    const placing = placeAttempt(world.deps, { attemptId: second.attemptId });
    await untilHolds(async () => (await world.attempt(second.attemptId)).state === "claimed");
    await world.database.db
      .insertInto("suppressions")
      .values({ id: "018f0000-0000-7000-8000-000000000001", account_id: world.accountId, number_key: world.vault.numberKey(second.number), number_sealed: null, reason: "opted_out", source: "call", created_at: new Date(world.clock.nowMs()) })
      .execute();
    await world.clock.advanceAsync(2_000);
    expect(await placing).toEqual({ kind: "refused", code: "suppressed" });
    expect(world.carrier.calls).toHaveLength(1);
    expect(await world.contact(second.contactId)).toMatchObject({ state: "blocked", blocked_reason: "suppressed" });
    const evidence = await world.database.db.selectFrom("evidence").where("attempt_id", "=", second.attemptId).select(["decision", "code"]).orderBy("id").execute();
    expect(evidence).toEqual([{ decision: "call", code: "allowed" }, { decision: "never", code: "suppressed" }]);
  });

  test("a campaign paused between gate and sending dials nobody; the contact waits", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 2.5 } });
    const [first, second] = [await world.planned(1), await world.planned(2)];
    await placeAttempt(world.deps, { attemptId: first.attemptId });
    const placing = placeAttempt(world.deps, { attemptId: second.attemptId });
    await untilHolds(async () => (await world.attempt(second.attemptId)).state === "claimed");
    await world.database.db.updateTable("campaigns").set({ state: "paused" }).where("id", "=", world.campaignId).execute();
    await world.clock.advanceAsync(2_000);
    expect(await placing).toEqual({ kind: "refused", code: "campaign_not_running" });
    expect(world.carrier.calls).toHaveLength(1);
    expect(await world.contact(second.contactId)).toMatchObject({ state: "waiting", waiting_because: "campaign_not_running" });
    const decisions = () => world.database.db.selectFrom("evidence").where("contact_id", "=", second.contactId).select(["decision", "code"]).orderBy("id").execute();
    expect(await decisions()).toEqual([{ decision: "call", code: "allowed" }, { decision: "wait", code: "campaign_not_running" }]);
  });

  test("a paused campaign is a wait without an end at the gate, a cancelled one is never", async () => {
    const world = await dialWorld();
    const decided = async (state: "paused" | "cancelled", tail: number) => {
      const { attemptId } = await world.planned(tail);
      await world.database.db.updateTable("campaigns").set({ state }).where("id", "=", world.campaignId).execute();
      await placeAttempt(world.deps, { attemptId });
      const { decision, code, body } = await world.database.db.selectFrom("evidence").where("attempt_id", "=", attemptId).selectAll().executeTakeFirstOrThrow();
      return { decision, code, objected: (body as { objected: { rule: string; says: string; until: string | null }[] }).objected.map(({ rule, says, until }) => [rule, says, until]) };
    };
    expect(await decided("paused", 1)).toEqual({ decision: "wait", code: "campaign_not_running", objected: [["campaign-running", "wait", null]] });
    expect(await decided("cancelled", 2)).toEqual({ decision: "never", code: "campaign_not_running", objected: [["campaign-running", "never", null]] });
  });

  test("a wait for the pace that crosses the end of the window ends in waiting for the next one", async () => {
    const world = await dialWorld({ at: "2026-12-01T18:59:56.800", settings: { callsPerSecond: 2.5 }, definition: { window: { from: "10:00", to: "19:00" }, limits: { cps: 100, concurrency: 10 } } });
    const [first, second] = [await world.planned(1), await world.planned(2)];
    await placeAttempt(world.deps, { attemptId: first.attemptId });
    const placing = placeAttempt(world.deps, { attemptId: second.attemptId });
    await untilHolds(async () => (await world.attempt(second.attemptId)).state === "claimed");
    await world.clock.advanceAsync(3_000);
    expect(await placing).toMatchObject({ kind: "refused" });
    expect(world.carrier.calls).toHaveLength(1);
    const contact = await world.contact(second.contactId);
    expect(contact.state).toBe("waiting");
    expect(contact.next_attempt_at?.toISOString()).toBe("2026-12-02T04:30:00.000Z");
  });

  test("the legal window says when: outside it the attempt is refused with evidence and the contact waits", async () => {
    const world = await dialWorld({ at: "2026-12-01T06:30" });
    const { attemptId, contactId } = await world.planned(1);
    expect(await placeAttempt(world.deps, { attemptId })).toMatchObject({ kind: "refused" });
    expect(world.carrier.calls).toHaveLength(0);
    expect((await world.attempt(attemptId)).state).toBe("refused");
    expect(await world.contact(contactId)).toMatchObject({ state: "waiting" });
    expect((await world.database.db.selectFrom("evidence").select("decision").execute())[0]?.decision).toBe("wait");
  });

  test("an erased contact is refused for good", async () => {
    const world = await dialWorld();
    const { attemptId, contactId } = await world.planned(1);
    await world.database.db.updateTable("contacts").set({ number_sealed: null }).where("id", "=", contactId).execute();
    expect(await placeAttempt(world.deps, { attemptId })).toEqual({ kind: "refused", code: "erased" });
    expect(await world.contact(contactId)).toMatchObject({ state: "blocked", blocked_reason: "erased" });
  });
});
