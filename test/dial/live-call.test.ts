import { describe, expect, test } from "vitest";
import { cancelQueuedCalls, cancelStaleCalls } from "../../src/dial/cancel-queued-calls.ts";
import { hangUp } from "../../src/dial/hang-up.ts";
import { closeStream, openStream } from "../../src/dial/open-stream.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import type { DialDeps } from "../../src/dial/ports.ts";
import { consentGiven } from "../../src/dial/read-consent.ts";
import { receiveFact } from "../../src/dial/receive-fact.ts";
import { type ConsentDeps, recordConsentAnswer, resumeCall } from "../../src/dial/visit-call.ts";
import type { AccountId, AttemptId } from "../../src/domain/ids.ts";
import { settleAttempt } from "../../src/outcome/settle-attempt.ts";
import { recordOptOut } from "../../src/scrub/record-opt-out.ts";
import { runFor } from "./background.ts";
import { dialWorld, type DialWorld, endedAs, fact } from "./dial-world.ts";

async function placed(world: DialWorld, tail = 1) {
  const planned = await world.planned(tail);
  expect(await placeAttempt(world.deps, planned)).toMatchObject({ kind: "placed" });
  const call = world.carrier.callTo(planned.number);
  const { answer } = call.order;
  return { ...planned, call, token: call.order.token, streamToken: answer.kind === "converse" ? answer.streamToken : "" };
}

/** The world as a question of the carrier meets it; what the question proves is folded at once here. */
function visited(world: DialWorld): ConsentDeps {
  const { deps } = world;
  return { ...deps, facts: { receive: (input) => receiveFact(deps, input) }, optOut: (input) => recordOptOut(deps, input) };
}

const settling = ({ deps }: DialWorld) => ({
  ...deps,
  prices: { carrierPerMinutePaise: 420, transcriberPerMinutePaise: 65, voicePerThousandCharactersPaise: 900, brainPerMillionInputTokensPaise: 1_800, brainPerMillionOutputTokensPaise: 10_500 },
  protection: { optOut: (input: { accountId: AccountId; attemptId: AttemptId }) => recordOptOut(deps, { ...input, how: "said" }), hold: () => Promise.resolve() },
});

