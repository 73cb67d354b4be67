import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Clock } from "../domain/clock.ts";
import type { ApiClient } from "./api-client.ts";

const created = z.looseObject({ id: z.string(), name: z.string() });
const importReport = z.looseObject({
  rows: z.number(),
  accepted: z.number(),
  rejected: z.number(),
  duplicates: z.number(),
  rejects_by_reason: z.record(z.string(), z.number()),
  rejects_url: z.string(),
});
export type ImportReport = z.infer<typeof importReport>;
const anything = z.unknown();

/** One campaign of the demo and what intake made of its list. */
export interface DemoCampaign {
  id: string;
  name: string;
  list: ImportReport;
}

const campaignsFolder = new URL("../../campaigns/", import.meta.url);

/** Creates a campaign from a shipped template and uploads the list beside it, as an operator would. */
export async function prepareCampaign(api: ApiClient, input: { template: string; overrides: Record<string, unknown> }): Promise<DemoCampaign> {
  const csv = await readFile(new URL(`${input.template}.csv`, campaignsFolder));
  const campaign = await api.post("/v1/campaigns", { template: input.template, overrides: input.overrides }, created);
  const list = await api.postCsv(`/v1/campaigns/${campaign.id}/contacts`, csv, importReport);
  return { id: campaign.id, name: campaign.name, list };
}

/** Puts numbers on the account's suppression list. */
export async function suppress(api: ApiClient, numbers: readonly string[]): Promise<void> {
  await api.post("/v1/suppressions", { numbers, reason: "asked not to be called" }, anything);
}

/** Records today's pass of a promotional list through the DND register. */
export async function recordScrub(api: ApiClient, campaign: DemoCampaign, clock: Clock, blocked: readonly string[]): Promise<void> {
  const body = { provider: "demo register", reference: `DEMO-${campaign.id.slice(-6)}-${clock.now().toFormat("yyyyLLddHHmmss")}`, scrubbed_at: clock.now().toISO(), blocked };
  await api.post(`/v1/campaigns/${campaign.id}/scrub-runs`, body, anything);
}

/** Starts a campaign, vouching for the papers that a simulated sender cannot have. */
export async function startCampaign(api: ApiClient, campaign: DemoCampaign, acknowledge: readonly string[]): Promise<void> {
  await api.post(`/v1/campaigns/${campaign.id}/start`, { acknowledge }, anything);
}
