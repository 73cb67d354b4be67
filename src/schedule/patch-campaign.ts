import { z } from "zod";
import { Refusal } from "../domain/errors.ts";
import { type CampaignView, campaignView } from "./campaign-view.ts";
import { changeCampaign } from "./campaigns.queries.ts";
import { mergeDefinition } from "./merge-definition.ts";
import type { LifecycleDeps } from "./ports.ts";
import { readDefinition } from "./read-definition.ts";
import { type CampaignInput, requireCampaign, wrongState } from "./require-campaign.ts";

const patchSchema = z.strictObject({
  name: z.string().min(1).max(120).optional(),
  weight: z.int().min(1).max(1_000).optional(),
  /** Merged into the definition's limits; null takes one back to its default. */
  limits: z.record(z.string(), z.number().nullable()).optional(),
  /** Replaces the definition's window; null removes it. */
  window: z.unknown().optional(),
  /** Laid over the whole definition; only while the campaign is a draft. */
  overrides: z.record(z.string(), z.unknown()).optional(),
});

const open = ["draft", "running", "paused", "finished"] as const;

/**
 * Changes a campaign: name, weight, limits and window at any time (the next tick of the planner and the next question at the
 * gate use the new values), everything else only in a draft.
 * Limits and window of the campaign for single calls are its template's: the next call would undo the change.
 * Refuses: 404, 409 `wrong_state`, 409 `follows_template`, 422 `invalid_patch`, 422 `invalid_definition`.
 */
export async function patchCampaign(
  deps: Pick<LifecycleDeps, "db" | "clock">,
  input: CampaignInput & { patch: unknown },
): Promise<CampaignView> {
  const patch = readPatch(input.patch);
  return deps.db.transaction().execute(async (tx) => {
    await tx.selectFrom("campaigns").where("id", "=", input.campaignId).where("account_id", "=", input.accountId).select("id").forUpdate().execute();
    const row = await requireCampaign(tx, input);
    if (patch.overrides !== undefined && row.state !== "draft") throw wrongState("override the definition of", row.state, ["draft"]);
    if (row.kind === "single_calls" && (patch.limits !== undefined || patch.window !== undefined)) {
      throw new Refusal(409, "follows_template", `calls posted one by one follow the template ${row.template ?? ""}; pause the campaign, or change the template`);
    }
    const overrides = {
      ...patch.overrides,
      ...(patch.limits === undefined ? {} : { limits: patch.limits }),
      ...(patch.window === undefined ? {} : { window: patch.window }),
    };
    const base = patch.window === undefined ? row.definition : mergeDefinition(row.definition, { window: null });
    const { source } = readDefinition(mergeDefinition(base, overrides));
    const changed = await changeCampaign(tx, {
      ...input,
      from: open,
      set: {
        definition: JSON.stringify(source),
        updated_at: new Date(deps.clock.nowMs()),
        ...(patch.name === undefined ? {} : { name: patch.name }),
        ...(patch.weight === undefined ? {} : { weight: patch.weight }),
      },
    });
    if (!changed) throw wrongState("change", row.state, open);
    return campaignView(changed);
  });
}

function readPatch(patch: unknown): z.infer<typeof patchSchema> {
  const parsed = patchSchema.safeParse(patch);
  if (parsed.success) return parsed.data;
  throw new Refusal(422, "invalid_patch", "expected name, weight, limits, window or overrides", {
    errors: parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message })),
  });
}
