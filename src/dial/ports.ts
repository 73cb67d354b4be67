import type { Db } from "../db/database.ts";
import type { AcknowledgeableCode } from "../domain/campaign.ts";
import type { CallFact } from "../domain/call-fact.ts";
import type { Clock } from "../domain/clock.ts";
import type { AccountId, AttemptId, CampaignId } from "../domain/ids.ts";
import type { Liveness } from "../domain/liveness.ts";
import type { Log } from "../domain/log.ts";
import type { Paise } from "../domain/money.ts";
import type { E164 } from "../domain/phone-number.ts";
import type { Random } from "../domain/random.ts";
import type { Spoken } from "../domain/recording-notice.ts";
import type { Vault } from "../domain/vault.ts";
import type { Spacing } from "./spacing.ts";

/** What the carrier does with the line once somebody picks up, or when it asks again. */
export type AnswerPlan =
  /** Opens the media stream; `streamToken` is handed over inside it. Recording begins only when `record` is set. */
  | { kind: "converse"; streamToken: string; record: boolean; notice: Spoken | null }
  /** Asks whether the call may be recorded (spoken answer or key 1), before any stream. */
  | { kind: "ask_consent"; notice: Spoken }
  | { kind: "hang_up"; farewell: Spoken | null };

/** One call to place. `token` rides in every address the carrier will call back. */
export interface CallOrder {
  to: E164;
  from: E164;
  token: string;
  /** How long it may ring. */
  ringSeconds: number;
  /** When the carrier itself ends the call, even if every process of ours is dead. */
  maxCallSeconds: number;
  answer: AnswerPlan;
  /** Whether the carrier listens for an answering machine while the conversation begins; `message_end` waits for the beep. */
  detectMachine: "off" | "at_once" | "message_end";
}

/** Who must act when the carrier says no: nobody (this number), the campaign's owner, or everybody on this carrier account. */
export type RefusalScope = "contact" | "campaign" | "carrier";

/** What a refusal says about the number called: that it cannot be one, or nothing. */
export type RefusalReason = "invalid_number" | "other";

/**
 * What became of a request to place a call. Only `not_taken` may ever be sent again, because
 * only then no phone can ring.
 */
export type PlaceResult =
  | { kind: "accepted"; callSid: string; queueTimeMs: number | null }
  /** A definite no, with the carrier's own code for people to look up; what follows is decided by `reason` and `scope`. */
  | { kind: "refused"; reason: RefusalReason; code: string; detail: string; scope: RefusalScope }
  /** The carrier did not process it (too many requests), or the connection was never made. */
  | { kind: "not_taken"; because: "rate" | "never_connected"; code: string }
  /** Nobody knows: the phone may be ringing. */
  | { kind: "unknown"; because: "timeout" | "connection_lost" | "server_error" | "unreadable_answer"; code: string };

/** One call as the carrier reports it when asked. */
export interface CallReading {
  callSid: string;
  /** Still waiting at the carrier: it has not been dialed and can be cancelled. */
  queued: boolean;
  live: boolean;
  /** Everything the reading proves, as facts. */
  facts: readonly CallFact[];
}

/** One line of the carrier's own call list. */
export interface CallSighting {
  callSid: string;
  createdAtMs: number;
}

/**
 * A telephone carrier. Every method may throw a `VendorError` of kind "carrier" except `place`, which answers with a
 * `PlaceResult` for everything that can happen. Not in it: signatures and forms of callbacks, which are the door's.
 */
export interface Carrier {
  readonly name: string;
  /** Whether this carrier can show the number to the person called. */
  canPresent(number: E164): boolean;
  place(order: CallOrder): Promise<PlaceResult>;
  /** Takes back a call that has not been answered; "too_late" when it is past that, "gone" when the carrier has no such call. */
  cancel(callSid: string): Promise<"cancelled" | "too_late" | "gone">;
  /** Ends a call in whatever state it is; ending one that is over is no error. */
  hangUp(callSid: string): Promise<void>;
  /** The call as it is now; undefined when the carrier has no such call. */
  fetch(callSid: string): Promise<CallReading | undefined>;
  /** Calls we placed to a number from a number since an instant, also those still queued. */
  findCalls(search: { to: E164; from: E164; sinceMs: number }): Promise<readonly CallSighting[]>;
  /** Tokens found in the addresses that the carrier called back for this call: proof of which attempt it belongs to. */
  attemptTokens(callSid: string): Promise<readonly string[]>;
  /**
   * Deletes every recording of a call, and the one named, for good; answers how many there were. What the carrier no longer
   * has is no error. May be repeated.
   */
  deleteRecordings(call: { callSid: string; recordingSid: string | null }): Promise<number>;
}

/** What dialing needs to be told; money in paise, pace in calls per second. */
export interface DialSettings {
  /** Names this process in leases. */
  processName: string;
  /** Pace of the whole carrier account. */
  callsPerSecond: number;
  /** Pace of one caller number; default: `callsPerSecond`. */
  callsPerSecondPerNumber?: number;
  /** Live calls of the whole deployment. */
  maxConcurrentCalls: number;
  /** Caller numbers of campaigns that name none. */
  fromNumbers: readonly E164[];
  /** Codes vouched for at every start of the service. */
  acknowledged: readonly AcknowledgeableCode[];
  /** The most a minute of a call can cost, all vendors together: what is reserved before dialing. */
  worstCasePerMinutePaise: Paise;
}

/** Where dialing counts what it does; every method is cheap and never throws. */
export interface DialMetrics {
  placed(result: PlaceResult["kind"]): void;
  gate(decision: "call" | "wait" | "never" | "postponed", code: string): void;
  /** How late the request left, against its place in the pace. */
  sendLatenessMs(ms: number): void;
  carrierQueueMs(ms: number): void;
  ambiguousOpen(count: number): void;
  /** Callbacks that can never be folded and wait for a person. */
  factsParked(count: number): void;
}

/** Asked to stop dialing by a refusal that is not about one number (no permission, wrong caller number, account closed). */
export interface StopDialing {
  pauseCampaign(input: { campaignId: CampaignId; because: string }): Promise<void>;
}

export interface DialDeps {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
  vault: Vault;
  carrier: Carrier;
  settings: DialSettings;
  /** One per process (`newSpacing`). */
  spacing: Spacing;
  /** Told when an attempt has become final, and again when a late fact raised its revision. May be told twice; must not throw. */
  onEnded(input: { attemptId: AttemptId; accountId: AccountId }): Promise<void>;
  stopDialing?: StopDialing;
  /** Whether the clock can be trusted at this very moment; false after the machine slept. Default: always. */
  clockAgrees?(): boolean;
  /** Is told of every run of the background loops. */
  liveness?: Liveness;
  metrics?: DialMetrics;
  /** A named point between two steps, outside any transaction; production wires nothing here, a chaos run ends the process at one. */
  crashPoint?(name: CrashPoint, about: { token?: string }): void | Promise<void>;
}

/** The points between which a process may die, in the order of a call's life. */
export const crashPoints = [
  "before_claim",
  "after_claim",
  "after_sending_committed",
  "response_parsed",
  "result_write_sent",
  "result_write_committed",
  "fact_stored",
  "fact_folded",
] as const;
export type CrashPoint = (typeof crashPoints)[number];
