import { describe, expect, test } from "vitest";
import type { ConversationResult } from "../../src/domain/conversation.ts";
import { VendorError } from "../../src/domain/errors.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../../src/domain/ids.ts";
import type { ConversationStore, LoadedCall } from "../../src/talk/conversation-store.ts";
import { liveConversations } from "../../src/talk/live-conversations.ts";
import type { Brain, Transcriber, TranscriberListener, Voice, VoiceListener } from "../../src/talk/ports.ts";
import type { Recording } from "../../src/talk/recording.ts";
import { replay } from "../../src/talk/replay.ts";
import { startConversation, type TalkDeps } from "../../src/talk/start-conversation.ts";
import { wordsOf } from "../../src/talk/clauses.ts";
import { manualClock } from "../support/clock.ts";
import { recordingLog } from "../support/log.ts";
import { chimeSound } from "./phone-rig.ts";
import { planOf, type RehearsalOptions } from "./rehearsal.ts";
import { scriptedLine } from "./scripted-line.ts";

const attemptId = "00000000-0000-7000-8000-000000000001" as AttemptId;
const accountId = "00000000-0000-7000-8000-00000000000a" as AccountId;
const wordBytes = 1_600;

/** One call on scripted vendors and a scripted line; everything moves on the test's clock. */
function rig(options: RehearsalOptions & { deps?: (deps: TalkDeps) => Partial<TalkDeps>; store?: Partial<ConversationStore>; earlier?: LoadedCall["earlier"] } = {}) {
  const clock = manualClock("2026-12-01T10:00");
  const log = recordingLog();
  const line = scriptedLine(clock);
  const written: { result: ConversationResult; recording: Recording }[] = [];
  const calls: string[] = [];
  const transcribers: TranscriberListener[] = [];
  const voices: { listener: VoiceListener; closed: boolean }[] = [];
  const call: LoadedCall = { attemptId, accountId, campaignId: "c" as CampaignId, contactId: "k" as ContactId, plan: planOf(options), earlier: options.earlier, answeredBy: "unknown", owner: "rig" };

  const transcriber: Transcriber = {
    name: "scripted",
    open(_, listener) {
      transcribers.push(listener);
      void Promise.resolve().then(() => listener.onOpen());
      return { framesPerMessage: 1, send: () => true, close: () => void calls.push("transcriber closed") };
    },
  };
  const brain: Brain = {
    name: "scripted",
    async *reply(request, signal) {
      await Promise.resolve();
      if (signal.aborted) return;
      const scripted = options.brain?.(request, 1, 0) ?? { text: "All right then." };
      if (scripted.fail) throw new VendorError("brain", scripted.fail.code, "scripted", scripted.fail.retryable);
      for (const word of (scripted.text ?? "").split(/(?<=\s)/)) yield { kind: "text", delta: word };
      for (const [index, toolCall] of (scripted.calls ?? []).entries()) yield { kind: "tool_call", call: { id: `t${index}`, name: toolCall.name, argumentsJson: JSON.stringify(toolCall.arguments) } };
      yield { kind: "done", inputTokens: 10, outputTokens: 2 };
    },
  };
  const voice: Voice = {
    name: "scripted",
    open(_, listener) {
      const session = { listener, closed: false };
      voices.push(session);
      const spoken = new Map<string, number>();
      return {
        speak({ contextId, text, last }) {
          const words = wordsOf(text);
          const before = spoken.get(contextId) ?? 0;
          spoken.set(contextId, before + words.length);
          void Promise.resolve().then(() => {
            if (words.length > 0) listener.onAudio(contextId, new Uint8Array(words.length * wordBytes), words.map((word, index) => ({ text: word, endMs: (before + index + 1) * 200 })));
            if (last) listener.onDone(contextId);
          });
        },
        cancel: () => undefined,
        close: () => void (session.closed = true),
      };
    },
  };
  const store: ConversationStore = {
    load: () => Promise.resolve(call),
    begin: () => Promise.resolve(void calls.push("begin")),
    checkpoint: () => Promise.resolve(true),
    alive: () => Promise.resolve("unknown"),
    finish: (_, end) => {
      calls.push("finish");
      written.push(end);
      return Promise.resolve(true);
    },
    ...options.store,
  };
  const base: TalkDeps = {
    clock,
    log,
    store,
    transcribers: [transcriber],
    brains: [brain],
    voices: [voice],
    canned: { sound: chimeSound, prepare: () => undefined },
    actions: {
      optOut: () => Promise.resolve(void calls.push("opt out")),
      hangUp: () => {
        calls.push("hang up");
        clock.setTimer(50, () => line.listener?.onClosed("stopped"));
        return Promise.resolve();
      },
      onEnded: () => Promise.resolve(void calls.push("ended")),
    },
  };
  const deps: TalkDeps = { ...base, ...options.deps?.(base) };
  const hear = (text: string): void => {
    transcribers.at(-1)?.onHearing({ kind: "started" });
    transcribers.at(-1)?.onHearing({ kind: "words", text });
    transcribers.at(-1)?.onHearing({ kind: "ended", text, languages: [], silentForMs: 200 });
  };
  return { clock, log, line, deps, calls, written, voices, hear, start: () => startConversation(deps, { attemptId, accountId, line }) };
}
const goodbye: RehearsalOptions = { brain: () => ({ text: "Thank you and goodbye.", calls: [{ name: "record_disposition", arguments: { disposition: "wrong_number" } }, { name: "end_call", arguments: {} }] }) };

