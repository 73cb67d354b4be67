import type { CampaignId } from "../../src/domain/ids.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import type { LifecycleDeps, ScrubSummary } from "../../src/schedule/ports.ts";
import type { TestDatabase } from "../support/database.ts";
import { reminder } from "./list-fixture.ts";
import { type PlannerWorld, plannerWorld } from "./planner-fixture.ts";

export interface LifecycleWorld extends LifecycleDeps {
  /** The planner over the same database and clock. */
  planner: PlannerWorld;
  clock: PlannerWorld["clock"];
  log: PlannerWorld["log"];
  /** Campaigns whose scrub, or whose cancelling at the carrier, was asked for. */
  scrubbed: CampaignId[];
  cancelledAtCarrier: CampaignId[];
}

/** Everything the life of a campaign needs, with templates in memory and ports that only listen. */
export function lifecycleWorld(database: TestDatabase, change: Partial<Omit<LifecycleDeps, "clock" | "log">> = {}): LifecycleWorld {
  const planner = plannerWorld(database);
  const scrubbed: CampaignId[] = [];
  const cancelledAtCarrier: CampaignId[] = [];
  const summary: ScrubSummary = { checked: 0, blockedByReason: {} };
  return {
    db: database.db,
    clock: planner.clock,
    random: planner.random,
    log: planner.log,
    templates: {
      load: (name) => Promise.resolve(name === "reminder" ? reminder : undefined),
      names: () => Promise.resolve(["reminder"]),
    },
    scrub: ({ campaignId }) => {
      scrubbed.push(campaignId);
      return Promise.resolve(summary);
    },
    cancelQueuedCalls: ({ campaignId }) => {
      cancelledAtCarrier.push(campaignId);
      return Promise.resolve();
    },
    callerNumbers: ["+14155550100" as E164],
    acknowledged: [],
    planner,
    scrubbed,
    cancelledAtCarrier,
    ...change,
  };
}

/** What an operator vouches for so that a reminder of a shop may start from a foreign number. */
export const vouched = ["foreign_caller_number", "no_sender_registration", "no_a2p_declaration", "no_series_for_sector"];
