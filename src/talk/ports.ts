import type { AnsweredBy } from "../domain/attempt.ts";
import type { Language } from "../domain/definition.ts";
import type { VendorError } from "../domain/errors.ts";
import type { AccountId, AttemptId, CallSid } from "../domain/ids.ts";

/** One frame of the telephone: 20 ms of 8 kHz μ-law, one byte per sample. */
export const frameMs = 20;
export const bytesPerMs = 8;
export const frameBytes = frameMs * bytesPerMs;
/** μ-law silence. */
export const silenceByte = 0xff;

/** How a line went away: the call ended and the carrier said so, or the connection broke without a word. */
export type LineClosing = "stopped" | "lost";

/** What a phone line tells. Called from the socket's own events, never from inside a call to the line. */
export interface PhoneLineListener {
  /** 20 ms of what the callee says, in order, gaps already filled with silence. Valid only during the call. */
  onFrame(frame: Uint8Array): void;
  /** Everything played before the mark of this name has reached the callee, or was discarded by `clear`. */
  onMark(name: string): void;
  /** A key was pressed: 0-9, *, #. */
  onDigit(digit: string): void;
  /** Said once, last. */
  onClosed(how: LineClosing): void;
}

/**
 * The audio of one answered call. Not in it: dialing, hanging up and recording, which belong to the carrier's REST side.
 */
export interface PhoneLine {
  readonly callSid: CallSid;
  /** Sets the one listener; frames and digits that came before are delivered first, up to five seconds of them. */
  listen(listener: PhoneLineListener): void;
  /**
   * Queues μ-law audio behind what was queued before. False when the peer does not drain and the audio was not taken:
   * try again later.
   */
  play(audio: Uint8Array): boolean;
  /** Asks to be told, through `onMark`, when everything queued so far has been played. */
  mark(name: string): void;
  /** Throws away everything queued and not yet played; marks waiting behind it come back at once. */
  clear(): void;
  /** Closes the connection; the carrier then goes on with whatever follows the stream. Safe to call twice. */
  close(): void;
}

/** What a transcriber makes of speech: turns, whichever vendor or model heard them. */
export type HearingEvent =
  /** The callee began to speak; the signal for barge-in. */
  | { kind: "started" }
  /** The whole text of the turn so far; replaces the text before. */
  | { kind: "words"; text: string }
  /** The turn is probably over: a reply may be prepared on speculation. */
  | { kind: "eager_end"; text: string }
  /** It was not over. */
  | { kind: "resumed" }
  /**
   * The turn is over; an empty text means that no words were heard. `silentForMs` is how long ago, by the audio's own
   * time axis, the last word ended; null when the vendor does not tell.
   */
  | { kind: "ended"; text: string; languages: readonly string[]; silentForMs: number | null };

export interface TranscriberListener {
  /** The connection is up and takes audio. */
  onOpen(): void;
  onHearing(event: HearingEvent): void;
  /** The connection is gone, said once; undefined when it was closed by us. */
  onClosed(error: VendorError | undefined): void;
}

export interface TranscriberOptions {
  /** The languages that may be spoken, likeliest first. */
  languages: readonly Language[];
  /** Words worth hearing right: names, the lender, the product. Never a sensitive value. */
  keyterms: readonly string[];
}

/** Turns speech into turns of text, over one connection that may break; reconnecting is the caller's business. */
export interface Transcriber {
  readonly name: string;
  open(options: TranscriberOptions, listener: TranscriberListener): TranscriberConnection;
}

export interface TranscriberConnection {
  /** How many 20 ms frames the vendor wants in one message. */
  readonly framesPerMessage: number;
  /** Sends μ-law audio; false when the connection does not take it. The bytes may be reused afterwards. */
  send(audio: Uint8Array): boolean;
  /** Ends the connection; `onClosed` follows. */
  close(): void;
}

/** One message of the conversation as the model sees it. */
export type BrainMessage =
  | { role: "system" | "user"; text: string }
  /** `replyId` names the answer these words were part of, when the model itself made them and they were not said again by rule. */
  | { role: "assistant"; text: string; toolCalls: readonly ToolCall[]; replyId?: string }
  | { role: "tool"; toolCallId: string; text: string };

export interface ToolCall {
  id: string;
  name: string;
  /** The arguments as the model wrote them: JSON, or what it takes for JSON. */
  argumentsJson: string;
}

