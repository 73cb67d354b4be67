import {
  burstKinds,
  clickByte,
  crcAfter,
  crcStart,
  headerBytes,
  longestPayloadBytes,
  overheadBytes,
  samplesPerSymbol,
  toneByFirstSample,
  toneSamples,
} from "./modem-frame.ts";
import { silenceByte } from "./mulaw.ts";

/** What else a listener may want to know; sample numbers count from the first byte ever pushed. */
export interface DemodulatorEvents {
  /** Sound begins after silence, or a new burst begins. */
  onSoundStart?: (startSample: number) => void;
  /** Something was heard that is no whole word: a piece of a cut burst, noise. */
  onUnintelligible?: (startSample: number, endSample: number) => void;
  /** A sound that is not speech was heard whole. */
  onSound?: (name: string, endSample: number) => void;
}

export interface Demodulator {
  /** Takes the next samples in any portion; words are reported during the call. */
  push(samples: Uint8Array): void;
  /** Samples pushed so far. */
  readonly samplesHeard: number;
  /** The number after the last sample that was not silence; 0 before the first sound. */
  readonly lastSoundEnd: number;
  /** Bursts that were damaged, and noise. */
  readonly unintelligible: number;
}

/**
 * Turns modulated audio back into words while it streams. Three states:
 *
 * - silence: bytes of 0xFF are skipped; a click opens a burst, any other byte opens noise
 * - burst: every sample must be the one its tone demands, until the announced length and a right CRC are there
 * - noise: until silence or the next click
 *
 * A burst in which a sample is wrong, missing or doubled becomes noise at that sample; a click always opens a new burst, so
 * damage never spreads to the next word. `onWord` gets the number after the word's last sample, and that of its first.
 */
export function demodulator(onWord: (word: string, endSample: number, startSample: number) => void, events: DemodulatorEvents = {}): Demodulator {
  const decoder = new TextDecoder();
  let state: "silence" | "burst" | "noise" = "silence";
  let heard = 0;
  let lastSoundEnd = 0;
  let unintelligible = 0;
  let startedAt = 0;
  let frame = new Uint8Array(512);
  let bytesRead = 0;
  let frameLength = headerBytes;
  let byte = 0;
  let symbolOfByte = 0;
  let sampleOfSymbol = 0;
  let toneFrom = 0;

  const openBurst = (at: number): void => {
    state = "burst";
    startedAt = at;
    bytesRead = 0;
    frameLength = headerBytes;
    byte = 0;
    symbolOfByte = 0;
    sampleOfSymbol = 0;
    events.onSoundStart?.(at);
  };

  const giveUp = (endSample: number): void => {
    unintelligible += 1;
    events.onUnintelligible?.(startedAt, endSample);
  };

  const openNoise = (at: number): void => {
    state = "noise";
    startedAt = at;
    events.onSoundStart?.(at);
  };

  /** Takes one byte of the frame; false when the frame cannot be right. */
  const takeByte = (endSample: number): boolean => {
    if (bytesRead === frame.length) {
      const larger = new Uint8Array(frame.length * 4);
      larger.set(frame);
      frame = larger;
    }
    frame[bytesRead] = byte;
    bytesRead += 1;
    if (bytesRead === headerBytes) {
      const bodyLength = ((frame[3] ?? 0) << 8) | (frame[4] ?? 0);
      if (bodyLength > longestPayloadBytes) return false;
      frameLength = bodyLength + overheadBytes;
    }
    if (bytesRead < frameLength || bytesRead === headerBytes) return true;
    return closeBurst(endSample);
  };

  const closeBurst = (endSample: number): boolean => {
    let crc = crcStart;
    for (let index = 0; index < frameLength - 2; index += 1) crc = crcAfter(crc, frame[index] ?? 0);
    const payloadLength = ((frame[1] ?? 0) << 8) | (frame[2] ?? 0);
    const sent = ((frame[frameLength - 2] ?? 0) << 8) | (frame[frameLength - 1] ?? 0);
    if (sent !== crc || payloadLength > frameLength - overheadBytes) return false;
    state = "silence";
    const text = decoder.decode(frame.subarray(headerBytes, headerBytes + payloadLength));
    if (frame[0] === burstKinds.word) onWord(text, endSample, startedAt);
    else events.onSound?.(text, endSample);
    return true;
  };

  /** Takes one sample inside a burst; false when it is not the sample that belongs there. */
  const takeSample = (sample: number, endSample: number): boolean => {
    if (sampleOfSymbol === 0) {
      const tone = toneByFirstSample[sample] ?? 255;
      if (tone === 255) return false;
      toneFrom = tone * samplesPerSymbol;
      byte = ((byte << 2) | tone) & 0xff;
    } else if (sample !== toneSamples[toneFrom + sampleOfSymbol]) return false;
    sampleOfSymbol += 1;
    if (sampleOfSymbol < samplesPerSymbol) return true;
    sampleOfSymbol = 0;
    symbolOfByte += 1;
    if (symbolOfByte < 4) return true;
    symbolOfByte = 0;
    return takeByte(endSample);
  };

  const push = (samples: Uint8Array): void => {
    const base = heard;
    heard += samples.length;
    for (let index = 0; index < samples.length; index += 1) {
      const sample = samples[index] ?? silenceByte;
      const at = base + index;
      if (sample === silenceByte) {
        if (state === "silence") continue;
        giveUp(at);
        state = "silence";
        continue;
      }
      lastSoundEnd = at + 1;
      if (sample === clickByte) {
        if (state !== "silence") giveUp(at);
        openBurst(at);
      } else if (state === "silence") openNoise(at);
      else if (state === "burst" && !takeSample(sample, at + 1)) state = "noise";
    }
  };

  return {
    push,
    get samplesHeard() {
      return heard;
    },
    get lastSoundEnd() {
      return lastSoundEnd;
    },
    get unintelligible() {
      return unintelligible;
    },
  };
}
