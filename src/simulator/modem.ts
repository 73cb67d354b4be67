import {
  burstKinds,
  clickByte,
  crcAfter,
  crcStart,
  fillerAt,
  longestPayloadBytes,
  overheadBytes,
  samplesPerByte,
  samplesPerSymbol,
  toneSamples,
} from "./modem-frame.ts";
import { samplesPerMs, samplesPerSecond, silence, silenceByte } from "./mulaw.ts";

export { demodulator, type Demodulator, type DemodulatorEvents } from "./modem-demodulator.ts";

export interface SpeechPace {
  /** Words per minute of ordinary English; longer words take longer. Default 200. */
  wordsPerMinute?: number;
}

/** One word of modulated speech: where it stands in the text and in the audio. */
export interface ModulatedWord {
  text: string;
  /** Offsets into the text, in UTF-16 units, end exclusive. */
  charStart: number;
  charEnd: number;
  /** Offsets into the audio, end exclusive: the word is heard once the sample before `endSample` was. */
  startSample: number;
  endSample: number;
}

export interface ModulatedSpeech {
  audio: Uint8Array;
  words: readonly ModulatedWord[];
}

const defaultWordsPerMinute = 200;
const gapSamples = 40 * samplesPerMs;
const commaPauseSamples = 100 * samplesPerMs;
const sentencePauseSamples = 220 * samplesPerMs;
const encoder = new TextEncoder();

/** Speech as 8 kHz μ-law audio that `demodulator` turns back into exactly these words. */
export function modulate(text: string, pace: SpeechPace = {}): Uint8Array {
  return modulateWords(text, pace).audio;
}

/**
 * As `modulate`, with the place of each word. Words are what white space divides; each is followed by a gap of silence,
 * longer after a comma and at the end of a sentence.
 */
export function modulateWords(text: string, pace: SpeechPace = {}): ModulatedSpeech {
  const msPerWord = 60_000 / (pace.wordsPerMinute ?? defaultWordsPerMinute);
  const words: ModulatedWord[] = [];
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const match of text.matchAll(/\S+/g)) {
    const burst = burstOf(burstKinds.word, match[0], wordSamples(match[0], msPerWord));
    const charEnd = match.index + match[0].length;
    words.push({ text: match[0], charStart: match.index, charEnd, startSample: at, endSample: at + burst.length });
    const gap = gapAfter(match[0]);
    pieces.push(burst, silence(gap));
    at += burst.length + gap;
  }
  return { audio: joined(pieces, at), words };
}

/** A sound that is not speech, such as a voicemail beep: demodulated as a sound of that name, never as a word. */
export function modulateSound(name: string, durationMs: number): Uint8Array {
  return burstOf(burstKinds.sound, name, durationMs * samplesPerMs);
}

/** How long a text takes to be spoken. */
export function spokenMs(text: string, pace: SpeechPace = {}): number {
  return (modulate(text, pace).length * 1_000) / samplesPerSecond;
}

function wordSamples(word: string, msPerWord: number): number {
  const letters = word.replace(/[^\p{L}\p{N}]/gu, "").length;
  const weight = Math.min(2, Math.max(0.5, (letters + 3) / 8));
  return Math.round(msPerWord * weight * samplesPerMs) - gapSamples;
}

function gapAfter(word: string): number {
  if (/[.?!।…]["')\]]*$/.test(word)) return gapSamples + sentencePauseSamples;
  return /[,;:—–]$/.test(word) ? gapSamples + commaPauseSamples : gapSamples;
}

/** One burst, filled up to about the wanted length; longer when the payload needs more. */
function burstOf(kind: number, payloadText: string, wantedSamples: number): Uint8Array {
  const payload = encoder.encode(payloadText.toWellFormed());
  if (payload.length > longestPayloadBytes) throw new RangeError(`expected a word of at most ${longestPayloadBytes} bytes, got ${payload.length}`);
  const wantedBody = Math.floor(wantedSamples / samplesPerByte) - overheadBytes;
  const bodyLength = Math.min(longestPayloadBytes, Math.max(payload.length, wantedBody));
  const frame = new Uint8Array(bodyLength + overheadBytes);
  frame.set([kind, payload.length >> 8, payload.length & 0xff, bodyLength >> 8, bodyLength & 0xff]);
  frame.set(payload, 5);
  for (let index = payload.length; index < bodyLength; index += 1) frame[5 + index] = fillerAt(index);
  const crc = frame.subarray(0, -2).reduce(crcAfter, crcStart);
  frame.set([crc >> 8, crc & 0xff], frame.length - 2);
  return soundOf(frame);
}

function soundOf(frame: Uint8Array): Uint8Array {
  const audio = new Uint8Array(1 + frame.length * samplesPerByte);
  audio[0] = clickByte;
  let at = 1;
  for (const byte of frame) {
    for (let shift = 6; shift >= 0; shift -= 2) {
      const from = ((byte >> shift) & 3) * samplesPerSymbol;
      audio.set(toneSamples.subarray(from, from + samplesPerSymbol), at);
      at += samplesPerSymbol;
    }
  }
  return audio;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length).fill(silenceByte);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
