import { definitionSchema } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import { type CampaignView, campaignView } from "./campaign-view.ts";
import { changeCampaign, hasContacts } from "./campaigns.queries.ts";
import { readAcknowledged, requirePapers } from "./check-papers.ts";
import type { LifecycleDeps } from "./ports.ts";
import { takeBackUnreached } from "./redial-unreached.queries.ts";
import { requireCampaign, wrongState } from "./require-campaign.ts";
import type { StartInput } from "./start-campaign.ts";

type RedialDeps = Pick<LifecycleDeps, "db" | "clock" | "log" | "scrub" | "callerNumbers" | "acknowledged">;

/**
 * Runs a finished campaign again for those who were not reached, with a new set of attempts; nobody who was reached, blocked, or
 * whose number is invalid is called. The list is scrubbed again and the papers are asked for as at a start.
 * Refuses: 404, 409 `wrong_state`, 409 `nobody_unreached`, 409 `papers_missing`.
 */
export async function redialUnreached(deps: RedialDeps, input: StartInput): Promise<CampaignView & { redialed: number }> {
  const row = await requireCampaign(deps.db, input);
  if (row.state !== "finished") throw wrongState("redial", row.state, ["finished"]);
  const acknowledged = [...new Set([...row.acknowledged, ...readAcknowledged(input.acknowledge ?? [])])];
  await requirePapers(deps, { campaignId: row.id, definition: definitionSchema.parse(row.definition), acknowledged });
  const now = new Date(deps.clock.nowMs());
  const redialed = await takeBackUnreached(deps.db, { campaignId: row.id, now });
  // Those taken back before a process died between here and the start wait already.
  if (redialed === 0 && !(await hasContacts(deps.db, row.id, ["waiting"]))) throw new Refusal(409, "nobody_unreached", "every contact was reached, blocked or taken back; there is nobody to call again");
  await deps.scrub({ campaignId: row.id });
  const running = await changeCampaign(deps.db, {
    ...input,
    from: ["finished"],
    set: { state: "running", acknowledged, finished_at: null, updated_at: now },
  });
  if (!running) throw wrongState("redial", (await requireCampaign(deps.db, input)).state, ["finished"]);
  deps.log.info("redials the unreached of a campaign", { campaignId: row.id, contacts: redialed });
  return { ...campaignView(running), redialed };
}
