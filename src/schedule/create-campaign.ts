import { z } from "zod";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, type CampaignId, newId } from "../domain/ids.ts";
import { type CampaignView, campaignView } from "./campaign-view.ts";
import { insertCampaign } from "./campaigns.queries.ts";
import { mergeDefinition } from "./merge-definition.ts";
import type { LifecycleDeps, Templates } from "./ports.ts";
import { type ReadDefinition, readDefinition } from "./read-definition.ts";

export interface CreateCampaignInput {
  accountId: AccountId;
  /** Default: the definition's name. */
  name?: string;
  /** Exactly one of `definition` and `template`. */
  definition?: unknown;
  template?: string;
  /** Laid over the definition or template (JSON Merge Patch) before it is checked. */
  overrides?: unknown;
}

/**
 * Creates a campaign in state `draft`.
 * Refuses: 422 `definition_or_template`, 422 `unknown_template`, 422 `invalid_definition` with every problem's path.
 */
export async function createCampaign(
  deps: Pick<LifecycleDeps, "db" | "clock" | "random" | "templates">,
  input: CreateCampaignInput,
): Promise<CampaignView> {
  const { source } = await definitionOf(deps.templates, input);
  const now = new Date(deps.clock.nowMs());
  const row = await insertCampaign(deps.db, {
    id: newId<CampaignId>(deps.clock, deps.random),
    account_id: input.accountId,
    name: input.name ?? source.name,
    template: input.template ?? null,
    state: "draft",
    definition: JSON.stringify(source),
    created_at: now,
    updated_at: now,
  });
  return campaignView(row);
}

async function definitionOf(templates: Templates, input: CreateCampaignInput): Promise<ReadDefinition> {
  if ((input.definition === undefined) === (input.template === undefined)) {
    throw new Refusal(422, "definition_or_template", "expected either a definition or the name of a template", { path: "definition" });
  }
  const base = input.template === undefined ? input.definition : await loadTemplate(templates, input.template);
  return readDefinition(input.overrides === undefined ? base : mergeDefinition(base, input.overrides));
}

const templateName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

/** The template as written, or a `Refusal` 422 `unknown_template` that names those there are. */
export async function loadTemplate(templates: Templates, name: string): Promise<unknown> {
  const definition = templateName.safeParse(name).success ? await templates.load(name) : undefined;
  if (definition === undefined) {
    const known = await templates.names();
    throw new Refusal(422, "unknown_template", `there is no template ${JSON.stringify(name.slice(0, 80))}; expected one of ${known.join(", ")}`, {
      path: "template",
      extra: { templates: known },
    });
  }
  return definition;
}
