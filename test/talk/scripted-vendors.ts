import type { Clock } from "../../src/domain/clock.ts";
import { VendorError, type VendorKind } from "../../src/domain/errors.ts";
import { wordsOf } from "../../src/talk/clauses.ts";
import type { Brain, BrainEvent, HearingEvent, Transcriber, TranscriberListener, Voice, VoiceListener } from "../../src/talk/ports.ts";

/** What a vendor may do instead of its work (docs/reliability.md R4.1). */
export const faults = ["refuse", "reset", "blackhole", "slow", "close_1008", "status_401", "status_429", "empty_success", "keep_alive_only", "garbage"] as const;
export type Fault = (typeof faults)[number];

const hopeless: ReadonlySet<Fault> = new Set(["close_1008", "status_401"]);
const errorOf = (kind: VendorKind, fault: Fault): VendorError => new VendorError(kind, fault, `scripted ${fault}`, !hopeless.has(fault));

/** A word takes this long to say; its bytes are that much sound. */
export const wordMs = 200;
const wordBytes = wordMs * 8;

export interface ScriptedTranscriber extends Transcriber {
  /** The callee's speech, as far as this transcriber hears. */
  hear(event: HearingEvent): void;
  /** What it does from now on, to the connection that is open and to those to come. */
  fail(fault: Fault | null): void;
  readonly opened: number;
}

export function scriptedTranscriber(clock: Clock, name: string): ScriptedTranscriber {
  const open = new Set<TranscriberListener>();
  let fault: Fault | null = null;
  let opened = 0;
  const lose = (listener: TranscriberListener, why: Fault): void => {
    if (open.delete(listener)) listener.onClosed(errorOf("transcriber", why));
  };
  const strike = (listener: TranscriberListener, why: Fault): void => {
    if (why === "refuse" || why === "reset" || why === "close_1008" || why === "status_401" || why === "status_429" || why === "garbage") clock.setTimer(20, () => lose(listener, why));
  };
  return {
    name,
    get opened() {
      return opened;
    },
    open(_, listener) {
      opened += 1;
      open.add(listener);
      if (fault === null) clock.setTimer(50, () => void (open.has(listener) && listener.onOpen()));
      else if (fault === "slow") clock.setTimer(3_000, () => void (open.has(listener) && listener.onOpen()));
      else if (fault === "empty_success" || fault === "keep_alive_only") clock.setTimer(50, () => void (open.has(listener) && listener.onOpen()));
      else strike(listener, fault);
      return { framesPerMessage: 4, send: () => open.has(listener), close: () => void open.delete(listener) };
    },
    hear(event) {
      if (fault === null || fault === "slow") for (const listener of open) listener.onHearing(event);
    },
    fail(next) {
      fault = next;
      if (next !== null) for (const listener of [...open]) strike(listener, next);
    },
  };
}

export interface ScriptedBrain extends Brain {
  fail(fault: Fault | null): void;
  readonly asked: number;
}

/** Answers `script(nth)`; 300 ms to the first word, 15 ms between words. */
export function scriptedBrain(clock: Clock, name: string, script: (calleeTurns: number) => { text: string; calls?: readonly string[] }): ScriptedBrain {
  let fault: Fault | null = null;
  let asked = 0;
  const wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.setTimer(ms, resolve);
      signal.addEventListener("abort", () => {
        timer.cancel();
        resolve();
      });
    });
  return {
    name,
    get asked() {
      return asked;
    },
    fail: (next) => void (fault = next),
    async *reply(request, signal): AsyncIterable<BrainEvent> {
      asked += 1;
      const now = fault;
      if (now === "refuse" || now === "status_401" || now === "status_429" || now === "close_1008" || now === "garbage") {
        await wait(30, signal);
        throw errorOf("brain", now);
      }
      if (now === "blackhole" || now === "keep_alive_only") {
        await wait(600_000, signal);
        return;
      }
      await wait(300, signal);
      if (now === "empty_success") {
        yield { kind: "done", inputTokens: 1, outputTokens: 0 };
        return;
      }
      const answer = script(request.messages.filter((message) => message.role === "user").length);
      let said = 0;
      for (const word of answer.text.split(/(?<=\s)/)) {
        if (signal.aborted) return;
        yield { kind: "text", delta: word };
        said += 1;
        await wait(now === "slow" ? 2_000 : 15, signal);
        if (now === "reset" && said === 2) throw errorOf("brain", now);
      }
      for (const [index, call] of (answer.calls ?? []).entries()) yield { kind: "tool_call", call: { id: `${asked}-${index}`, name: call, argumentsJson: call === "record_disposition" ? '{"disposition":"wrong_number"}' : "{}" } };
      yield { kind: "done", inputTokens: 10, outputTokens: said };
    },
  };
}

export interface ScriptedVoice extends Voice {
  fail(fault: Fault | null): void;
  /** Every word it was asked to say. */
  readonly words: readonly string[];
}

/** 150 ms to the first sound, then faster than it is played. Sound carries no words: `onWords` tells which bytes are which. */
export function scriptedVoice(clock: Clock, name: string, wordByte: (word: string) => number): ScriptedVoice {
  let fault: Fault | null = null;
  const words: string[] = [];
  const sessions = new Set<{ listener: VoiceListener; live: Set<string> }>();
  return {
    name,
    words,
    fail(next) {
      fault = next;
      if (next !== "reset" && next !== "close_1008") return;
      for (const session of sessions) {
        for (const contextId of session.live) {
          session.live.delete(contextId);
          clock.setTimer(5, () => session.listener.onFailed(contextId, errorOf("voice", next)));
        }
      }
    },
    open(_, listener) {
      const session = { listener, live: new Set<string>() };
      const sofar = new Map<string, { words: number; readyMs: number }>();
      sessions.add(session);
      return {
        speak({ contextId, text, last }) {
          const now = fault;
          const spoken = wordsOf(text);
          words.push(...spoken);
          session.live.add(contextId);
          const state = sofar.get(contextId) ?? { words: 0, readyMs: 0 };
          sofar.set(contextId, state);
          const live = (run: () => void) => () => void (session.live.has(contextId) && run());
          if (now === "refuse" || now === "close_1008" || now === "status_401" || now === "status_429" || now === "garbage") {
            return void clock.setTimer(30, live(() => (session.live.delete(contextId), listener.onFailed(contextId, errorOf("voice", now)))));
          }
          if (now === "blackhole" || now === "keep_alive_only") return;
          const nowMs = clock.nowMs();
          state.readyMs = Math.max(state.readyMs, nowMs + (now === "slow" ? 1_200 : 150));
          if (now !== "empty_success") {
            for (const word of spoken) {
              const nth = ++state.words;
              clock.setTimer(state.readyMs - nowMs, live(() => listener.onAudio(contextId, new Uint8Array(wordBytes).fill(wordByte(word)), [{ text: word, endMs: nth * wordMs }])));
              state.readyMs += now === "slow" ? 1_600 : 20;
              if (now === "reset" && nth === 2) {
                clock.setTimer(state.readyMs - nowMs, live(() => (session.live.delete(contextId), listener.onFailed(contextId, errorOf("voice", now)))));
                return;
              }
            }
          }
          if (last) clock.setTimer(state.readyMs - nowMs, live(() => (session.live.delete(contextId), listener.onDone(contextId))));
        },
        cancel: (contextId) => void session.live.delete(contextId),
        close() {
          session.live.clear();
          sessions.delete(session);
        },
      };
    },
  };
}
