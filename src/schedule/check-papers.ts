import { callerNumbersOf } from "../domain/caller-numbers.ts";
import { type AcknowledgeableCode, acknowledgeableCodes } from "../domain/campaign.ts";
import type { Definition } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import type { CampaignId } from "../domain/ids.ts";
import type { CampaignFacts } from "../rules/facts.ts";
import { campaignRules, judgeCampaignBy } from "../rules/judge.ts";
import { type MissingPaper, missingPapers } from "../rules/missing-papers.ts";
import { windowRules } from "../rules/rule-book.ts";
import { acknowledgedCodes, campaignFacts } from "./campaign-facts.ts";
import { legalStandings } from "./legal-standing.queries.ts";
import type { LifecycleDeps } from "./ports.ts";

type PaperDeps = Pick<LifecycleDeps, "db" | "clock" | "callerNumbers" | "acknowledged">;

export interface PaperInput {
  campaignId: CampaignId;
  definition: Definition;
  /** Codes vouched for at an earlier start and with this request. */
  acknowledged: readonly string[];
}

/** The papers that the law asks for and that are neither there nor vouched for. */
export async function papersMissing(deps: PaperDeps, input: PaperInput): Promise<MissingPaper[]> {
  const facts = await factsNow(deps, input);
  return missingPapers({ facts, callerNumbers: callerNumbersOf(input.definition, deps.callerNumbers) }, deps.clock.nowMs());
}

/** What makes the whole campaign wait now besides its calling hours: the sender's brake. */
export async function pausesOf(deps: PaperDeps, input: PaperInput): Promise<{ code: string; detail: string; untilMs: number }[]> {
  const { findings } = judgeCampaignBy(standingRules, await factsNow(deps, input), deps.clock.now());
  return findings.flatMap(({ says, code, detail, until }) => (says === "wait" && until !== undefined ? [{ code: code ?? "", detail: detail ?? "", untilMs: Date.parse(until) }] : []));
}

const standingRules = campaignRules.filter((rule) => !windowRules.includes(rule));

async function factsNow(deps: PaperDeps, input: PaperInput): Promise<CampaignFacts> {
  const standing = (await legalStandings(deps.db, [input.campaignId], deps.clock.now().toJSDate())).get(input.campaignId);
  if (!standing) throw new Error(`expected campaign ${input.campaignId} to exist`);
  return campaignFacts({ definition: input.definition, standing, state: "draft", callerNumber: null, acknowledged: acknowledgedCodes(input.acknowledged, deps.acknowledged) });
}

/** The same as a `Refusal` 409 `papers_missing` with `missing: [{code, message, acknowledgeable}]`, when there are any. */
export async function requirePapers(deps: PaperDeps, input: PaperInput): Promise<void> {
  const missing = await papersMissing(deps, input);
  if (missing.length === 0) return;
  const vouchable = missing.filter((paper) => paper.acknowledgeable).map((paper) => paper.code);
  const hint = vouchable.length === 0 ? "" : `; you may vouch for ${vouchable.join(", ")} with acknowledge`;
  throw new Refusal(409, "papers_missing", `the campaign may not start: ${missing.map((paper) => paper.message).join("; ")}${hint}`, {
    extra: { missing },
  });
}

/** Codes given with a request, each of which an operator may vouch for; a `Refusal` 422 `cannot_acknowledge` otherwise. */
export function readAcknowledged(codes: readonly string[]): AcknowledgeableCode[] {
  const known: readonly string[] = acknowledgeableCodes;
  const unknown = codes.filter((code) => !known.includes(code));
  if (unknown.length === 0) return acknowledgeableCodes.filter((code) => codes.includes(code));
  throw new Refusal(422, "cannot_acknowledge", `nobody may vouch for ${unknown.join(", ")}; expected ${known.join(", ")}`, {
    errors: unknown.map((code) => ({ path: "acknowledge", message: `${code} cannot be acknowledged` })),
  });
}
