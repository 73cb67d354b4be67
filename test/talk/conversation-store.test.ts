import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reduce } from "../../src/talk/conversation.ts";
import type { ConversationEvent } from "../../src/talk/conversation-events.ts";
import { resultOf } from "../../src/talk/conversation-result.ts";
import { type ConversationState, progressOf, waitingState } from "../../src/talk/conversation-state.ts";
import { conversationStore, type LoadedCall } from "../../src/talk/conversation-store.ts";
import { unpackRecording } from "../../src/talk/recording.ts";
import { replay } from "../../src/talk/replay.ts";
import { sweepConversations } from "../../src/talk/sweep-conversations.ts";
import type { AccountId, AttemptId } from "../../src/domain/ids.ts";
import { manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter, testDefinition, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase({ maxConnections: 3 })));
afterAll(() => database.close());

const clock = manualClock("2026-12-01T10:00");

async function attempt(tail: number, state: "in_progress" | "ended" = "in_progress"): Promise<{ attemptId: AttemptId; accountId: AccountId }> {
  const rows = rowWriter(database.db, clock, testVault(database.db));
  const accountId = await rows.account();
  const campaignId = await rows.campaign(accountId, { definitionSource: testDefinition({ variables: { amount_due: { type: "money", sensitive: true } } }) });
  const contactId = await rows.contact(accountId, campaignId, testNumber(tail), { name: "Asha Mehta", variables: { amount_due: 450_000 }, language: "hi-IN" });
  return { accountId, attemptId: await rows.attempt(contactId, { state }) };
}
const storeOf = (owner: string) => conversationStore({ db: database.db, vault: testVault(database.db), owner });
const rowOf = (attemptId: AttemptId) => database.db.selectFrom("conversations").where("attempt_id", "=", attemptId).selectAll().executeTakeFirstOrThrow();

async function loaded(store: ReturnType<typeof storeOf>, of: { attemptId: AttemptId; accountId: AccountId }): Promise<LoadedCall> {
  const call = await store.load(of);
  if (!call) throw new Error("expected the attempt to be found");
  return call;
}
function talked(call: LoadedCall): { state: ConversationState; events: ConversationEvent[] } {
  const atMs = clock.nowMs();
  const events: ConversationEvent[] = [
    { kind: "opened", atMs },
    { kind: "sound", utteranceId: "u1", words: 2, atMs: atMs + 100 },
    { kind: "first_frame", utteranceId: "u1", atMs: atMs + 120 },
    { kind: "mark", name: "u1:1", atMs: atMs + 500 },
    { kind: "hearing", hearing: { kind: "ended", text: "haan main Asha bol rahi hoon", languages: [], silentForMs: 200 }, atMs: atMs + 900 },
  ];
  let state = waitingState(call.plan, call.earlier);
  for (const event of events) state = reduce(state, event).state;
  return { state, events };
}

