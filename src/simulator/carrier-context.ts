import type { Random } from "../domain/random.ts";
import type { SimCall } from "./carrier-call.ts";
import type { Ticker } from "./carrier-ticker.ts";
import type { Webhooks } from "./carrier-webhooks.ts";
import type { World } from "./world.ts";

export interface CarrierOptions {
  /** Calls that leave the queue per second; a real account starts with 1. Default 1. */
  callsPerSecond?: number;
  /** REST requests answered at once; above it 429 with code 20429. Default 100. */
  concurrentRequests?: number;
  /** Caller numbers of the account; any other is refused with 21210. Default: every number is ours. */
  fromNumbers?: readonly string[];
  /** Signs the media socket's address with a slash at its end, as some accounts have seen. */
  signsTrailingSlash?: boolean;
  /** Says why a number must not ring now, or undefined: a call that rings all the same is an error in the ledger. */
  mayRing?: (number: string, atMs: number) => string | undefined;
  /** Keeps both sides of every call for `PhoneWorld.wavOf`; 16 kB a second. Default false. */
  keepAudio?: boolean;
  /** Forgets its oldest finished calls beyond this many. Default: keeps all. */
  keepCalls?: number;
}

/** What the parts of the carrier share. */
export interface CarrierContext {
  readonly world: World;
  readonly options: CarrierOptions;
  readonly calls: Map<string, SimCall>;
  /** Create requests so far, by number: the n-th call to a number draws the same chances in every run. */
  readonly createdTo: Map<string, number>;
  /** Calls to a number that may still be live. */
  readonly callsByNumber: Map<string, readonly SimCall[]>;
  readonly ticker: Ticker;
  readonly webhooks: Webhooks;
  /** When the next call may leave the queue. */
  nextDequeueAtMs: number;
  readonly closing: AbortSignal;
}

/** A length of time between two bounds, drawn. */
export function between(random: Random, fromMs: number, toMs: number): number {
  return fromMs + random.fraction() * (toMs - fromMs);
}
