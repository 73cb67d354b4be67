import type { HearingEvent } from "../../talk/ports.ts";

/** One thing that happens to a transcription session, as far as turns are made of it. */
export type TranscriptionMessage =
  /** Speech begins, or goes on after a pause. */
  | { kind: "sound" }
  /** A stretch of speech was cut off, in a pause or while it goes on: a transcript of it is owed. */
  | { kind: "cut"; inPause: boolean }
  /** Nobody has spoken for so long that the turn is over. */
  | { kind: "silence" }
  /** The vendor has taken the cut. */
  | { kind: "committed"; itemId: string }
  | { kind: "delta"; itemId: string; text: string }
  | { kind: "completed"; itemId: string; text: string; languages: readonly string[] }
  /** The vendor could not transcribe the stretch: its deltas are all there is. */
  | { kind: "failed"; itemId: string }
  /** What is still owed will not come. */
  | { kind: "given_up" };

export interface TranscriptionTurns {
  /** Takes a message; answers the turn events it makes. `silentForMs`: since the last sound, by the audio. */
  take(message: TranscriptionMessage, silentForMs: number | null): readonly HearingEvent[];
  /** Whether a delta of this item tells of speech since the last cut. */
  isNewSpeech(itemId: string): boolean;
  /** Transcripts of stretches that were cut off are still to come. */
  readonly isOwed: boolean;
  /** The text of the turn under way; empty when there is none. */
  readonly text: string;
}

interface Piece {
  text: string;
  isCommitted: boolean;
  isDone: boolean;
}

/** Items of turns that are over; what comes late for them is not heard again. */
const remembered = 32;

/**
 * Puts the items of a transcription session together into turns. A turn is one item or more: speech that goes on after
 * a cut, before the turn is over, makes a further item of the same turn. A turn is over when nobody speaks and every
 * transcript is there, so one that goes on while a transcript is awaited has simply not ended. Transcripts may come in
 * any order; the text keeps the order in which their items began.
 */
export function transcriptionTurns(): TranscriptionTurns {
  const pieces = new Map<string, Piece>();
  const past: string[] = [];
  let isOpen = false;
  let isStill = false;
  let isSilent = false;
  let toldEagerly = "";
  let toldWords = "";
  let cutsUnanswered = 0;
  const languages = new Set<string>();

  const text = (): string => [...pieces.values()].map((piece) => piece.text.trim()).filter((part) => part !== "").join(" ");
  const owesTranscripts = (): boolean => cutsUnanswered > 0 || [...pieces.values()].some((piece) => piece.isCommitted && !piece.isDone);
  const pieceOf = (itemId: string): Piece => {
    const piece = pieces.get(itemId) ?? { text: "", isCommitted: false, isDone: false };
    pieces.set(itemId, piece);
    return piece;
  };
  const forget = (itemId: string): void => {
    past.push(itemId);
    if (past.length > remembered) past.shift();
  };
  const open = (): HearingEvent[] => {
    if (isOpen) return [];
    isOpen = true;
    return [{ kind: "started" }];
  };
  const resume = (): HearingEvent[] => {
    isStill = false;
    isSilent = false;
    const wasEager = toldEagerly !== "";
    toldEagerly = "";
    return wasEager ? [{ kind: "resumed" }] : [];
  };
  const tellWords = (): HearingEvent[] => {
    const now = text();
    if (now === toldWords || now === "") return [];
    toldWords = now;
    return [{ kind: "words", text: now }];
  };
  const tellEagerly = (): HearingEvent[] => {
    if (!isStill || isSilent || toldWords === "" || toldEagerly === toldWords) return [];
    toldEagerly = toldWords;
    return [{ kind: "eager_end", text: toldWords }];
  };
  const endIfOver = (silentForMs: number | null): HearingEvent[] => {
    if (!isOpen || !isSilent || owesTranscripts()) return [];
    const ended: HearingEvent = { kind: "ended", text: text(), languages: [...languages], silentForMs };
    for (const itemId of pieces.keys()) forget(itemId);
    pieces.clear();
    languages.clear();
    isOpen = false;
    isStill = false;
    isSilent = false;
    toldEagerly = "";
    toldWords = "";
    return [ended];
  };
  const isNewSpeech = (itemId: string): boolean => cutsUnanswered === 0 && !past.includes(itemId) && pieces.get(itemId)?.isCommitted !== true;
  const onDelta = (itemId: string, delta: string): HearingEvent[] => {
    if (delta.trim() === "" && !pieces.has(itemId)) return [];
    const events = open();
    if (isNewSpeech(itemId)) events.push(...resume());
    const piece = pieceOf(itemId);
    if (!piece.isDone) piece.text += delta;
    return [...events, ...tellWords()];
  };
  const onDone = (itemId: string, transcript: { text: string; languages: readonly string[] } | undefined, silentForMs: number | null): HearingEvent[] => {
    const piece = pieceOf(itemId);
    if (!piece.isCommitted) cutsUnanswered = Math.max(0, cutsUnanswered - 1);
    piece.isCommitted = true;
    piece.isDone = true;
    if (transcript) piece.text = transcript.text;
    if (!isOpen && piece.text.trim() === "") {
      pieces.delete(itemId);
      forget(itemId);
      return [];
    }
    for (const language of transcript?.languages ?? []) languages.add(language);
    // Speech that nobody noticed until it was transcribed is a turn that is over already.
    if (!isOpen) isSilent = true;
    return [...open(), ...tellWords(), ...(owesTranscripts() ? [] : tellEagerly()), ...endIfOver(silentForMs)];
  };

  const take: TranscriptionTurns["take"] = (message, silentForMs) => {
    if ("itemId" in message && past.includes(message.itemId)) return [];
    switch (message.kind) {
      case "sound":
        return isOpen ? resume() : open();
      case "cut":
        cutsUnanswered += 1;
        isStill = message.inPause;
        // Where the words of this stretch are not known yet, the transcript will tell.
        return [...pieces.values()].some((piece) => !piece.isCommitted && piece.text !== "") ? tellEagerly() : [];
      case "silence":
        isStill = true;
        isSilent = isOpen;
        return endIfOver(silentForMs);
      case "committed":
        if (pieces.get(message.itemId)?.isCommitted === true) return [];
        cutsUnanswered = Math.max(0, cutsUnanswered - 1);
        if (isOpen) pieceOf(message.itemId).isCommitted = true;
        return [];
      case "delta":
        return onDelta(message.itemId, message.text);
      case "completed":
        return onDone(message.itemId, { text: message.text, languages: message.languages }, silentForMs);
      case "failed":
        return onDone(message.itemId, undefined, silentForMs);
      case "given_up":
        cutsUnanswered = 0;
        for (const piece of pieces.values()) piece.isDone = true;
        return endIfOver(silentForMs);
    }
  };
  return {
    take,
    isNewSpeech,
    get isOwed() {
      return owesTranscripts();
    },
    get text() {
      return text();
    },
  };
}