/** A tool as the model is told of it; `parameters` is a JSON Schema object. */
export interface ToolDescription {
  name: string;
  description: string;
  parameters: Readonly<Record<string, unknown>>;
}

export interface BrainRequest {
  /** The answer's name, by which its words come back in later messages. */
  replyId: string;
  messages: readonly BrainMessage[];
  tools: readonly ToolDescription[];
}

export type BrainEvent =
  | { kind: "text"; delta: string }
  /** Complete: the adapter has put the fragments together. */
  | { kind: "tool_call"; call: ToolCall }
  | { kind: "done"; inputTokens: number; outputTokens: number };

/** The language model. Iterating throws `VendorError`; aborting the signal ends the iteration without one. */
export interface Brain {
  readonly name: string;
  reply(request: BrainRequest, signal: AbortSignal): AsyncIterable<BrainEvent>;
}

/** A stretch of spoken text and where its sound ends, in ms from the beginning of its context's audio. */
export interface SpokenWord {
  text: string;
  endMs: number;
}

export interface VoiceListener {
  /**
   * Sound of a context, in order. `words` are those whose end has become known, in order of speaking; null says that the
   * ends of this context's words will never be told.
   */
  onAudio(contextId: string, audio: Uint8Array, words: readonly SpokenWord[] | null): void;
  /** All text of a context has been spoken. */
  onDone(contextId: string): void;
  /** One context failed, or with null the whole connection and every context with it. */
  onFailed(contextId: string | null, error: VendorError): void;
}

export interface VoiceText {
  contextId: string;
  text: string;
  language: Language;
  /** No more text follows in this context. */
  last: boolean;
  /** The answer of the model that this text is; absent for sentences said by rule. */
  replyId?: string;
}

/** Turns text into μ-law speech. Contexts are independent utterances over one session; each is used once. */
export interface Voice {
  readonly name: string;
  open(options: VoiceOptions, listener: VoiceListener): VoiceSession;
}

export interface VoiceOptions {
  /** The vendor's voice per language; the adapter's default where none is named. */
  voices: Readonly<Partial<Record<Language, string>>>;
  /** The language to be ready for. */
  language: Language;
}

export interface VoiceSession {
  speak(text: VoiceText): void;
  /** Stops a context, of which so many ms are proved to have been heard; nothing more of it is delivered. */
  cancel(contextId: string, heardMs: number): void;
  close(): void;
}

/**
 * Speech to speech: one connection per call that hears, thinks and speaks. It shows the three faces the conversation
 * knows, so that any of them can be replaced by a vendor of its own when the connection fails.
 */
export interface SpeechModel {
  readonly name: string;
  open(options: SpeechModelOptions): SpeechModelSession;
}

export interface SpeechModelOptions {
  languages: readonly Language[];
  keyterms: readonly string[];
  /** Says sentences that are not the model's own words: greeting, questions and goodbyes by rule. */
  voice: Voice;
}

export interface SpeechModelSession {
  readonly transcriber: Transcriber;
  readonly brain: Brain;
  readonly voice: Voice;
  close(): void;
}

/** Sounds that need no vendor during the call. */
export const cannedNames = ["one_moment", "sorry_trouble", "call_back_goodbye"] as const;
export type CannedName = (typeof cannedNames)[number];

export interface CannedAudio {
  /** Always answers: recorded speech where there is some, else a chime with an empty text. */
  sound(name: CannedName, language: Language): { audio: Uint8Array; text: string };
  /** Has speech recorded in these languages, in the background; languages that have it cost nothing. */
  prepare(languages: readonly Language[]): void;
}

/** What the conversation does to the world outside it. Each may be called again with the same attempt. */
export interface Actions {
  /** Writes the opt-out; resolves only when it holds for every queued attempt of the account. */
  optOut(input: { accountId: AccountId; attemptId: AttemptId; how: "said" | "pressed" }): Promise<void>;
  /** Ends the carrier's call; a call that is over already is a success. */
  hangUp(attemptId: AttemptId): Promise<void>;
  /** The conversation is over and written down. */
  onEnded(attemptId: AttemptId): Promise<void>;
}

/** What the carrier's own detection said about who picked up. */
export type CarrierVerdict = AnsweredBy;
