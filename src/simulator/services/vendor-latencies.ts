import { type Random, wholeBelow } from "../../domain/random.ts";

/** Silence after the last word at which a listening model believes by so much that the turn is over. */
export interface EndOfTurnSilence {
  /** Confidence 0.3. */
  eagerMs: number;
  /** Confidence 0.7. */
  endMs: number;
}

/** How long the vendors of a phone world take, in milliseconds; drawn anew each time. */
export interface VendorLatencies {
  /** The listening model's hesitation before it calls a turn over. */
  endOfTurn(random: Random): EndOfTurnSilence;
  /** From audio that decides something to the message about it: recognition and network. */
  listening(random: Random): number;
  /** The language model's first chunk, reasoning not counted. */
  firstToken(random: Random): number;
  /** Between two chunks of its answer. */
  tokenGap(random: Random): number;
  /** The voice's first sound of a text. */
  firstSound(random: Random): number;
}

/**
 * What vendors publish and others measured; where sources differ, the slower one.
 *
 * - `endOfTurn`: Deepgram's documentation of Flux gives "~260 ms" (developers.deepgram.com/docs/flux/quickstart), the
 *   card of the hosted model a median under 300 ms and a p95 of 1.5 s (together.ai/models/flux). The eager event at 0.3
 *   comes a median of 150 ms and for one turn in twenty 350 ms before the end (telnyx.com release notes, 2026-01; Deepgram says
 *   150 to 250 ms). Flux hears from the voice that a sentence has more to come; here there is only silence, so no turn
 *   ends within 300 ms, which is longer than the pause between two sentences.
 * - `listening`: no source that separates it; a streaming model's step and a network within the region.
 * - `firstToken`: 280 to 370 ms for small models measured over calls (hzrelay.mecverse.com/blog/latency-breakdown), 500 ms
 *   in others' budgets (cognilium.ai/blogs/voice-ai-latency-budget-deep-dive): a median of 350 ms, twice that for one in twenty.
 * - `tokenGap`: about 57 chunks of up to five letters a second, the slow end of small models; no source.
 * - `firstSound`: 75 ms in the model as advertised for `eleven_flash_v2_5`, network excluded (elevenlabs.io/docs/models);
 *   25 to 99 ms of network added.
 */
export const publishedLatencies: VendorLatencies = {
  endOfTurn(random) {
    const endMs = Math.min(longestSilenceMs, Math.max(shortestSilenceMs, skewed(random, { median: 260, p95: 1_500 })));
    return { endMs, eagerMs: Math.max(shortestEagerMs, endMs - skewed(random, { median: 150, p95: 350 })) };
  },
  listening: (random) => 60 + wholeBelow(random, 80),
  firstToken: (random) => skewed(random, { median: 350, p95: 700 }),
  tokenGap: (random) => 8 + wholeBelow(random, 20),
  firstSound: (random) => 100 + wholeBelow(random, 75),
};

const shortestSilenceMs = 300;
const longestSilenceMs = 3_000;
const shortestEagerMs = 80;
/** The standard normal's 95th percentile. */
const normalP95 = 1.645;

/** A log-normal draw: most near the median, a few far above it. */
function skewed(random: Random, { median, p95 }: { median: number; p95: number }): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.fraction())) * Math.cos(2 * Math.PI * random.fraction());
  return median * Math.exp((Math.log(p95 / median) / normalP95) * normal);
}
