import type { WorldLatencies } from "../simulator/world-latencies.ts";

/** What the closing lines on waiting are made of. */
export interface DemoLatencies {
  world: WorldLatencies;
  /** How much faster than real time the demo ran. */
  rate: number;
  /** How late the event loop of the service was, in real milliseconds. */
  lateP50Ms: number;
  lateP99Ms: number;
}

/**
 * How long people waited for replies, and whose the waiting was: the simulated vendors', and this machine's, whose every
 * late millisecond counts as many times as the demo runs faster than life.
 */
export function latencyLines({ world, rate, lateP50Ms, lateP99Ms }: DemoLatencies): readonly string[] {
  const { replies, vendors } = world;
  if (replies.turns === 0) return [];
  return [
    `In people's ears, by that ledger: a reply ${shown(replies.p50Ms)} (p50) and ${shown(replies.p95Ms)} (p95) after they stopped speaking, ${replies.turns} turns.`,
    `  Of that the vendors, simulated at the speed they publish (medians): ${shown(vendors.endOfTurnMs)} until a turn is over, ${shown(vendors.firstTokenMs)} to the first token of an answer, ${shown(vendors.firstSoundMs)} to its first sound; a reply that needs a tool takes two answers.`,
    `  This machine: at ${rate} × speed each millisecond late counts ${rate}; the service was late by ${Math.round(lateP50Ms * rate)} ms (p50) and ${Math.round(lateP99Ms * rate)} ms (p99) of the demo's time. At the speed of life: npm run bench -- reply`,
  ];
}

const shown = (ms: number | null): string => (ms === null ? "–" : `${ms} ms`);
