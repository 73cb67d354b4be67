import type { AnsweredBy } from "../domain/attempt.ts";
import type { ConversationResult } from "../domain/conversation.ts";
import type { Language } from "../domain/definition.ts";
import type { BrainRequest, CannedName, HearingEvent, LineClosing, ToolCall } from "./ports.ts";

/** Timers the conversation sets; each name is one timer, setting it again replaces it. */
export const timerNames = [
  "dead_air",
  "callee_silence",
  "unended_turn",
  "false_interruption",
  "first_word",
  "word_gap",
  "first_sound",
  "digits",
  "beep",
  "opt_out",
  "playback",
  "stalled_speech",
  "hang_up",
  "wrap_up",
  "max_duration",
] as const;
export type TimerName = (typeof timerNames)[number];

/** Everything that can happen to a conversation. Recorded as it comes; the recording alone replays the call. */
export type ConversationEvent = { atMs: number } & (
  /** The phone line is up: the callee hears us from now on. */
  | { kind: "opened" }
  | { kind: "hearing"; hearing: HearingEvent }
  /** No transcriber can be reached any more: we are deaf. */
  | { kind: "deaf" }
  | { kind: "brain_text"; replyId: string; delta: string }
  | { kind: "brain_call"; replyId: string; call: ToolCall }
  | { kind: "brain_done"; replyId: string; inputTokens: number; outputTokens: number }
  | { kind: "brain_failed"; replyId: string; code: string; retryable: boolean }
  /** Sound of an utterance is ready to be played, up to and including the given number of its words. */
  | { kind: "sound"; utteranceId: string; words: number }
  /** Sound that is not made from our text: what is said in it, empty for a chime. */
  | { kind: "canned_sound"; utteranceId: string; text: string }
  /** All sound of the utterance is ready; it will have been played about `playedInMs` from now. */
  | { kind: "sound_done"; utteranceId: string; playedInMs: number }
  /** The voice cannot go on with the utterance: an error, nothing at all for a text, or a stall in mid-sentence. */
  | { kind: "sound_failed"; utteranceId: string; code: string }
  /** The first frame of the utterance was handed to the phone line. */
  | { kind: "first_frame"; utteranceId: string }
  /** A mark came back from the phone line: `<utterance>:<words heard>` or `<utterance>:end`. */
  | { kind: "mark"; name: string }
  | { kind: "digit"; digit: string }
  /** The carrier's answering-machine detection has spoken. */
  | { kind: "carrier_verdict"; answeredBy: AnsweredBy }
  | { kind: "timer"; timer: TimerName }
  | { kind: "opt_out_written"; ok: boolean }
  /** The operator, or the shutdown of this process, asks for a polite end. */
  | { kind: "operator_end" }
  | { kind: "line_closed"; how: LineClosing }
);

/** Everything a conversation does. The shell carries effects out in order and never waits for one. */
export type Effect =
  /** Give a stretch of text to the voice; `words` of the utterance are complete with it. */
  | { do: "speak"; utteranceId: string; text: string; language: Language; last: boolean; provider: number; replyId: string | null }
  /** The utterance may be heard, behind those before it; `ahead`: before those that have not begun. */
  | { do: "play"; utteranceId: string; ahead: boolean }
  | { do: "play_canned"; utteranceId: string; name: CannedName; language: Language }
  /** No more sound for this utterance: play what there is of it, then mark its end. */
  | { do: "end_sound"; utteranceId: string }
  /**
   * Stop everything that can be heard, also in the carrier's buffer, and forget the sound of these utterances, of which
   * so many words were heard.
   */
  | { do: "clear"; utteranceIds: readonly string[]; heardWords: readonly number[] }
  /** Stop everything that can be heard, but keep the sound: the callee may not have meant to interrupt. */
  | { do: "pause"; utteranceIds: readonly string[] }
  /** The callee did: give up the sound of paused utterances, of which so many words were heard. */
  | { do: "forget"; utteranceIds: readonly string[]; heardWords: readonly number[] }
  /** The callee did not: the sound of a paused utterance goes on, from this word, under a new name. */
  | { do: "replay"; utteranceId: string; of: string; fromWord: number }
  /** Forget an utterance that was never played. */
  | { do: "discard"; utteranceId: string }
  | { do: "think"; replyId: string; request: BrainRequest; provider: number }
  | { do: "stop_thinking"; replyId: string }
  | { do: "set_timer"; timer: TimerName; delayMs: number }
  | { do: "cancel_timer"; timer: TimerName }
  | { do: "write_opt_out"; how: "said" | "pressed" }
  /** Something worth keeping has been said: write the state down when there is time. */
  | { do: "checkpoint" }
  | { do: "hang_up" }
  | { do: "finish"; result: ConversationResult };