describe("the media stream", () => {
  test("R5.2 lets exactly one of many streams with one token in, and no stream of another call", async () => {
    const world = await dialWorld();
    const { attemptId, call, streamToken } = await placed(world);
    const opened = await Promise.allSettled(Array.from({ length: 100 }, () => openStream(world.deps, { token: streamToken, callSid: call.callSid })));
    expect(opened.filter((each) => each.status === "fulfilled")).toHaveLength(1);
    expect(await world.attempt(attemptId)).toMatchObject({ state: "in_progress", recording_consent: "not_asked" });

    await expect(openStream(world.deps, { token: "never-issued-token-000000000000", callSid: call.callSid })).rejects.toMatchObject({ code: "stream_refused" });
  });

  test("R5.2 a token that shows another call, or that expired, opens nothing", async () => {
    const world = await dialWorld();
    const first = await placed(world, 1);
    world.clock.advance(100);
    const second = await placed(world, 2);
    await expect(openStream(world.deps, { token: second.streamToken, callSid: first.call.callSid })).rejects.toMatchObject({ code: "stream_refused" });
    world.clock.advance(400_000);
    await expect(openStream(world.deps, { token: first.streamToken, callSid: first.call.callSid })).rejects.toMatchObject({ code: "stream_refused" });
  });

  test("proves the call when the answer to placing it was lost", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    world.carrier.onNextPlace({ creates: true, answers: { kind: "unknown", because: "timeout", code: "ECONNABORTED" } });
    await placeAttempt(world.deps, { attemptId });
    const [call] = world.carrier.calls;
    if (call?.order.answer.kind !== "converse") throw new Error("expected a conversation");
    await openStream(world.deps, { token: call.order.answer.streamToken, callSid: call.callSid });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "in_progress", bound_by: "stream", call_sid: call.callSid });
  });

  test("a call whose media process died goes on in a new stream, twice, then ends with an apology", async () => {
    const world = await dialWorld();
    const { attemptId, call, token, streamToken } = await placed(world);
    let next = streamToken;
    for (let stream = 0; stream < 3; stream += 1) {
      expect(await openStream(world.deps, { token: next, callSid: call.callSid })).toMatchObject({ attemptId, resumed: stream > 0 });
      await closeStream(world.deps, { attemptId });
      const plan = await resumeCall(visited(world), { token, callSid: call.callSid });
      if (stream < 2 && plan.kind === "converse") next = plan.streamToken;
      else expect(plan).toMatchObject({ kind: "hang_up", farewell: { language: "en-IN" } });
    }
  });

  test("a call that comes back after its conversation is over is ended", async () => {
    const world = await dialWorld();
    const { attemptId, call, token, streamToken } = await placed(world);
    await openStream(world.deps, { token: streamToken, callSid: call.callSid });
    await world.rows.conversation(attemptId);
    expect(await resumeCall(visited(world), { token, callSid: call.callSid })).toEqual({ kind: "hang_up", farewell: null });
  });

  test("a call that comes back after its conversation lost the line goes on, though that was written as an end", async () => {
    const world = await dialWorld();
    const { attemptId, call, token, streamToken } = await placed(world);
    await openStream(world.deps, { token: streamToken, callSid: call.callSid });
    await world.rows.conversation(attemptId, { end_reason: "line_lost" });
    await closeStream(world.deps, { attemptId });
    const plan = await resumeCall(visited(world), { token, callSid: call.callSid });
    if (plan.kind !== "converse") throw new Error("expected the conversation to go on");
    expect(await openStream(world.deps, { token: plan.streamToken, callSid: call.callSid })).toMatchObject({ attemptId, resumed: true });
  });

  test("a stream that closes after the next one has opened does not cost the call its life", async () => {
    const world = await dialWorld();
    const { attemptId, call, streamToken } = await placed(world);
    world.carrier.set(call, "in-progress");
    await openStream(world.deps, { token: streamToken, callSid: call.callSid });
    await world.rows.conversation(attemptId, { ended_at: null, end_reason: null });
    world.clock.advance(1_000);
    await closeStream(world.deps, { attemptId });
    await runFor(world, 90_000, 5_000, async () => {
      await world.database.db.updateTable("conversations").set({ last_alive_at: new Date(world.clock.nowMs()) }).where("attempt_id", "=", attemptId).execute();
    });
    expect(call.status).toBe("in-progress");
  });

  test("a live call whose media socket is gone for twenty seconds is hung up; one that talks is left alone and costs no reading", async () => {
    const world = await dialWorld();
    const [talks, silent] = [await placed(world, 1), (world.clock.advance(100), await placed(world, 2))];
    for (const each of [talks, silent]) {
      world.carrier.set(each.call, "in-progress");
      await openStream(world.deps, { token: each.streamToken, callSid: each.call.callSid });
      await world.rows.conversation(each.attemptId, { ended_at: null, end_reason: null });
    }
    await runFor(world, 90_000, 5_000, async () => {
      await world.database.db.updateTable("conversations").set({ last_alive_at: new Date(world.clock.nowMs()) }).where("attempt_id", "=", talks.attemptId).execute();
    });
    expect(talks.call.status).toBe("in-progress");
    expect(await world.attempt(silent.attemptId)).toMatchObject({ state: "ended", hangup_by: "platform" });
    expect(world.carrier.requests.fetch).toBeLessThanOrEqual(3);
  });

  test.each([-7, 7])("a carrier whose clock is %i hours from ours has no call cut that talks, and every one that does not", async (hours) => {
    const world = await dialWorld();
    const [talks, silent] = [await placed(world, 1), (world.clock.advance(100), await placed(world, 2))];
    for (const { call, token } of [talks, silent]) {
      world.carrier.set(call, "in-progress");
      const answered = fact(world, call.callSid, 2, { kind: "answered" });
      await receiveFact(world.deps, { token, fact: { ...answered, atMs: answered.atMs + hours * 3_600_000 } });
    }
    await openStream(world.deps, { token: talks.streamToken, callSid: talks.call.callSid });
    await world.rows.conversation(talks.attemptId, { ended_at: null, end_reason: null });
    const lives = async (): Promise<void> => {
      await world.database.db.updateTable("conversations").set({ last_alive_at: new Date(world.clock.nowMs()) }).execute();
    };
    await runFor(world, 50_000, 5_000, lives);
    expect([talks.call.status, silent.call.status]).toEqual(["in-progress", "in-progress"]);
    await runFor(world, 50_000, 5_000, lives);
    expect([talks.call.status, silent.call.status]).toEqual(["in-progress", "ended"]);
  });

  test("a call that outlives the carrier's own limit is hung up, whatever its conversation says", async () => {
    const world = await dialWorld({ definition: { limits: { cps: 100, concurrency: 10, max_call_seconds: 30 } } });
    const { attemptId, call, streamToken } = await placed(world);
    world.carrier.set(call, "in-progress");
    await openStream(world.deps, { token: streamToken, callSid: call.callSid });
    await world.rows.conversation(attemptId, { ended_at: null, end_reason: null });
    await runFor(world, 150_000, 10_000, async () => {
      await world.database.db.updateTable("conversations").set({ last_alive_at: new Date(world.clock.nowMs()) }).execute();
    });
    expect((await world.attempt(attemptId)).state).toBe("ended");
    expect(call.status).toBe("ended");
  });
});

