import type { AnsweredBy, HangupBy } from "./attempt.ts";
import type { Language } from "./definition.ts";

/** One utterance. The agent's words are those that were heard, as far as the phone line's marks prove. */
export interface Turn {
  speaker: "agent" | "callee";
  /** What was said; for the agent, what was heard of it. */
  text: string;
  /** For the agent: what it would have said had it not been interrupted. */
  intended?: string;
  startedAtMs: number;
  endedAtMs: number;
  interrupted?: boolean;
  latency?: TurnLatency;
}

/** Where the time of one reply went; milliseconds from the end of the callee's speech. */
export interface TurnLatency {
  /** The transcriber declared the turn over. */
  endOfTurnMs: number | null;
  /** The brain's first word. */
  firstWordMs: number | null;
  /** The voice's first sound. */
  firstSoundMs: number | null;
  /** The first frame handed to the phone line: what the person waits for. */
  replyMs: number;
}

/** Why a conversation is over; a closed list (docs/reliability.md R4.10). */
export const endReasons = [
  "agent_goodbye",
  "callee_hung_up",
  "voicemail",
  "carrier_announcement",
  "callee_silent",
  "max_duration",
  "opted_out",
  "technical_failure",
  "operator",
  "line_lost",
] as const;
export type EndReason = (typeof endReasons)[number];

/** What a conversation came to: handed from talk to outcome. */
export interface ConversationResult {
  endReason: EndReason;
  hangupBy: HangupBy;
  answeredBy: AnsweredBy;
  language: Language;
  /** Set by a tool call or by a rule outside the model; null when nothing was decided. */
  disposition: string | null;
  /** The disposition's fields as validated texts: money in paise as a whole number, instants as ISO 8601. */
  fields: Record<string, string | number | boolean>;
  summary: string | null;
  verified: boolean;
  optedOut: boolean;
  turns: readonly Turn[];
  startedAtMs: number;
  endedAtMs: number;
  /** Seconds and units used of each vendor, for the cost. */
  usage: VendorUsage;
}

export interface VendorUsage {
  transcriberSeconds: number;
  voiceCharacters: number;
  brainInputTokens: number;
  brainOutputTokens: number;
}