describe("a conversation on its line", () => {
  test("greets, answers, says goodbye to the end, hangs up, writes and reports, in this order", async () => {
    const call = rig(goodbye);
    const conversation = call.start();
    await call.clock.advanceAsync(1_000);
    call.hear("there is nobody of this name");
    await call.clock.advanceAsync(3_000);
    const result = await conversation.ended;
    expect(result).toMatchObject({ endReason: "agent_goodbye", hangupBy: "agent", disposition: "wrong_number" });
    expect(call.line.played().length).toBe(6 * wordBytes);
    expect(call.calls).toEqual(["begin", "hang up", "transcriber closed", "finish", "ended"]);
    expect(call.line.closed).toBe(true);
    expect(call.voices.every((session) => session.closed)).toBe(true);
    expect(call.clock.pending).toBe(0);
  });

  test("is recorded so that it replays offline to the same result", async () => {
    const call = rig(goodbye);
    const conversation = call.start();
    await call.clock.advanceAsync(1_000);
    call.hear("there is nobody of this name");
    await call.clock.advanceAsync(3_000);
    await conversation.ended;
    const recording = JSON.parse(JSON.stringify(call.written[0]?.recording)) as Recording;
    const finish = replay(recording).effects.find((effect) => effect.do === "finish");
    expect({ ...call.written[0]?.result, usage: null }).toEqual({ ...(finish?.do === "finish" ? finish.result : undefined), usage: null });
  });

  test("R4.4: a hang-up at any moment lets everything go at once", async () => {
    for (let afterMs = 0; afterMs < 2_600; afterMs += 130) {
      const call = rig();
      const conversation = call.start();
      await call.clock.advanceAsync(Math.min(afterMs, 900));
      if (afterMs > 900) {
        call.hear("tell me what you want from me");
        await call.clock.advanceAsync(afterMs - 900);
      }
      call.line.listener?.onClosed(afterMs % 260 === 0 ? "stopped" : "lost");
      call.line.listener?.onClosed("stopped");
      await call.clock.advanceAsync(0);
      await conversation.ended;
      expect(call.line.closed).toBe(true);
      // What the line itself still had to play.
      await call.clock.advanceAsync(400);
      expect(call.clock.pending).toBe(0);
      expect(call.calls.filter((what) => what === "finish")).toHaveLength(1);
    }
  });

  test("does not wait for the database: it talks while nothing can be written, and writes the end when it can", async () => {
    let isDown = true;
    const down = () => (isDown ? Promise.reject(new Error("the database is away")) : Promise.resolve());
    const call = rig({ ...goodbye, store: { begin: () => down().then(() => undefined), alive: () => down().then(() => "unknown" as const) } });
    const conversation = call.start();
    await call.clock.advanceAsync(1_000);
    call.hear("there is nobody of this name");
    await call.clock.advanceAsync(3_000);
    expect(call.line.played().length).toBe(6 * wordBytes);
    expect(call.calls).not.toContain("finish");
    isDown = false;
    await call.clock.advanceAsync(60_000);
    await conversation.ended;
    expect(call.calls.slice(-2)).toEqual(["finish", "ended"]);
    expect(call.line.closed).toBe(true);
  });

  test("writes an opt-out again until it is written, before the goodbye", async () => {
    let tries = 0;
    const call = rig({ deps: (deps) => ({ actions: { ...deps.actions, optOut: () => (++tries < 3 ? Promise.reject(new Error("away")) : Promise.resolve()) } }) });
    call.start();
    await call.clock.advanceAsync(1_000);
    call.hear("please stop calling me");
    await call.clock.advanceAsync(100);
    expect(call.line.played().length).toBe(2 * wordBytes);
    await call.clock.advanceAsync(600);
    expect(tries).toBe(3);
    await call.clock.advanceAsync(5_000);
    expect(call.written[0]?.result).toMatchObject({ optedOut: true, endReason: "opted_out" });
  });

  test("closes the line itself when the carrier cannot be asked to hang up", async () => {
    const call = rig({ ...goodbye, deps: (deps) => ({ actions: { ...deps.actions, hangUp: () => Promise.reject(new Error("refused")) } }) });
    const conversation = call.start();
    await call.clock.advanceAsync(1_000);
    call.hear("there is nobody of this name");
    await call.clock.advanceAsync(12_000);
    expect((await conversation.ended)?.endReason).toBe("agent_goodbye");
    expect(call.line.closed).toBe(true);
  });

  test("lets go when another process has taken it over", async () => {
    const call = rig({ store: { alive: () => Promise.resolve(undefined) } });
    call.start();
    await call.clock.advanceAsync(2_500);
    expect(call.line.closed).toBe(true);
  });

  test("hears of the carrier's verdict at its beat", async () => {
    const call = rig({ store: { alive: () => Promise.resolve("voicemail") } });
    const conversation = call.start();
    await call.clock.advanceAsync(2_500);
    call.hear("please leave a message");
    await call.clock.advanceAsync(2_000);
    expect((await conversation.ended)?.endReason).toBe("voicemail");
  });

  test("an attempt that does not exist closes the line", async () => {
    const call = rig({ store: { load: () => Promise.resolve(undefined) } });
    expect(await call.start().ended).toBeUndefined();
    expect(call.line.closed).toBe(true);
  });
});

