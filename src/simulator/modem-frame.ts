import { muLawFromLinear, samplesPerSecond } from "./mulaw.ts";

/**
 * How one word lies in the audio. A burst is a click (one sample of `clickByte`, a value no tone contains) and then whole
 * bytes, each four symbols of two bits, each symbol sixteen samples of one of four tones:
 *
 *     kind 1 | payload length 2 | body length 2 | body (payload, then filler up to the word's natural length) | CRC-16 2
 *
 * The tones never touch zero, so a byte of silence can only stand between bursts, and their first samples differ, so one
 * look-up tells which tone has begun.
 */
export const clickByte = 0x80;
export const samplesPerSymbol = 16;
export const samplesPerByte = 4 * samplesPerSymbol;
export const headerBytes = 5;
export const overheadBytes = headerBytes + 2;
export const longestPayloadBytes = 0x7fff;

/** What a burst carries: a spoken word, or the name of a sound that is not speech (a beep, music). */
export const burstKinds = { word: 1, sound: 2 } as const;

const toneHz = [500, 1_000, 1_500, 2_000] as const;
const firstPhaseDegrees = [11.25, 33.75, 56.25, 78.75] as const;
const loudness = 9_000;

/** Samples of the four tones, one after the other. */
export const toneSamples: Uint8Array = Uint8Array.from({ length: 4 * samplesPerSymbol }, (_, index) => {
  const tone = index >> 4;
  const phase = ((firstPhaseDegrees[tone] ?? 0) * Math.PI) / 180;
  const turn = (2 * Math.PI * (toneHz[tone] ?? 0) * (index % samplesPerSymbol)) / samplesPerSecond;
  return muLawFromLinear(Math.round(loudness * Math.sin(phase + turn)));
});

/** Which tone begins with the given byte; 255 when none does. */
export const toneByFirstSample: Uint8Array = (() => {
  const table = new Uint8Array(256).fill(255);
  for (let tone = 0; tone < 4; tone += 1) table[toneSamples[tone * samplesPerSymbol] ?? 0] = tone;
  return table;
})();

const crcTable: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  return crc & 0xffff;
});

export const crcStart = 0xffff;

/** One step of CRC-16/CCITT. */
export function crcAfter(crc: number, byte: number): number {
  return ((crc << 8) ^ (crcTable[((crc >> 8) ^ byte) & 0xff] ?? 0)) & 0xffff;
}

/** The filler byte at a place of the body: it varies, so that a piece cut out of the filler is noticed. */
export function fillerAt(index: number): number {
  return (index * 89 + 37) & 0xff;
}
