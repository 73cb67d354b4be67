import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { Random } from "../domain/random.ts";
import type { Faults } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { CalleeFacts } from "./personas/callee-facts.ts";
import type { Persona } from "./personas/persona.ts";
import type { NewSid } from "./sids.ts";

/** Everything the simulated vendors share. All time is `clock`, all chance is seeded. */
export interface World {
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly faults: Faults;
  /** Names things as the carrier does. */
  readonly newSid: NewSid;
  /** Chance of one thing (a call, a stream), the same for the same seed and name whatever else happens. */
  randomFor(name: string): Random;
  /** Who picks up at a number. */
  personaOf(number: string): Persona;
  /** What that person knows: birth year, what it will pay and when. */
  factsOf(number: string): CalleeFacts;
  /** Credentials that requests must show. */
  readonly accountSid: string;
  readonly authToken: string;
  /** Keys of the speech and language services; any key is taken when undefined. */
  readonly serviceKeys: { deepgram?: string; elevenLabs?: string; openAi?: string };
  /** "http://127.0.0.1:PORT", known once the world listens. */
  origin(): string;
}

/** A vendor inside the phone world's one http server: `mountServices(world)` answers this. */
export interface MountedVendor {
  /** Takes an http request if the path is this vendor's; otherwise answers false at once. */
  request(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes a WebSocket upgrade if the path is this vendor's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends every connection and timer. */
  close(): Promise<void>;
}