describe("the conversation row", () => {
  test("is loaded with the contact's name and variables opened", async () => {
    const call = await loaded(storeOf("one"), await attempt(1));
    expect(call.plan.contact).toEqual({ name: "Asha Mehta", language: "hi-IN", variables: { amount_due: 450_000 } });
    expect(call.earlier).toBeUndefined();
  });

  test("of another account is not found", async () => {
    const mine = await attempt(2);
    const other = await attempt(3);
    expect(await storeOf("one").load({ attemptId: mine.attemptId, accountId: other.accountId })).toBeUndefined();
  });

  test("holds nothing personal in the clear", async () => {
    const of = await attempt(4);
    const store = storeOf("one");
    const call = await loaded(store, of);
    await store.begin(call, clock.now().toJSDate());
    const { state, events } = talked(call);
    await store.checkpoint(call, state, clock.now().toJSDate());
    const result = resultOf(state, { reason: "callee_hung_up", hangupBy: "callee", atMs: clock.nowMs() + 5_000 });
    await store.finish(call, { result: { ...result, summary: "Asha will pay." }, progress: progressOf(state), firstSoundMs: 120, recording: { version: 1, plan: call.plan, earlier: null, events } });
    const row = await rowOf(of.attemptId);
    expect(JSON.stringify(row)).not.toMatch(/Asha|bol rahi|4500|450000/);
    expect(row).toMatchObject({ end_reason: "callee_hung_up", hangup_by: "callee", answered_by: "person", first_sound_ms: 120, resumes: 0, language: "hi-IN" });
  });

  test("can be taken over by another process, which goes on with what was said", async () => {
    const of = await attempt(5);
    const one = storeOf("one");
    const first = await loaded(one, of);
    await one.begin(first, clock.now().toJSDate());
    const { state } = talked(first);
    expect(await one.checkpoint(first, state, clock.now().toJSDate())).toBe(true);

    const two = storeOf("two");
    const second = await loaded(two, of);
    expect(second.owner).not.toBe((await loaded(two, of)).owner);
    expect(second.earlier?.turns.map((turn) => turn.text)).toEqual(["नमस्ते", "haan main Asha bol rahi hoon"]);
    await two.begin(second, clock.now().toJSDate());
    expect((await rowOf(of.attemptId)).resumes).toBe(1);

    expect(await one.checkpoint(first, state, clock.now().toJSDate())).toBe(false);
    expect(await one.alive(first, clock.now().toJSDate())).toBeUndefined();
    const late = resultOf(state, { reason: "line_lost", hangupBy: "platform", atMs: clock.nowMs() });
    expect(await one.finish(first, { result: late, progress: progressOf(state), firstSoundMs: null, recording: { version: 1, plan: first.plan, earlier: null, events: [] } })).toBe(false);
    expect((await rowOf(of.attemptId)).ended_at).toBeNull();
  });

  test("goes on with the tries that were left, whether the line was lost or the process", async () => {
    const of = await attempt(10);
    const one = storeOf("one");
    const first = await loaded(one, of);
    await one.begin(first, clock.now().toJSDate());
    const { state } = talked(first);
    const tried: ConversationState = { ...state, verification: { verified: false, attemptsLeft: 0, calleeTurnsAtLastTry: 1 } };
    await one.checkpoint(first, tried, clock.now().toJSDate());
    expect(waitingState(first.plan, (await loaded(storeOf("two"), of)).earlier).verification).toEqual(tried.verification);

    const lost = resultOf(tried, { reason: "line_lost", hangupBy: "platform", atMs: clock.nowMs() });
    await one.finish(first, { result: lost, progress: progressOf(tried), firstSoundMs: null, recording: { version: 1, plan: first.plan, earlier: null, events: [] } });
    const again = waitingState(first.plan, (await loaded(storeOf("two"), of)).earlier);
    expect(again.verification).toEqual(tried.verification);
    expect(again.answering).toEqual(tried.answering);
  });

  test("tells at each beat what the carrier has found out", async () => {
    const of = await attempt(6);
    const store = storeOf("one");
    const call = await loaded(store, of);
    await store.begin(call, clock.now().toJSDate());
    expect(await store.alive(call, clock.now().toJSDate())).toBe("unknown");
    await database.db.updateTable("attempts").set({ answered_by: "voicemail" }).where("id", "=", of.attemptId).execute();
    expect(await store.alive(call, clock.now().toJSDate())).toBe("voicemail");
  });

  test("keeps the recording, from which the call replays to the same result", async () => {
    const of = await attempt(7);
    const store = storeOf("one");
    const call = await loaded(store, of);
    await store.begin(call, clock.now().toJSDate());
    const { state, events } = talked(call);
    const result = resultOf(state, { reason: "callee_hung_up", hangupBy: "callee", atMs: clock.nowMs() });
    await store.finish(call, { result, progress: progressOf(state), firstSoundMs: null, recording: { version: 1, plan: call.plan, earlier: null, events } });
    const vault = await testVault(database.db).forAccount(of.accountId);
    const sealed = (await rowOf(of.attemptId)).events_sealed;
    const recording = await unpackRecording(vault.open("conversations.events", of.attemptId, sealed ?? Buffer.alloc(0)));
    expect(JSON.stringify(replay(recording).state)).toBe(JSON.stringify(state));
  });
});

describe("a conversation whose process died", () => {
  test("is ended when its call is over, once, with what was written of it", async () => {
    const of = await attempt(8);
    const store = storeOf("dead");
    const call = await loaded(store, of);
    await store.begin(call, clock.now().toJSDate());
    await store.checkpoint(call, talked(call).state, clock.now().toJSDate());
    const ended: AttemptId[] = [];
    const sweep = () => sweepConversations({ db: database.db, clock, log: silentLog, onEnded: (attemptId) => Promise.resolve(void ended.push(attemptId)) });
    clock.advance(60_000);
    await sweep();
    expect(ended).not.toContain(of.attemptId);

    await database.db.updateTable("attempts").set({ state: "ended" }).where("id", "=", of.attemptId).execute();
    await sweep();
    await sweep();
    expect(ended.filter((attemptId) => attemptId === of.attemptId)).toHaveLength(1);
    expect(await rowOf(of.attemptId)).toMatchObject({ end_reason: "line_lost", hangup_by: "platform" });
    expect((await rowOf(of.attemptId)).turns_sealed).not.toBeNull();
  });

  test("is left alone while it still beats", async () => {
    const of = await attempt(9, "ended");
    const store = storeOf("alive");
    const call = await loaded(store, of);
    await store.begin(call, clock.now().toJSDate());
    expect(await sweepConversations({ db: database.db, clock, log: silentLog, onEnded: () => Promise.reject(new Error("expected no end")) })).toBe(0);
  });
});
