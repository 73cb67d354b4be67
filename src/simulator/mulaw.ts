/** The telephone's audio: one byte per sample, 8,000 samples a second, one channel (ITU-T G.711 μ-law). */
export const samplesPerSecond = 8_000;
export const samplesPerMs = 8;
/** The byte of silence: a linear sample of zero. */
export const silenceByte = 0xff;

const bias = 0x84;
const clip = 32_635;

/** Encodes one linear 16-bit sample as μ-law. */
export function muLawFromLinear(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(Math.trunc(sample)), clip) + bias;
  const exponent = Math.max(0, 24 - Math.clz32(magnitude));
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** Decodes one μ-law byte into a linear 16-bit sample. */
export function linearFromMuLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + bias) << ((bits >> 4) & 0x07)) - bias;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

/** Silence of the given length. */
export function silence(sampleCount: number): Uint8Array {
  return new Uint8Array(sampleCount).fill(silenceByte);
}
