import { bytesPerMs, frameBytes } from "../../talk/ports.ts";

const samplesPerSecond = bytesPerMs * 1_000;
const loudness = 6_000;
const fadeMs = 20;
/** Two rising notes and a pause, in Hz and ms: "please wait" in every language. */
const notes = [
  { hz: 587, ms: 180 },
  { hz: 784, ms: 260 },
  { hz: 0, ms: 160 },
] as const;

/** A short friendly sound as μ-law at 8 kHz, whole frames; the last resort when no speech can be had. */
export function chime(): Uint8Array {
  const samples = notes.flatMap(({ hz, ms }) => {
    const count = (ms * samplesPerSecond) / 1_000;
    const fade = (fadeMs * samplesPerSecond) / 1_000;
    return Array.from({ length: count }, (_, at) => {
      const envelope = Math.min(1, at / fade, (count - at) / fade);
      return Math.round(loudness * envelope * Math.sin((2 * Math.PI * hz * at) / samplesPerSecond));
    });
  });
  const padded = Math.ceil(samples.length / frameBytes) * frameBytes;
  return Uint8Array.from({ length: padded }, (_, at) => muLaw(samples[at] ?? 0));
}

const bias = 0x84;
const clip = 32_635;

/** One 16-bit sample as μ-law (ITU-T G.711). */
function muLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), clip) + bias;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
