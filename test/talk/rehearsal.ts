import { definitionSchema, type DefinitionSource, type Language } from "../../src/domain/definition.ts";
import type { ConversationResult } from "../../src/domain/conversation.ts";
import { reduce } from "../../src/talk/conversation.ts";
import type { ConversationEvent, Effect, TimerName } from "../../src/talk/conversation-events.ts";
import { type ConversationPlan, defaultTimings, type Timings } from "../../src/talk/conversation-plan.ts";
import { type ConversationState, type Earlier, waitingState } from "../../src/talk/conversation-state.ts";
import type { BrainRequest, CannedName, HearingEvent, ToolCall } from "../../src/talk/ports.ts";
import { wordsOf } from "../../src/talk/clauses.ts";
import type { VariableValue } from "../../src/talk/variable-values.ts";
import { testDefinition } from "../support/rows.ts";

/** What the scripted model answers: text, tool calls, or nothing at all ("silence"), each after a delay. */
export interface ScriptedAnswer {
  text?: string;
  calls?: readonly { name: string; arguments: Record<string, unknown> }[];
  /** Before the first word. */
  delayMs?: number;
  /** Between words. */
  wordMs?: number;
  fail?: { code: string; retryable: boolean };
  never?: boolean;
}

export interface Rehearsal {
  readonly state: () => ConversationState;
  readonly effects: readonly Effect[];
  readonly events: readonly ConversationEvent[];
  readonly requests: readonly BrainRequest[];
  /** What the callee has heard, word by word: the ground truth of the line. */
  readonly heard: readonly string[];
  readonly result: () => ConversationResult | undefined;
  nowMs(): number;
  /** Sends an event now. */
  tell(event: DistributiveOmit<ConversationEvent, "atMs">): void;
  hear(hearing: HearingEvent): void;
  /** Lets time pass. */
  pass(ms: number): void;
  /** Speaks as a callee does: begins, is heard word by word, ends. */
  say(text: string, options?: { wordMs?: number; eager?: boolean; endMs?: number }): void;
  /** Passes time until the agent is silent (at most a minute). */
  listen(): void;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface RehearsalOptions {
  definition?: Partial<DefinitionSource>;
  name?: string | null;
  language?: Language;
  variables?: Record<string, VariableValue>;
  timings?: Partial<Timings>;
  providers?: { brains: number; voices: number };
  earlier?: Earlier;
  brain?: (request: BrainRequest, nth: number, provider: number) => ScriptedAnswer;
  /** Ms from a text to its first sound, or null when this voice fails. */
  voice?: (provider: number, text: string) => { soundMs: number; wordMs: number } | "fails" | "silent";
}

/** The sound of one utterance: words as they are made, and how far they have been handed to the line. */
interface Sound {
  id: string;
  readonly words: { word: string; ms: number }[];
  handed: number;
  wordsBefore: number;
  readyAtMs: number;
  allMade: boolean;
  ended: boolean;
  gone: boolean;
}

export function planOf(options: RehearsalOptions = {}): ConversationPlan {
  const definition = definitionSchema.parse(testDefinition({ languages: ["en-IN", "hi-IN"], ...options.definition }));
  return {
    definition,
    contact: { name: options.name === undefined ? "Asha" : options.name, language: options.language ?? "en-IN", variables: options.variables ?? {} },
    timings: { ...defaultTimings, ...options.timings },
    providers: options.providers ?? { brains: 1, voices: 1 },
  };
}

/**
 * Plays a whole conversation against the reducer alone, on its own time: a voice that speaks at a steady pace, a phone
 * line that plays, marks and clears as a carrier does, a scripted model. No sockets, no promises.
 */
export function rehearse(options: RehearsalOptions = {}): Rehearsal {
  let nowMs = 1_764_563_400_000;
  let state = waitingState(planOf(options), options.earlier);
  const effects: Effect[] = [];
  const events: ConversationEvent[] = [];
  const requests: BrainRequest[] = [];
  const heard: string[] = [];
  const due: { atMs: number; order: number; run: () => void }[] = [];
  const timers = new Map<TimerName, { cancelled: boolean }>();
  const stoppedReplies = new Set<string>();
  const sound = new Map<string, Sound>();
  const brokenSound = new Set<string>();
  const order: string[] = [];
  let lineFreeAtMs = 0;
  let lineQueue: { marks: string[]; cancelled: boolean }[] = [];
  let result: ConversationResult | undefined;
  let sequence = 0;

  const later = (ms: number, run: () => void): void => void due.push({ atMs: nowMs + ms, order: sequence++, run });
  const tell = (event: DistributiveOmit<ConversationEvent, "atMs">): void => {
    const timed = { ...event, atMs: nowMs };
    events.push(timed);
    const next = reduce(state, timed);
    state = next.state;
    for (const effect of next.effects) {
      effects.push(effect);
      carryOut(effect);
    }
  };

  /** Puts a piece onto the line; its mark comes back when it has been played, or soon after a clear. */
  const hand = (track: Sound, name: string, word: string | undefined, ms: number): void => {
    const startMs = Math.max(lineFreeAtMs, nowMs);
    lineFreeAtMs = startMs + ms;
    const entry = { marks: [name], cancelled: false };
    lineQueue.push(entry);
    const isFirst = name.endsWith(":1");
    due.push({ atMs: startMs, order: sequence++, run: () => void (!entry.cancelled && isFirst && tell({ kind: "first_frame", utteranceId: track.id })) });
    due.push({
      atMs: lineFreeAtMs,
      order: sequence++,
      run: () => {
        if (entry.cancelled) return;
        lineQueue = lineQueue.filter((other) => other !== entry);
        if (word !== undefined) heard.push(word);
        for (const mark of entry.marks) tell({ kind: "mark", name: mark });
      },
    });
  };
  const startPlaying = (track: Sound): void => {
    if (track.gone || track.ended || !order.includes(track.id)) return;
    for (let next = track.words[track.handed]; next; next = track.words[track.handed]) {
      track.handed += 1;
      hand(track, `${track.id}:${track.handed - track.wordsBefore}`, next.word, next.ms);
    }
    if (!track.allMade) return;
    track.ended = true;
    hand(track, `${track.id}:end`, undefined, 0);
    tell({ kind: "sound_done", utteranceId: track.id, playedInMs: Math.max(0, lineFreeAtMs - nowMs) });
  };
  const trackOf = (utteranceId: string): Sound => {
    const track = sound.get(utteranceId) ?? { id: utteranceId, words: [], handed: 0, wordsBefore: 0, readyAtMs: 0, allMade: false, ended: false, gone: false };
    sound.set(utteranceId, track);
    return track;
  };
  const synthesise = (utteranceId: string, text: string, last: boolean, pace: { soundMs: number; wordMs: number }): void => {
    const track = trackOf(utteranceId);
    const words = wordsOf(text);
    track.readyAtMs = Math.max(track.readyAtMs, nowMs + (words.length > 0 ? pace.soundMs : 0));
    due.push({
      atMs: track.readyAtMs,
      order: sequence++,
      run: () => {
        if (track.gone) return;
        for (const word of words) track.words.push({ word, ms: pace.wordMs });
        if (words.length > 0) tell({ kind: "sound", utteranceId: track.id, words: track.words.length - track.wordsBefore });
        track.allMade ||= last;
        startPlaying(track);
      },
    });
  };
  const hush = (): void => {
    const dropped = lineQueue;
    lineQueue = [];
    lineFreeAtMs = nowMs;
    for (const entry of dropped) {
      entry.cancelled = true;
      later(40, () => entry.marks.forEach((name) => tell({ kind: "mark", name })));
    }
  };

  const think = (effect: Extract<Effect, { do: "think" }>): void => {
    requests.push(effect.request);
    const answer = options.brain?.(effect.request, requests.length, effect.provider) ?? { text: "All right." };
    const { replyId } = effect;
    const alive = (run: () => void) => () => void (!stoppedReplies.has(replyId) && run());
    let atMs = answer.delayMs ?? 200;
    if (answer.never) return;
    if (answer.fail) {
      const failure = answer.fail;
      return later(atMs, alive(() => tell({ kind: "brain_failed", replyId, ...failure })));
    }
    for (const word of (answer.text ?? "").split(/(?<=\s)/)) {
      if (word === "") continue;
      later(atMs, alive(() => tell({ kind: "brain_text", replyId, delta: word })));
      atMs += answer.wordMs ?? 10;
    }
    (answer.calls ?? []).forEach((call, index) => {
      const toolCall: ToolCall = { id: `${replyId}-${index}`, name: call.name, argumentsJson: JSON.stringify(call.arguments) };
      later(atMs, alive(() => tell({ kind: "brain_call", replyId, call: toolCall })));
    });
    later(atMs, alive(() => tell({ kind: "brain_done", replyId, inputTokens: 100, outputTokens: 10 })));
  };

  const carryOut = (effect: Effect): void => {
    switch (effect.do) {
      case "speak": {
        const voice = brokenSound.has(effect.utteranceId) ? "silent" : (options.voice?.(effect.provider, effect.text) ?? { soundMs: 150, wordMs: 300 });
        if (typeof voice === "string") brokenSound.add(effect.utteranceId);
        if (voice === "fails") later(50, () => tell({ kind: "sound_failed", utteranceId: effect.utteranceId, code: "scripted" }));
        else if (voice !== "silent") synthesise(effect.utteranceId, effect.text, effect.last, voice);
        break;
      }
      case "play":
        order.push(effect.utteranceId);
        startPlaying(trackOf(effect.utteranceId));
        break;
      case "play_canned": {
        const texts: Record<CannedName, string> = { one_moment: "one moment", sorry_trouble: "sorry please wait", call_back_goodbye: "we call back goodbye" };
        later(0, () => {
          tell({ kind: "canned_sound", utteranceId: effect.utteranceId, text: texts[effect.name] });
          synthesise(effect.utteranceId, texts[effect.name], true, { soundMs: 0, wordMs: 200 });
        });
        break;
      }
      case "end_sound":
        synthesise(effect.utteranceId, "", true, { soundMs: 0, wordMs: 0 });
        break;
      case "clear":
        hush();
        for (const id of effect.utteranceIds) trackOf(id).gone = true;
        break;
      case "pause":
        hush();
        for (const id of effect.utteranceIds) order.splice(order.indexOf(id), 1);
        break;
      case "forget":
        for (const id of effect.utteranceIds) trackOf(id).gone = true;
        break;
      case "replay": {
        const track = trackOf(effect.of);
        track.id = effect.utteranceId;
        track.wordsBefore += effect.fromWord;
        track.handed = track.wordsBefore;
        track.ended = false;
        sound.set(effect.utteranceId, track);
        break;
      }
      case "discard":
        trackOf(effect.utteranceId).gone = true;
        break;
      case "think":
        think(effect);
        break;
      case "stop_thinking":
        stoppedReplies.add(effect.replyId);
        break;
      case "set_timer": {
        const previous = timers.get(effect.timer);
        if (previous) previous.cancelled = true;
        const handle = { cancelled: false };
        timers.set(effect.timer, handle);
        later(effect.delayMs, () => void (!handle.cancelled && tell({ kind: "timer", timer: effect.timer })));
        break;
      }
      case "cancel_timer": {
        const handle = timers.get(effect.timer);
        if (handle) handle.cancelled = true;
        break;
      }
      case "write_opt_out":
        later(20, () => tell({ kind: "opt_out_written", ok: true }));
        break;
      case "hang_up":
        later(100, () => tell({ kind: "line_closed", how: "stopped" }));
        break;
      case "finish":
        result = effect.result;
        break;
      case "checkpoint":
        break;
    }
  };

  const pass = (ms: number): void => {
    const untilMs = nowMs + ms;
    for (;;) {
      due.sort((one, other) => one.atMs - other.atMs || one.order - other.order);
      const next = due[0];
      if (!next || next.atMs > untilMs) break;
      due.shift();
      nowMs = Math.max(nowMs, next.atMs);
      next.run();
    }
    nowMs = untilMs;
  };
  const hear = (hearing: HearingEvent): void => tell({ kind: "hearing", hearing });
  const speaking = (): boolean => state.utterances.some((utterance) => utterance.state === "queued") || state.reply !== null || state.interruption !== null;

  return {
    state: () => state,
    effects,
    events,
    requests,
    heard,
    result: () => result,
    nowMs: () => nowMs,
    tell,
    hear,
    pass,
    say(text, saying = {}) {
      hear({ kind: "started" });
      const words = wordsOf(text);
      words.forEach((_, index) => {
        pass(saying.wordMs ?? 250);
        hear({ kind: "words", text: words.slice(0, index + 1).join(" ") });
      });
      if (saying.eager) {
        pass(150);
        hear({ kind: "eager_end", text });
      }
      pass(saying.endMs ?? 300);
      hear({ kind: "ended", text, languages: [], silentForMs: (saying.endMs ?? 300) + (saying.eager ? 150 : 0) });
    },
    listen() {
      for (let waited = 0; waited < 60_000 && (speaking() || waited === 0); waited += 100) pass(100);
    },
  };
}

/** The words of everything the agent believes it said. */
export function believed(state: ConversationState): readonly string[] {
  return state.utterances.flatMap((utterance) => utterance.words.slice(0, utterance.heardWords));
}
