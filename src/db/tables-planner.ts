import type { GeneratedAlways } from "kysely";
import type { ContactState, DueClass } from "../domain/contact.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";

/** Written by the database's own triggers on `contacts`; the sum of `contacts` by the other columns is the truth. */
export interface ContactTalliesTable {
  id: GeneratedAlways<number>;
  account_id: AccountId;
  campaign_id: CampaignId;
  state: ContactState;
  due_class: DueClass;
  reason: string | null;
  contacts: number;
}

/** Where accounts (campaign_id null) and campaigns stand in the planner's sharing. */
export interface PlannerStandingsTable {
  account_id: AccountId;
  campaign_id: CampaignId | null;
  pass: number;
  passed_over_retry: number;
  passed_over_fresh: number;
}
