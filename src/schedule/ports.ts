import type { Db } from "../db/database.ts";
import type { AcknowledgeableCode } from "../domain/campaign.ts";
import type { Clock } from "../domain/clock.ts";
import type { CampaignId } from "../domain/ids.ts";
import type { JobQueue } from "../domain/jobs.ts";
import type { Liveness } from "../domain/liveness.ts";
import type { Log } from "../domain/log.ts";
import type { Paise } from "../domain/money.ts";
import type { E164 } from "../domain/phone-number.ts";
import type { Random } from "../domain/random.ts";
import type { Vault } from "../domain/vault.ts";
import type { DefinitionCache } from "./definition-cache.ts";

/** Campaign definitions that ship with the deployment, by file name without its ending. */
export interface Templates {
  /** The definition as written, unchecked; undefined when there is no such template. */
  load(name: string): Promise<unknown>;
  names(): Promise<readonly string[]>;
}

/** What a pass of the scrub stage over one campaign's waiting contacts found. */
export interface ScrubSummary {
  /** Contacts looked at. */
  checked: number;
  /** Contacts now blocked, by reason. */
  blockedByReason: Readonly<Record<string, number>>;
}

/** Marks the contacts of a campaign that must not be called; safe to repeat. */
export type ScrubCampaign = (input: { campaignId: CampaignId }) => Promise<ScrubSummary>;

/** Takes back, at the carrier, the calls of a campaign that have not been dialed yet. */
export type CancelQueuedCalls = (input: { campaignId: CampaignId }) => Promise<unknown>;

/** What the deployment as a whole may do. */
export interface Capacity {
  /** Calls started per second on the carrier account. */
  callsPerSecond: number;
  /** Live calls at once. */
  concurrentCalls: number;
}

export interface LifecycleDeps {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
  templates: Templates;
  scrub: ScrubCampaign;
  cancelQueuedCalls: CancelQueuedCalls;
  /** Caller numbers of campaigns that name none. */
  callerNumbers: readonly E164[];
  /** Codes vouched for by the environment, for every start. */
  acknowledged: readonly AcknowledgeableCode[];
}

export interface PlannerDeps {
  db: Db;
  definitions: DefinitionCache;
  clock: Clock;
  random: Random;
  log: Log;
  /** Is told of every tick. */
  liveness?: Liveness;
  vault: Vault;
  queue: Pick<JobQueue, "announce">;
  capacity: Capacity;
  /** The most one call can cost, all vendors together: what the gate reserves before dialing. */
  worstCasePaise(maxCallSeconds: number): Paise;
  callerNumbers: readonly E164[];
  acknowledged: readonly AcknowledgeableCode[];
}
