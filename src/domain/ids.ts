import { v7 as uuidv7 } from "uuid";
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

/** A string that names one kind of thing; mixing two kinds does not compile. */
export type Id<Kind extends string> = string & { readonly __id: Kind };

export type AccountId = Id<"account">;
export type CampaignId = Id<"campaign">;
export type ContactId = Id<"contact">;
export type AttemptId = Id<"attempt">;
export type ImportId = Id<"import">;
export type ScrubRunId = Id<"scrub_run">;
export type WebhookEndpointId = Id<"webhook_endpoint">;
export type ApiKeyId = Id<"api_key">;

/** The carrier's own name for a call (Twilio: `CA…`). */
export type CallSid = string & { readonly __callSid: true };

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text from outside can be an id at all; a miss is answered 404 without asking the database. */
export function looksLikeId(text: string): boolean {
  return uuidPattern.test(text);
}

/** Makes a time-ordered id (UUID version 7, RFC 9562) from the given clock and randomness. */
export function newId<T extends Id<string>>(clock: Clock, random: Random): T {
  return uuidv7({ msecs: clock.nowMs(), random: random.bytes(16) }) as T;
}
