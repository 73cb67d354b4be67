import type { DateTime } from "luxon";
import type { Random } from "../../domain/random.ts";
import type { Intent } from "../ledger-events.ts";
import type { CalleeFacts } from "./callee-facts.ts";

/** What the telephone does before anybody speaks. */
export type LineBehaviour =
  /** Rings for about so long, then somebody or something picks up. */
  | { kind: "answers"; ringMs: number }
  /** Rings until the caller gives up. */
  | { kind: "rings_out" }
  | { kind: "busy" }
  /** Never rings: the network plays its announcement as early media, which the caller's program cannot hear, and gives up. */
  | { kind: "unreachable"; afterMs: number; sipCode: number; status: "failed" | "no-answer" };

/** What picked up, as an answering-machine detector would see it. */
export type Nature = "person" | "silent" | "machine" | "announcement";

/** One kind of callee. */
export interface Persona {
  name: string;
  /** What it does, in a sentence, for whoever reads the ledger. */
  story: string;
  line: LineBehaviour;
  nature: Nature;
  /** Silence after which it takes the agent to have finished. Default 650. */
  endSilenceMs?: number;
  /** Words per minute. Default 200. */
  wordsPerMinute?: number;
  /** Its behaviour; a fresh one for each call. */
  script(self: CalleeSelf): CalleeScript;
}

/** What a script knows of the person it plays. */
export interface CalleeSelf {
  facts: CalleeFacts;
  random: Random;
  now(): DateTime<true>;
}

/** What a callee notices. Times are the line's own, counted in samples, so that a run repeats exactly. */
export type CalleeEvent =
  | { kind: "answered" }
  /** The agent is speaking; `words` are those of the utterance so far. */
  | { kind: "word"; words: readonly string[]; utterance: number }
  /** The agent has fallen silent after saying this. */
  | { kind: "agent_finished"; text: string; utterance: number }
  /** Nobody has made a sound for so long; reported once a second. */
  | { kind: "silence"; seconds: number };

/**
 * What a callee does. The actions answering one event run one after the other; `afterMs` counts from the end of the one
 * before, or from the event. Actions that have not begun are dropped when the agent goes on speaking, unless `firm`.
 */
export type CalleeAction =
  /** Speaks. `cutsIn`: the person no longer waits for the agent's sentence, but for what it says to this. */
  | { do: "say"; text: string; afterMs?: number; firm?: boolean; cutsIn?: boolean; intent?: Intent; recordingAnswer?: "yes" | "no" }
  | { do: "sound"; name: string; durationMs: number; afterMs?: number; firm?: boolean }
  | { do: "press"; digits: string; afterMs?: number; firm?: boolean; recordingAnswer?: "yes" | "no" }
  /** Holds an opinion without words, such as a person who never speaks. */
  | { do: "intend"; intent: Intent }
  | { do: "hang_up"; afterMs?: number; firm?: boolean };

export type CalleeScript = (event: CalleeEvent) => readonly CalleeAction[];
