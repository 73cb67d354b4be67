import type { Selectable } from "kysely";
import type { CampaignsTable } from "../db/tables.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { DefinitionSource } from "../domain/definition.ts";
import type { CampaignId } from "../domain/ids.ts";
import { istText, istTextOrNull } from "../domain/ist-text.ts";

/** A campaign as the operator API shows it; instants are ISO 8601 with +05:30. */
export interface CampaignView {
  id: CampaignId;
  name: string;
  kind: "list" | "single_calls";
  state: CampaignState;
  paused_because: string | null;
  template: string | null;
  definition: DefinitionSource;
  weight: number;
  acknowledged: string[];
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  updated_at: string;
}

export function campaignView(row: Selectable<CampaignsTable>): CampaignView {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    state: row.state,
    paused_because: row.paused_because,
    template: row.template,
    definition: row.definition,
    weight: row.weight,
    acknowledged: row.acknowledged,
    created_at: istText(row.created_at),
    started_at: istTextOrNull(row.started_at),
    finished_at: istTextOrNull(row.finished_at),
    updated_at: istText(row.updated_at),
  };
}