describe("recording", () => {
  const asking = { recording: { mode: "consent" as const } };

  test("with consent to be asked, the stream waits for the answer and nothing is recorded before a yes", async () => {
    const world = await dialWorld({ definition: asking });
    const { attemptId, call, token } = await placed(world);
    expect(call.order.answer).toMatchObject({ kind: "ask_consent", notice: { language: "en-IN" } });
    const plan = await recordConsentAnswer(visited(world), { token, callSid: call.callSid, speech: "haan ji kar lijiye", digits: null });
    expect(plan).toMatchObject({ kind: "converse", record: true });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "in_progress", recording_consent: "given" });
    if (plan.kind !== "converse") throw new Error("expected a conversation");
    expect(await openStream(world.deps, { token: plan.streamToken, callSid: call.callSid })).toMatchObject({ recordingConsent: "given", resumed: false });
  });

  test("a refusal is kept though the question is answered again: the conversation goes on unrecorded", async () => {
    const world = await dialWorld({ definition: asking });
    const { attemptId, call, token } = await placed(world);
    for (const speech of ["नहीं", "yes"]) {
      expect(await recordConsentAnswer(visited(world), { token, callSid: call.callSid, speech, digits: null })).toMatchObject({ kind: "converse", record: false });
    }
    expect((await world.attempt(attemptId)).recording_consent).toBe("refused");
  });

  test.each([
    [{ speech: "मुझे कॉल मत करो", digits: null }, "said"],
    [{ speech: "haan haan, par dobara call mat karna", digits: null }, "said"],
    [{ speech: null, digits: "9" }, "pressed"],
  ] as const)("%j where the consent is asked is an opt-out: written before the answer, which is a farewell", async (answer, how) => {
    const world = await dialWorld({ definition: asking });
    const { attemptId, contactId, call, token } = await placed(world);
    world.carrier.set(call, "in-progress");
    const visit = { ...answer, token, callSid: call.callSid };
    expect(await recordConsentAnswer(visited(world), visit)).toMatchObject({ kind: "hang_up", farewell: { text: expect.stringContaining("We will not call you again") as string } });
    const { db } = world.database;
    expect(await db.selectFrom("suppressions").select(["source", "reason"]).execute()).toEqual([{ source: how === "said" ? "call" : "keypad", reason: "opted out" }]);
    expect((await world.attempt(attemptId)).recording_consent).toBe("refused");

    // The carrier asks once more, because the answer was lost: nothing is taken back and no conversation begins.
    expect(await recordConsentAnswer(visited(world), { ...visit, speech: "yes", digits: null })).toMatchObject({ kind: "hang_up" });
    expect(await resumeCall(visited(world), visit)).toMatchObject({ kind: "hang_up", farewell: { language: "en-IN" } });

    world.clock.advance(5_000);
    await receiveFact(world.deps, { token, fact: fact(world, call.callSid, 3, endedAs("completed", 6)) });
    await settleAttempt(settling(world), { attemptId });
    expect(await db.selectFrom("outcomes").select("disposition").execute()).toEqual([{ disposition: "opted_out" }]);
    expect((await world.contact(contactId)).state).toBe("done");
    expect(await db.selectFrom("suppressions").select("source").execute()).toHaveLength(1);
  });

  test("an opt-out whose first write fails is written again before the person is answered", async () => {
    const world = await dialWorld({ definition: asking });
    const { call, token } = await placed(world);
    let failures = 2;
    const deps = visited(world);
    const optOut: ConsentDeps["optOut"] = (input) => (failures-- > 0 ? Promise.reject(new Error("connection lost")) : deps.optOut(input));
    const answering = recordConsentAnswer({ ...deps, optOut }, { token, callSid: call.callSid, speech: "stop calling me", digits: null });
    let answered = false;
    void answering.then(() => (answered = true));
    while (!answered) await world.clock.advanceAsync(50);
    expect(await answering).toMatchObject({ kind: "hang_up" });
    expect(await world.database.db.selectFrom("suppressions").select("source").execute()).toHaveLength(1);
  });

  test("an opt-out that is read after the person hung up still counts", async () => {
    const world = await dialWorld({ definition: asking });
    const { call, token } = await placed(world);
    await receiveFact(world.deps, { token, fact: fact(world, call.callSid, 3, endedAs("completed", 6)) });
    await recordConsentAnswer(visited(world), { token, callSid: call.callSid, speech: "call mat karo", digits: null });
    expect(await world.database.db.selectFrom("suppressions").select("source").execute()).toHaveLength(1);
  });

  test("announced recording begins with the notice; without recording there is neither", async () => {
    const world = await dialWorld({ definition: { recording: { mode: "announce", notice: "This call is recorded." } } });
    const { attemptId, call, streamToken } = await placed(world);
    expect(call.order.answer).toMatchObject({ record: true, notice: { text: "This call is recorded." } });
    await openStream(world.deps, { token: streamToken, callSid: call.callSid });
    expect((await world.attempt(attemptId)).recording_consent).toBe("announced");
  });

  test.each([
    ["haan", true], ["जी हाँ", true], ["yes please", true], ["ok", true], ["ஆம்", true], ["ठीक है", true],
    ["no", false], ["nahi ji", false], ["haan, nahi, mat karo", false], ["रिकॉर्ड मत करो", false], ["kaun bol raha hai", false], ["", false],
  ])("%j means consent: %s", (speech, given) => {
    expect(consentGiven({ speech, digits: null })).toBe(given);
    expect(consentGiven({ speech, digits: "1" })).toBe(true);
    expect(consentGiven({ speech: "yes", digits: "2" })).toBe(false);
  });
});

