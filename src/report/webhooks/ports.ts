import type { Db } from "../../db/database.ts";
import type { Clock, WallClock } from "../../domain/clock.ts";
import type { Log } from "../../domain/log.ts";
import type { Random } from "../../domain/random.ts";
import type { Vault } from "../../domain/vault.ts";

/** One request to an endpoint of a customer. */
export interface WebhookPost {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** From the first byte to the end of the answer. */
  timeoutMs: number;
}

export type WebhookAnswer =
  /** The endpoint answered; redirects are answers like any other and are not followed. */
  | { kind: "answered"; status: number; retryAfterMs: number | null }
  /** The name leads to an address inside a private network; nothing was sent. */
  | { kind: "address_refused"; detail: string }
  /** No connection, no answer in time, a broken certificate … */
  | { kind: "failed"; detail: string };

/**
 * Posts to an address that a customer chose. It never throws, never follows a redirect, and connects to public addresses
 * only, decided at the moment of connecting. The body of the answer is thrown away.
 */
export type PostWebhook = (post: WebhookPost) => Promise<WebhookAnswer>;

export interface WebhookDeps {
  db: Db;
  clock: Clock;
  /** Receivers compare the moment of sending with their own clocks. */
  wallClock: WallClock;
  random: Random;
  log: Log;
  vault: Vault;
  post: PostWebhook;
}

/** Which addresses an account may register. */
export interface AddressPolicy {
  /** Also `http:` and loopback addresses: for trials on one machine, never in production. */
  allowLoopback: boolean;
}
