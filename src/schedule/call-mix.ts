import type { Paise } from "../domain/money.ts";

/** How calls are expected to end, as shares of all calls that add up to 1, and how long they last. */
export interface CallMix {
  reached: number;
  noAnswer: number;
  busy: number;
  voicemail: number;
  /** Switched off, out of coverage, or failed at the carrier. */
  notReached: number;
  /** Mean length of a conversation. */
  talkSeconds: number;
  /** Mean time until it is clear that nobody answers. */
  ringSeconds: number;
}

/** What a call costs. A started minute is billed by the carrier; the other vendors by the second of talk. */
export interface CallPrices {
  carrierPerMinutePaise: Paise;
  vendorsPerTalkMinutePaise: Paise;
}

/**
 * Assumptions, to be replaced by a deployment's own numbers: own customers called from numbers they do not know answer
 * a good third of the calls, and a reminder takes a minute and a quarter.
 */
export const usualMix = {
  reached: 0.38,
  noAnswer: 0.34,
  busy: 0.08,
  voicemail: 0.02,
  notReached: 0.18,
  talkSeconds: 75,
  ringSeconds: 22,
} as const satisfies CallMix;

/** How long a call lasts that a machine answers. */
const machineSeconds = 8;

/** Mean seconds that one call keeps a slot. */
export function slotSeconds(mix: CallMix): number {
  return mix.ringSeconds + mix.reached * mix.talkSeconds + mix.voicemail * machineSeconds;
}

/** Mean cost of one call when conversations last `talkSeconds`. */
export function callCostPaise(mix: CallMix, prices: CallPrices, talkSeconds: number): number {
  const talk = Math.ceil(talkSeconds / 60) * prices.carrierPerMinutePaise + (talkSeconds / 60) * prices.vendorsPerTalkMinutePaise;
  const machine = prices.carrierPerMinutePaise + (machineSeconds / 60) * prices.vendorsPerTalkMinutePaise;
  return mix.reached * talk + mix.voicemail * machine;
}
