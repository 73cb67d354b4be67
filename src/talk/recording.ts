import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { ConversationEvent } from "./conversation-events.ts";
import type { ConversationPlan } from "./conversation-plan.ts";
import type { Earlier } from "./conversation-state.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Everything from which a call can be replayed: what it began with and what happened. Personal; stored sealed. */
export interface Recording {
  version: 1;
  plan: ConversationPlan;
  earlier: Earlier | null;
  events: readonly ConversationEvent[];
}

/** A call of this many events has gone wrong; what follows is not kept. */
const mostEvents = 50_000;

/** Gathers events as they come. */
export function eventLog(): { add(event: ConversationEvent): void; readonly events: readonly ConversationEvent[] } {
  const events: ConversationEvent[] = [];
  return {
    add(event) {
      if (events.length < mostEvents) events.push(event);
    },
    events,
  };
}

/** The recording as one short text. */
export async function packRecording(recording: Recording): Promise<string> {
  return (await compress(JSON.stringify(recording))).toString("base64");
}

export async function unpackRecording(packed: string): Promise<Recording> {
  const parsed: unknown = JSON.parse((await decompress(Buffer.from(packed, "base64"))).toString("utf8"));
  if (!isRecording(parsed)) throw new Error("expected a recording of version 1");
  return parsed;
}

/** Recordings are written by `packRecording` only, and sealed: the version decides whether they can be read. */
function isRecording(value: unknown): value is Recording {
  return typeof value === "object" && value !== null && "version" in value && value.version === 1 && "events" in value && Array.isArray(value.events) && "plan" in value;
}
