import type { Clock, Timer } from "../domain/clock.ts";
import { bytesPerMs, frameBytes, frameMs, type PhoneLine, silenceByte } from "./ports.ts";

/** A place in an utterance's sound behind which so many of its words have been spoken. */
export interface WordEnd {
  words: number;
  atByte: number;
}

/** Hands sound to the phone line in time: never far ahead, so that a `clear` throws little away and marks stay exact. */
export interface Player {
  /** More sound of an utterance; word ends may lie in sound given before. */
  add(utteranceId: string, audio: Uint8Array, wordEnds: readonly WordEnd[]): void;
  /** No more sound will come: what is there is played and its end marked. */
  finish(utteranceId: string): void;
  /** The utterance may be played, behind those released before it. */
  release(utteranceId: string): void;
  /** Stops: the line is cleared and the sound of these utterances forgotten. */
  clear(utteranceIds: readonly string[]): void;
  /** Forgets an utterance without touching the line. */
  discard(utteranceId: string): void;
  /** Stops for good; nothing is sent afterwards. */
  close(): void;
}

export interface PlayerEvents {
  onFirstFrame(utteranceId: string): void;
  /** All sound was handed over and will have been played in about so many ms. */
  onSoundDone(utteranceId: string, playedInMs: number): void;
  /** The line has had nothing to play for a while though the utterance is not finished. */
  onStarved(utteranceId: string): void;
}

/** How far ahead of the callee's ear sound is handed over. */
const leadMs = 400;
/** A word up to this long is sent in one piece; longer sound, and sound whose words are not known, as the lead allows. */
const longestWholeMs = 340;
/** Sound of unknown words goes in pieces no shorter than this, except the last. */
const shortestPieceMs = 100;
/** How soon to look again when the line takes nothing. */
const lineFullMs = 2 * frameMs;
/** Silence in mid-sentence after which a voice counts as stalled. */
const stallMs = 800;

interface Track {
  readonly id: string;
  readonly chunks: Uint8Array[];
  /** Bytes of the first chunk that were sent already. */
  skip: number;
  added: number;
  sent: number;
  readonly wordEnds: WordEnd[];
  finished: boolean;
  started: boolean;
}

