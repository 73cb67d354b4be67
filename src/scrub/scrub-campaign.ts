import { withPatience } from "../db/patience.ts";
import { definitionSchema } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import type { CampaignId } from "../domain/ids.ts";
import { consentNeeded } from "../rules/book/consent-clock.ts";
import { holdKindsThatStop } from "../rules/book/contact-hold.ts";
import { modesOf } from "../rules/book/preference-mode.ts";
import { callClass, isScrubbed } from "../rules/call-class.ts";
import { promotionalCategory } from "../rules/preference-category-of.ts";
import { ruleBookEdition } from "../rules/rule-book.ts";
import type { ScrubDeps } from "./ports.ts";
import { campaignToScrub, scrubContacts, type ScrubQuestion } from "./scrub-campaign.queries.ts";

/** What a scrub of one campaign found. */
export interface ScrubSummary {
  /** Contacts looked at: those waiting, and those that an earlier scrub blocked. */
  checked: number;
  /** Contacts that are blocked now, by reason. */
  blockedByReason: Readonly<Record<string, number>>;
}

/**
 * Marks the contacts of a campaign that must not be called for a lasting reason, with evidence for each change, and frees
 * those whose reason is gone. Set-based, safe to repeat; the gate judges everybody again before a call.
 * Refuses: 404 `campaign_not_found`.
 */
export async function scrubCampaign(deps: Pick<ScrubDeps, "db" | "clock" | "log">, input: { campaignId: CampaignId }): Promise<ScrubSummary> {
  const now = deps.clock.now();
  const campaign = await campaignToScrub(deps.db, input.campaignId, now.toJSDate());
  if (!campaign) throw new Refusal(404, "campaign_not_found", "expected a campaign");
  const definition = definitionSchema.parse(campaign.definition);
  const facts = { purpose: definition.purpose, consentBasis: definition.consent ?? null, mayTransfer: definition.may_transfer };
  const scrubbed = isScrubbed(facts);
  const category = promotionalCategory({ preferenceCategory: definition.preference_category ?? null, sector: definition.sector });
  const question: ScrubQuestion = {
    accountId: campaign.account_id,
    campaignId: input.campaignId,
    now: now.toJSDate(),
    ist: now.toISO(),
    holdKinds: ["not_party", ...holdKindsThatStop(definition.purpose)],
    preferences: scrubbed ? { promotional: definition.purpose === "promotional", category, modes: modesOf(facts) } : null,
    runId: scrubbed ? campaign.run_id : null,
    otherRunIds: scrubbed ? campaign.other_run_ids : [],
    basis: consentNeeded(facts),
    body: {
      cause: "scrub",
      rule_book: ruleBookEdition,
      purpose: definition.purpose,
      call_class: callClass(facts),
      scrub_run: scrubbed && campaign.run_id ? { provider: campaign.provider, reference: campaign.reference, list_hash: campaign.list_hash } : null,
    },
  };
  const counts = await withPatience("scrub", () => deps.db.transaction().execute((tx) => scrubContacts(tx, question)));
  const checked = counts.find(({ reason }) => reason === null)?.contacts ?? 0;
  const blockedByReason = Object.fromEntries(counts.flatMap(({ reason, contacts }) => (reason === null ? [] : [[reason, contacts] as const])));
  deps.log.info("scrubbed a campaign", { campaignId: input.campaignId, checked, blockedByReason });
  return { checked, blockedByReason };
}