describe("calls that are looked after", () => {
  test("one that cannot be worked on keeps no other from being read at the carrier", async () => {
    const world = await dialWorld();
    const stuck = await placed(world, 1);
    world.clock.advance(100);
    const other = await placed(world, 2);
    world.carrier.end(other.call, "busy");
    const { fetch } = world.carrier;
    const carrier = { ...world.carrier, fetch: (callSid: string) => (callSid === stuck.call.callSid ? Promise.reject(new TypeError("cannot be read")) : fetch(callSid)) };
    const deps: DialDeps = { ...world.deps, carrier };
    await runFor({ clock: world.clock, deps }, 180_000, 10_000);
    expect(await world.attempt(other.attemptId)).toMatchObject({ state: "ended", ending: "busy" });
    expect((await world.attempt(stuck.attemptId)).checks).toBeGreaterThan(1);
  });
});

describe("calls that wait at the carrier", () => {
  test("one whose facts cannot be read is cancelled too, and keeps no other from being cancelled when the window closes", async () => {
    const definition = { window: { from: "10:00", to: "19:00" }, limits: { cps: 100, concurrency: 10 } } as const;
    const world = await dialWorld({ at: "2026-12-01T18:59:40", definition });
    const readable = await world.campaign(definition);
    const unreadable = await placed(world, 1);
    world.clock.advance(100);
    const other = await world.planned(2, readable);
    await placeAttempt(world.deps, { attemptId: other.attemptId });
    await world.database.db.updateTable("campaigns").set({ definition: JSON.stringify({ purpose: "a word of a later release" }) }).where("id", "=", world.campaignId).execute();
    world.clock.advanceTo("2026-12-01T19:00:02");
    expect(await cancelStaleCalls(world.deps)).toBe(2);
    expect([unreadable.call.status, world.carrier.callTo(other.number).status]).toEqual(["ended", "ended"]);
  });

  test("one that cannot be cancelled keeps no other from it, and the failure is told", async () => {
    const world = await dialWorld();
    const stuck = await placed(world, 1);
    world.clock.advance(100);
    const other = await placed(world, 2);
    const cancel = world.carrier.cancel.bind(world.carrier);
    const failing: DialDeps = { ...world.deps, carrier: { ...world.carrier, cancel: (callSid) => (callSid === stuck.call.callSid ? Promise.reject(new TypeError("cannot be read")) : cancel(callSid)) } };
    await expect(cancelQueuedCalls(failing, { campaignId: world.campaignId })).rejects.toThrow("1 of 2 calls");
    expect(other.call.status).toBe("ended");
  });

  test("R1.6 are cancelled when their window closes, within five seconds; the phone that rings is not", async () => {
    const world = await dialWorld({ at: "2026-12-01T18:59:40", definition: { window: { from: "10:00", to: "19:00" }, limits: { cps: 100, concurrency: 10 } } });
    const queued = await placed(world, 1);
    world.clock.advance(100);
    const ringing = await placed(world, 2);
    await receiveFact(world.deps, { token: ringing.token, fact: fact(world, ringing.call.callSid, 0, { kind: "initiated" }) });
    world.clock.advanceTo("2026-12-01T18:59:58");
    expect(await cancelStaleCalls(world.deps)).toBe(0);
    world.clock.advanceTo("2026-12-01T19:00:02");
    expect(await cancelStaleCalls(world.deps)).toBe(1);
    expect(queued.call).toMatchObject({ status: "ended", ending: "canceled" });
    expect(ringing.call.status).toBe("queued");
    expect(await world.attempt(queued.attemptId)).toMatchObject({ state: "ended", ending: "canceled", hangup_by: "platform", failure_class: "platform" });
    expect(world.told).toEqual([queued.attemptId]);
  });

  test("are cancelled on pause, of that campaign only", async () => {
    const world = await dialWorld();
    const mine = await placed(world, 1);
    world.clock.advance(100);
    const other = await world.planned(2, await world.campaign({ name: "another" }));
    await placeAttempt(world.deps, other);
    expect(await cancelQueuedCalls(world.deps, { campaignId: world.campaignId })).toBe(1);
    expect(await world.attempt(mine.attemptId)).toMatchObject({ ending: "canceled", hangup_by: "operator" });
    expect((await world.attempt(other.attemptId)).state).toBe("dialed");
  });

  test("hanging up a call tells who did it, once", async () => {
    const world = await dialWorld();
    const { attemptId, call, token } = await placed(world);
    world.carrier.set(call, "in-progress");
    await hangUp(world.deps, { attemptId, by: "agent" });
    await hangUp(world.deps, { attemptId, by: "operator" });
    await receiveFact(world.deps, { token, fact: fact(world, call.callSid, 3, endedAs("completed", 12)) });
    await hangUp(world.deps, { attemptId, by: "operator" });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "ended", hangup_by: "agent" });
    expect(world.carrier.requests.hangUp).toBe(2);
  });
});
