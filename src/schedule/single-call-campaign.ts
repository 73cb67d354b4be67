import { isDeepStrictEqual } from "node:util";
import type { Selectable } from "kysely";
import type { CampaignsTable } from "../db/tables.ts";
import { type AccountId, type CampaignId, newId } from "../domain/ids.ts";
import { changeCampaign, findSingleCallCampaign } from "./campaigns.queries.ts";
import { readAcknowledged, requirePapers } from "./check-papers.ts";
import { loadTemplate } from "./create-campaign.ts";
import type { LifecycleDeps } from "./ports.ts";
import { type ReadDefinition, readDefinition } from "./read-definition.ts";

type SingleCallDeps = Pick<LifecycleDeps, "db" | "clock" | "random" | "templates" | "callerNumbers" | "acknowledged">;

export interface SingleCallInput {
  accountId: AccountId;
  template: string;
  /** Default: the template as it ships. */
  definition?: unknown;
  /** Codes of `missing` that the operator vouches for; kept with the campaign like those of a start. */
  acknowledge?: readonly string[];
}

/**
 * The account's standing campaign for calls posted one by one with a template: never finished, and made anew when it was
 * cancelled, for nothing dials for a cancelled one. It is made at the first call and follows the template's text. The law's papers are asked for like at a start.
 * Refuses: 422 `unknown_template`, 422 `invalid_definition`, 422 `cannot_acknowledge`, 409 `papers_missing`.
 */
export async function singleCallCampaign(deps: SingleCallDeps, input: SingleCallInput): Promise<Selectable<CampaignsTable>> {
  const read = readDefinition(input.definition ?? (await loadTemplate(deps.templates, input.template)));
  const campaign = (await findSingleCallCampaign(deps.db, input.accountId, input.template)) ?? (await make(deps, input, read));
  const acknowledged = [...new Set([...campaign.acknowledged, ...readAcknowledged(input.acknowledge ?? [])])];
  await requirePapers(deps, { campaignId: campaign.id, definition: read.definition, acknowledged });
  if (isDeepStrictEqual(campaign.definition, read.source) && acknowledged.length === campaign.acknowledged.length) return campaign;
  const changed = await changeCampaign(deps.db, {
    accountId: input.accountId,
    campaignId: campaign.id,
    from: ["running", "paused"],
    set: { definition: JSON.stringify(read.source), acknowledged, updated_at: new Date(deps.clock.nowMs()) },
  });
  return changed ?? campaign;
}

async function make(deps: SingleCallDeps, input: SingleCallInput, read: ReadDefinition): Promise<Selectable<CampaignsTable>> {
  const now = new Date(deps.clock.nowMs());
  const id = newId<CampaignId>(deps.clock, deps.random);
  await deps.db
    .insertInto("campaigns")
    .values({
      id,
      account_id: input.accountId,
      name: read.source.name,
      kind: "single_calls",
      template: input.template,
      state: "running",
      definition: JSON.stringify(read.source),
      created_at: now,
      started_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await findSingleCallCampaign(deps.db, input.accountId, input.template);
  if (!row) throw new Error(`expected the campaign for single calls of ${input.template} to exist`);
  return row;
}
