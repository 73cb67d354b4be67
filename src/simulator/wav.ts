import { samplesPerSecond, silenceByte } from "./mulaw.ts";

const muLawFormat = 7;
const channels = 2;
const headerBytes = 58;

/** A stereo WAV file of two μ-law tracks, each 8,000 samples a second; the shorter one is filled with silence. */
export function wavFile(left: Uint8Array, right: Uint8Array): Uint8Array {
  const sampleCount = Math.max(left.length, right.length);
  const dataBytes = sampleCount * channels;
  const file = Buffer.alloc(headerBytes + dataBytes, silenceByte);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(headerBytes - 8 + dataBytes, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(18, 16);
  file.writeUInt16LE(muLawFormat, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(samplesPerSecond, 24);
  file.writeUInt32LE(samplesPerSecond * channels, 28);
  file.writeUInt16LE(channels, 32);
  file.writeUInt16LE(8, 34);
  file.writeUInt16LE(0, 36);
  file.write("fact", 38, "latin1");
  file.writeUInt32LE(4, 42);
  file.writeUInt32LE(sampleCount, 46);
  file.write("data", 50, "latin1");
  file.writeUInt32LE(dataBytes, 54);
  for (let index = 0; index < sampleCount; index += 1) {
    file[headerBytes + 2 * index] = left[index] ?? silenceByte;
    file[headerBytes + 2 * index + 1] = right[index] ?? silenceByte;
  }
  return file;
}
