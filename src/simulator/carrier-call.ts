import type { Random } from "../domain/random.ts";
import type { CallLine } from "./carrier-line.ts";
import type { CallOrder } from "./carrier-parameters.ts";
import type { SimRecording } from "./carrier-recording.ts";
import type { CallFaults } from "./faults.ts";
import type { CallStatus } from "./ledger-events.ts";
import type { Persona } from "./personas/persona.ts";

/** REST statuses after which a call is over. */
export const finalStatuses: ReadonlySet<CallStatus> = new Set(["completed", "busy", "no-answer", "failed", "canceled"]);

/** A webhook the carrier sent about a call, as the Events resource shows it. */
export interface SentWebhook {
  url: string;
  method: string;
  form: Readonly<Record<string, string>>;
  atMs: number;
  status: number | null;
  tookMs: number;
}

/**
 * One call of the carrier: `queued` → `ringing` → `in-progress` → `completed`, or from the first two to `busy`, `no-answer`,
 * `failed` or `canceled`. Only `carrier-dialer` and `endCall` move it.
 */
export interface SimCall {
  readonly sid: string;
  readonly order: CallOrder;
  readonly persona: Persona;
  readonly random: Random;
  readonly faults: CallFaults;
  readonly createdAtMs: number;
  status: CallStatus;
  updatedAtMs: number;
  /** Estimated wait in the carrier's queue when it was created. */
  queueTimeMs: number;
  /** When it left the queue; REST shows no start_time before. */
  startedAtMs: number | null;
  answeredAtMs: number | null;
  endedAtMs: number | null;
  answeredBy: string | null;
  priceUsd: number | null;
  /** SequenceNumber of the next status callback. */
  nextSequence: number;
  /** Aborts when the call ends: everything that runs for it listens. */
  readonly over: AbortController;
  /** Aborts when new TwiML replaces the running one. */
  program: AbortController;
  line: CallLine | undefined;
  /** Media streams that were opened; only the first is cut by a fault. */
  streamsOpened: number;
  readonly recordings: SimRecording[];
  readonly webhooks: SentWebhook[];
  /** Both sides, frame by frame, when the world keeps audio. */
  audio: { said: Uint8Array[]; heard: Uint8Array[] } | undefined;
  /** Status callbacks held back to be delivered last first. */
  readonly heldCallbacks: Array<Record<string, string>>;
  /** Settles when the first status callback was answered. */
  readonly firstCallback: PromiseWithResolvers<void>;
}

export const isOver = (call: SimCall): boolean => finalStatuses.has(call.status);
