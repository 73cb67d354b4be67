import type { Clock, Timer } from "../domain/clock.ts";
import { type PlayerTrack, playerTrack, type WordEnd } from "./player-track.ts";
import { bytesPerMs, frameBytes, frameMs, type PhoneLine } from "./ports.ts";

/** Hands sound to the phone line in time: never far ahead, so that a `clear` throws little away and marks stay exact. */
export interface Player {
  /** More sound of an utterance; word ends may lie in sound given before, null says that none will ever be known. */
  add(utteranceId: string, audio: Uint8Array, wordEnds: readonly WordEnd[] | null): void;
  /** What a mark in sound of unknown words proves to have been heard; undefined when that sound was cleared. */
  soundHeard(mark: string): { utteranceId: string; bytes: number } | undefined;
  /** No more sound will come: what is there is played and its end marked. */
  finish(utteranceId: string): void;
  /** The utterance may be played, behind those released before it; `ahead`: before those of them that have not begun. */
  release(utteranceId: string, ahead?: boolean): void;
  /** Stops: the line is cleared and the sound of these utterances forgotten. */
  clear(utteranceIds: readonly string[]): void;
  /** Stops: the line is cleared, the sound is kept for `replay`. */
  pause(utteranceIds: readonly string[]): void;
  /** The sound of a paused utterance is to go on from this word under a new name, once that is released. */
  replay(utteranceId: string, of: string, fromWord: number): void;
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
/** Sound whose words have no ends is marked behind each piece, by its bytes, and no piece of it is longer. */
const longestUntimedMs = 200;
/** Stands in the name of such a mark; utterances and word marks never hold it. */
const soundMark = "@";
export const isSoundMark = (mark: string): boolean => mark.includes(soundMark);
/** An utterance begins with a whole word, or with so much sound that more of it comes before that is over; it waits only so long. */
const headStart = { soundMs: 200, waitMs: 100 } as const;
/** How soon to look again when the line takes nothing. */
const lineFullMs = 2 * frameMs;
/** Silence in mid-sentence after which a voice counts as stalled. */
const stallMs = 800;

export function startPlayer(deps: { clock: Clock; line: PhoneLine; events: PlayerEvents }): Player {
  const { clock, line, events } = deps;
  const tracks = new Map<string, PlayerTrack>();
  /** Marks by bytes that have not come back. */
  const unproved = new Map<string, PlayerTrack>();
  let queue: PlayerTrack[] = [];
  let playedUntilMs = 0;
  let head: { id: string; sinceMs: number } | undefined;
  let timer: Timer | undefined;
  let closed = false;

  const trackOf = (id: string): PlayerTrack => {
    const track = tracks.get(id) ?? playerTrack(id);
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

  const sendPiece = (track: PlayerTrack): "sent" | "ended" | "starved" | { waitMs: number } => {
    const waiting = track.added - track.sent;
    if (waiting <= 0 && track.finished) {
      sendMarks(track);
      line.mark(`${track.id}:end`);
      events.onSoundDone(track.id, aheadMs());
      return "ended";
    }
    if (waiting < frameBytes && !track.finished) {
      if (track.started && aheadMs() === 0 && clock.nowMs() - playedUntilMs >= stallMs) events.onStarved(track.id);
      return "starved";
    }
    const headWaitMs = headWait(track, waiting);
    if (headWaitMs > 0) return { waitMs: headWaitMs };
    const roomMs = leadMs - aheadMs();
    const bytes = nextPieceBytes(track, waiting, roomMs);
    if (bytes / bytesPerMs > roomMs) return { waitMs: bytes / bytesPerMs - roomMs };
    const piece = track.peek(bytes);
    if (!line.play(piece)) return { waitMs: lineFullMs };
    const isFirst = !track.started;
    track.advance(bytes);
    playedUntilMs = Math.max(playedUntilMs, clock.nowMs()) + bytes / bytesPerMs;
    if (isFirst) events.onFirstFrame(track.id);
    if (track.untimed) markSound(track);
    else sendMarks(track);
    return "sent";
  };

  /** How long to wait for more of a first word whose end is not there yet. */
  const headWait = (track: PlayerTrack, waiting: number): number => {
    if (track.started || track.finished || waiting >= headStart.soundMs * bytesPerMs || track.bytesToWordEnd() !== undefined) return 0;
    if (head?.id !== track.id) head = { id: track.id, sinceMs: clock.nowMs() };
    return Math.max(0, headStart.waitMs - (clock.nowMs() - head.sinceMs));
  };

  const sendMarks = (track: PlayerTrack): void => {
    for (const mark of track.takeMarks()) line.mark(mark);
  };
  const markSound = (track: PlayerTrack): void => {
    const mark = `${track.id}${soundMark}${track.sent}`;
    unproved.set(mark, track);
    line.mark(mark);
  };
  const hush = (utteranceIds: readonly string[]): void => {
    queue = queue.filter((track) => !utteranceIds.includes(track.id));
    playedUntilMs = clock.nowMs();
    // Marks of what is thrown away come back all the same.
    unproved.clear();
    if (!closed) line.clear();
  };
  const forget = (id: string): void => {
    for (const [name, track] of tracks) if (name === id || track.id === id) tracks.delete(name);
    queue = queue.filter((track) => track.id !== id);
  };

  return {
    add(utteranceId, audio, wordEnds) {
      const track = trackOf(utteranceId);
      if (track.finished || closed) return;
      track.untimed ||= wordEnds === null;
      track.add(audio, wordEnds ?? []);
      if (track.started) sendMarks(track);
      if (queue[0] === track) pump();
    },
    soundHeard(mark) {
      const track = unproved.get(mark);
      if (!track) return undefined;
      unproved.delete(mark);
      // The last piece may have been filled up with silence.
      track.heardByte = Math.min(track.added, Number(mark.slice(mark.indexOf(soundMark) + 1)));
      return { utteranceId: track.id, bytes: track.heardByte };
    },
    finish(utteranceId) {
      const track = tracks.get(utteranceId);
      if (!track || track.finished) return;
      track.finished = true;
      if (queue[0] === track) pump();
    },
    release(utteranceId, ahead = false) {
      const track = trackOf(utteranceId);
      if (queue.includes(track)) return;
      const begun = queue.filter((other) => other.started).length;
      queue.splice(ahead ? begun : queue.length, 0, track);
      if (queue[0] === track) pump();
    },
    clear(utteranceIds) {
      hush(utteranceIds);
      utteranceIds.forEach(forget);
      pump();
    },
    pause(utteranceIds) {
      hush(utteranceIds);
      pump();
    },
    replay(utteranceId, of, fromWord) {
      const track = tracks.get(of);
      if (!track) return;
      track.rewind(fromWord, utteranceId);
      tracks.set(utteranceId, track);
    },
    discard(utteranceId) {
      forget(utteranceId);
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
function nextPieceBytes(track: PlayerTrack, waiting: number, roomMs: number): number {
  const available = wholeFrames(waiting, track.finished ? Math.ceil : Math.floor);
  const toWordEnd = wholeFrames(track.bytesToWordEnd() ?? Number.POSITIVE_INFINITY, Math.ceil);
  if (toWordEnd <= longestWholeMs * bytesPerMs) return Math.min(toWordEnd, available);
  const longest = track.untimed ? longestUntimedMs * bytesPerMs : Number.POSITIVE_INFINITY;
  return Math.min(available, toWordEnd, longest, Math.max(shortestPieceMs * bytesPerMs, wholeFrames(roomMs * bytesPerMs, Math.floor)));
}

const wholeFrames = (bytes: number, round: (frames: number) => number): number => round(bytes / frameBytes) * frameBytes;