describe("the conversations of a process", () => {
  test("prepare the greeting while the phone rings: its sound is there with the first frame", async () => {
    const call = rig();
    const live = liveConversations(call.deps);
    live.prepare({ attemptId, accountId });
    await call.clock.advanceAsync(5_000);
    expect(call.voices).toHaveLength(1);
    live.start({ attemptId, accountId, line: call.line });
    await Promise.resolve();
    await Promise.resolve();
    expect(call.line.sent.length).toBeGreaterThan(0);
    await call.clock.advanceAsync(1_000);
    expect(call.line.played().length).toBe(2 * wordBytes);
    expect(call.voices).toHaveLength(1);
    expect(live.live).toBe(1);
  });

  test("a call that comes back is taken over where it stopped, and the old conversation lets go first", async () => {
    const earlier = { turns: [{ speaker: "agent" as const, text: "hello Asha", startedAtMs: 1, endedAtMs: 2 }], startedAtMs: Date.parse("2026-12-01T10:00:00+05:30"), language: "en-IN" as const, verified: false, optedOut: false, disposition: null, fields: {}, summary: null, usage: { transcriberSeconds: 0, voiceCharacters: 0, brainInputTokens: 0, brainOutputTokens: 0 } };
    let isWritten = false;
    const loads: boolean[] = [];
    const call = rig({ brain: () => ({ text: "Where were we?" }) });
    const { store } = call.deps;
    const live = liveConversations({
      ...call.deps,
      store: {
        ...store,
        load: async (of) => {
          loads.push(isWritten);
          const found = await store.load(of);
          return found && isWritten ? { ...found, earlier } : found;
        },
        finish: (of, end) => {
          isWritten = true;
          return store.finish(of, end);
        },
      },
    });
    live.prepare({ attemptId, accountId });
    await call.clock.advanceAsync(100);
    const first = live.start({ attemptId, accountId, line: scriptedLine(call.clock) });
    await call.clock.advanceAsync(500);
    live.start({ attemptId, accountId, line: call.line, resumed: true });
    await call.clock.advanceAsync(2_000);
    expect((await first.ended)?.endReason).toBe("line_lost");
    expect(loads).toEqual([false, true]);
    expect(call.line.played().length).toBe(3 * wordBytes);
    expect(live.live).toBe(1);
  });

  test("have the sentences that need no vendor recorded in every language the call may be held in", async () => {
    const asked: string[] = [];
    const call = rig({ language: "ta-IN", deps: (base) => ({ canned: { ...base.canned, prepare: (languages) => void asked.push(...languages) } }) });
    const live = liveConversations(call.deps);
    live.prepare({ attemptId, accountId });
    await call.clock.advanceAsync(0);
    expect(asked).toEqual(["ta-IN", "en-IN", "hi-IN"]);
    live.close();
  });

  test("drop what was prepared for a phone nobody answered", async () => {
    const call = rig();
    const live = liveConversations(call.deps);
    live.prepare({ attemptId, accountId });
    live.prepare({ attemptId, accountId });
    await call.clock.advanceAsync(1_000);
    live.forget(attemptId);
    await call.clock.advanceAsync(0);
    expect(call.voices.map((session) => session.closed)).toEqual([true]);
    expect(call.clock.pending).toBe(0);
  });

  test("are waited for while a phone rings whose call is to be talked here, unless there is no more time", async () => {
    const call = rig();
    const live = liveConversations(call.deps);
    const over: string[] = [];
    live.prepare({ attemptId, accountId });
    void live.noneRinging(new AbortController().signal).then(() => over.push("patient"));
    const hurry = new AbortController();
    void live.noneRinging(hurry.signal).then(() => over.push("hurried"));
    await call.clock.advanceAsync(1_000);
    expect(over).toEqual([]);
    hurry.abort();
    await call.clock.advanceAsync(0);
    expect(over).toEqual(["hurried"]);
    live.start({ attemptId, accountId, line: call.line });
    await call.clock.advanceAsync(1_000);
    expect(over).toEqual(["hurried", "patient"]);
    live.endAll();
    await call.clock.advanceAsync(6_000);
  });

  test("drain politely", async () => {
    const call = rig();
    const live = liveConversations(call.deps);
    live.start({ attemptId, accountId, line: call.line });
    await call.clock.advanceAsync(500);
    const idle = live.idle();
    live.endAll();
    await call.clock.advanceAsync(6_000);
    await idle;
    expect(live.live).toBe(0);
    expect(call.written[0]?.result).toMatchObject({ endReason: "operator", hangupBy: "operator" });
  });
});
