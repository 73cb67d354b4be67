import { definitionSchema } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import { type CampaignView, campaignView } from "./campaign-view.ts";
import { changeCampaign, hasContacts, hasRunningImport } from "./campaigns.queries.ts";
import { readAcknowledged, requirePapers } from "./check-papers.ts";
import type { LifecycleDeps } from "./ports.ts";
import { type CampaignInput, requireCampaign, wrongState } from "./require-campaign.ts";

type StartDeps = Pick<LifecycleDeps, "db" | "clock" | "log" | "scrub" | "callerNumbers" | "acknowledged">;

export interface StartInput extends CampaignInput {
  /** Codes of `missing` that the operator vouches for; kept with the campaign and written into the evidence of each call. */
  acknowledge?: readonly string[];
}

const startable = ["draft", "finished"] as const;

/**
 * Starts a draft, or a finished campaign that has contacts waiting again: the list is scrubbed, the law's papers are
 * asked for, then the planner may dial. Starting a running campaign changes nothing.
 * Refuses: 404, 409 `wrong_state`, 409 `import_running`, 409 `no_contacts`, 409 `papers_missing` with `missing`,
 * 422 `cannot_acknowledge`.
 */
export async function startCampaign(deps: StartDeps, input: StartInput): Promise<CampaignView> {
  const row = await requireCampaign(deps.db, input);
  if (row.state === "running") return campaignView(row);
  if (row.state !== "draft" && row.state !== "finished") throw wrongState("start", row.state, startable);
  if (await hasRunningImport(deps.db, row.id)) {
    throw new Refusal(409, "import_running", "a list is still being imported; start when it is done", { retryable: true });
  }
  const acknowledged = [...new Set([...row.acknowledged, ...readAcknowledged(input.acknowledge ?? [])])];
  const scrubbed = await deps.scrub({ campaignId: row.id });
  await requirePapers(deps, { campaignId: row.id, definition: definitionSchema.parse(row.definition), acknowledged });
  if (!(await hasContacts(deps.db, row.id, ["waiting"]))) {
    throw new Refusal(409, "no_contacts", "the campaign has no contact that may be called", { extra: { blocked: scrubbed.blockedByReason } });
  }
  const now = new Date(deps.clock.nowMs());
  const started = await changeCampaign(deps.db, {
    ...input,
    from: startable,
    set: { state: "running", acknowledged, started_at: row.started_at ?? now, finished_at: null, paused_because: null, updated_at: now },
  });
  if (!started) throw wrongState("start", (await requireCampaign(deps.db, input)).state, startable);
  deps.log.info("started a campaign", { campaignId: row.id, checked: scrubbed.checked });
  return campaignView(started);
}