export function startPlayer(deps: { clock: Clock; line: PhoneLine; events: PlayerEvents }): Player {
  const { clock, line, events } = deps;
  const tracks = new Map<string, Track>();
  let queue: Track[] = [];
  let playedUntilMs = 0;
  let timer: Timer | undefined;
  let closed = false;

  const trackOf = (id: string): Track => {
    const track = tracks.get(id) ?? { id, chunks: [], skip: 0, added: 0, sent: 0, wordEnds: [], finished: false, started: false };
    tracks.set(id, track);
    return track;
  };
  const aheadMs = (): number => Math.max(0, playedUntilMs - clock.nowMs());

  const wakeIn = (ms: number): void => {
    timer?.cancel();
    timer = clock.setTimer(ms, pump);
  };

  /** Sends as much as the lead allows; utterances follow one another without a gap. */
  const pump = (): void => {
    timer?.cancel();
    timer = undefined;
    while (!closed) {
      const track = queue[0];
      if (!track) return;
      const outcome = sendPiece(track);
      if (outcome === "starved") return wakeIn(aheadMs() + stallMs);
      if (typeof outcome === "object") return wakeIn(outcome.waitMs);
      if (outcome === "ended") queue = queue.filter((other) => other !== track);
    }
  };

  const sendPiece = (track: Track): "sent" | "ended" | "starved" | { waitMs: number } => {
    const waiting = track.added - track.sent;
    if (waiting <= 0 && track.finished) {
      sendMarks(track);
      line.mark(`${track.id}:end`);
      tracks.delete(track.id);
      events.onSoundDone(track.id, aheadMs());
      return "ended";
    }
    if (waiting < frameBytes && !track.finished) {
      if (track.started && aheadMs() === 0 && clock.nowMs() - playedUntilMs >= stallMs) events.onStarved(track.id);
      return "starved";
    }
    const roomMs = leadMs - aheadMs();
    const bytes = nextPieceBytes(track, waiting, roomMs);
    if (bytes / bytesPerMs > roomMs) return { waitMs: bytes / bytesPerMs - roomMs };
    const piece = peek(track, bytes);
    if (!line.play(piece)) return { waitMs: lineFullMs };
    skipBytes(track, bytes);
    playedUntilMs = Math.max(playedUntilMs, clock.nowMs()) + bytes / bytesPerMs;
    if (!track.started) {
      track.started = true;
      events.onFirstFrame(track.id);
    }
    sendMarks(track);
    return "sent";
  };

  const sendMarks = (track: Track): void => {
    while (track.wordEnds[0] && track.wordEnds[0].atByte <= track.sent) {
      const end = track.wordEnds.shift();
      if (end) line.mark(`${track.id}:${end.words}`);
    }
  };

  return {
    add(utteranceId, audio, wordEnds) {
      const track = trackOf(utteranceId);
      if (track.finished || closed) return;
      if (audio.length > 0) track.chunks.push(audio);
      track.added += audio.length;
      track.wordEnds.push(...wordEnds);
      if (track.started) sendMarks(track);
      if (queue[0] === track) pump();
    },
    finish(utteranceId) {
      const track = tracks.get(utteranceId);
      if (!track || track.finished) return;
      track.finished = true;
      if (queue[0] === track) pump();
    },
    release(utteranceId) {
      const track = trackOf(utteranceId);
      if (queue.includes(track)) return;
      queue.push(track);
      if (queue[0] === track) pump();
    },
    clear(utteranceIds) {
      for (const id of utteranceIds) tracks.delete(id);
      queue = queue.filter((track) => tracks.get(track.id) === track);
      playedUntilMs = clock.nowMs();
      if (!closed) line.clear();
      pump();
    },
    discard(utteranceId) {
      tracks.delete(utteranceId);
      queue = queue.filter((track) => track.id !== utteranceId);
      pump();
    },
    close() {
      closed = true;
      timer?.cancel();
      tracks.clear();
      queue = [];
    },
  };
}

/**
 * How much to send next: up to the end of the next word, or as much as the lead allows. A word that fits is never sent
 * in part, so that a late wake-up makes a pause between words and no hole in one.
 */
function nextPieceBytes(track: Track, waiting: number, roomMs: number): number {
  const available = wholeFrames(waiting, track.finished ? Math.ceil : Math.floor);
  const nextWordEnd = track.wordEnds[0];
  const toWordEnd = nextWordEnd === undefined ? Number.POSITIVE_INFINITY : Math.max(frameBytes, wholeFrames(nextWordEnd.atByte - track.sent, Math.ceil));
  if (toWordEnd <= longestWholeMs * bytesPerMs) return Math.min(toWordEnd, available);
  return Math.min(available, toWordEnd, Math.max(shortestPieceMs * bytesPerMs, wholeFrames(roomMs * bytesPerMs, Math.floor)));
}

const wholeFrames = (bytes: number, round: (frames: number) => number): number => round(bytes / frameBytes) * frameBytes;

/** The next bytes of a track, padded with silence at its end; a view of its chunk where that is possible. */
function peek(track: Track, bytes: number): Uint8Array {
  const first = track.chunks[0];
  if (first && first.length - track.skip >= bytes) return first.subarray(track.skip, track.skip + bytes);
  const piece = new Uint8Array(bytes).fill(silenceByte);
  let at = 0;
  for (let index = 0; index < track.chunks.length && at < bytes; index += 1) {
    const chunk = track.chunks[index];
    if (!chunk) break;
    const part = chunk.subarray(index === 0 ? track.skip : 0).subarray(0, bytes - at);
    piece.set(part, at);
    at += part.length;
  }
  return piece;
}

function skipBytes(track: Track, bytes: number): void {
  track.sent += bytes;
  let left = bytes;
  while (left > 0) {
    const first = track.chunks[0];
    if (!first) return;
    const available = first.length - track.skip;
    if (available > left) {
      track.skip += left;
      return;
    }
    left -= available;
    track.skip = 0;
    track.chunks.shift();
  }
}
