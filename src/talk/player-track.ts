import { silenceByte } from "./ports.ts";

/** A place in an utterance's sound behind which so many of its words have been spoken. */
export interface WordEnd {
  words: number;
  atByte: number;
}

/**
 * The sound of one utterance: given in pieces of any size, sent in pieces of whole frames. All of it is kept until the
 * utterance is over, because one that was interrupted by mistake goes on from any of its words.
 */
export interface PlayerTrack {
  /** What it is called now; one that goes on after a pause has a new name. */
  readonly id: string;
  readonly added: number;
  /** Where the next piece begins. */
  readonly sent: number;
  /** Whether any of it was sent under its present name. */
  readonly started: boolean;
  finished: boolean;
  /** The ends of its words will never be known: what is heard of it is told by its bytes. */
  untimed: boolean;
  /** Of an untimed one, how much marks prove to have been heard. */
  heardByte: number;
  add(audio: Uint8Array, wordEnds: readonly WordEnd[]): void;
  /** Bytes up to the end of the next word; undefined when no further end is known. */
  bytesToWordEnd(): number | undefined;
  /** The next bytes, padded with silence behind the last; a view where that is possible. Moves on only with `advance`. */
  peek(bytes: number): Uint8Array;
  advance(bytes: number): void;
  /** Marks whose place has been sent, each once. */
  takeMarks(): readonly string[];
  /** Goes back to the end of this word, or where its words have no ends to the last byte that was heard, and takes a new name. */
  rewind(fromWord: number, newId: string): void;
}

export function playerTrack(firstId: string): PlayerTrack {
  const chunks: Uint8Array[] = [];
  const ends: WordEnd[] = [];
  let id = firstId;
  let added = 0;
  let sent = 0;
  let startedAt = 0;
  let chunkIndex = 0;
  let chunkSkip = 0;
  let nextEnd = 0;
  let wordsBefore = 0;

  const advance = (bytes: number): void => {
    sent += bytes;
    chunkSkip += bytes;
    for (let chunk = chunks[chunkIndex]; chunk && chunkSkip >= chunk.length; chunk = chunks[chunkIndex]) {
      chunkSkip -= chunk.length;
      chunkIndex += 1;
    }
  };

  return {
    get id() {
      return id;
    },
    get added() {
      return added;
    },
    get sent() {
      return sent;
    },
    get started() {
      return sent > startedAt;
    },
    finished: false,
    untimed: false,
    heardByte: 0,
    add(audio, wordEnds) {
      if (audio.length > 0) chunks.push(audio);
      added += audio.length;
      ends.push(...wordEnds);
    },
    bytesToWordEnd() {
      const next = ends.slice(nextEnd).find((end) => end.atByte > sent);
      return next === undefined ? undefined : next.atByte - sent;
    },
    peek(bytes) {
      const first = chunks[chunkIndex];
      if (first && first.length - chunkSkip >= bytes) return first.subarray(chunkSkip, chunkSkip + bytes);
      const piece = new Uint8Array(bytes).fill(silenceByte);
      for (let index = chunkIndex, at = 0; index < chunks.length && at < bytes; index += 1) {
        const part = chunks[index]?.subarray(index === chunkIndex ? chunkSkip : 0).subarray(0, bytes - at) ?? new Uint8Array(0);
        piece.set(part, at);
        at += part.length;
      }
      return piece;
    },
    advance,
    takeMarks() {
      const marks: string[] = [];
      for (let end = ends[nextEnd]; end && end.atByte <= sent; end = ends[nextEnd]) {
        if (end.words > wordsBefore) marks.push(`${id}:${end.words - wordsBefore}`);
        nextEnd += 1;
      }
      return marks;
    },
    rewind(fromWord, newId) {
      const words = wordsBefore + fromWord;
      const heard = fromWord === 0 ? startedAt : this.heardByte;
      const from = this.untimed ? heard : (ends.findLast((end) => end.words <= words)?.atByte ?? 0);
      id = newId;
      wordsBefore = words;
      nextEnd = 0;
      chunkIndex = 0;
      chunkSkip = 0;
      sent = 0;
      startedAt = Math.min(from, added);
      advance(startedAt);
    },
  };
}
