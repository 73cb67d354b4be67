import type { AcknowledgeableCode } from "../domain/campaign.ts";
import { isScrubbed } from "./call-class.ts";
import { seriesFault } from "./caller-series.ts";
import type { CampaignFacts } from "./facts.ts";
import { promotionalCategory } from "./preference-category-of.ts";
import { declarationsNaming, paperHolds, registrations } from "./sender-papers.ts";
import { scrubRun } from "./book/scrub-run.ts";

/** A paper without which the law does not let the campaign dial. */
export interface MissingPaper {
  /** Stable; an `AcknowledgeableCode` when `acknowledgeable`. */
  code: string;
  message: string;
  /** Whether the operator may vouch for it with `{"acknowledge": [code]}`. */
  acknowledgeable: boolean;
}

/** A campaign before its start. */
export interface PaperCheck {
  facts: Omit<CampaignFacts, "callerNumber" | "campaignState" | "accountState" | "brake">;
  /** Every number the campaign may present; each is checked. */
  callerNumbers: readonly string[];
}

/**
 * The papers that are missing now, in the order an operator would gather them, each code once. Those already
 * acknowledged are left out. The campaign must not start while the list is not empty. Agrees with the gate: with an
 * empty list no rule about papers refuses. Contacts that a scrub run does not cover are no matter of papers: they are
 * blocked one by one.
 */
export function missingPapers(check: PaperCheck, nowMs: number): MissingPaper[] {
  const missing = [...registrationMissing(check, nowMs), ...numbersMissing(check, nowMs), ...basisMissing(check), ...scrubMissing(check, nowMs)];
  const acknowledged: readonly string[] = check.facts.acknowledged;
  return missing.filter(({ code, acknowledgeable }) => !(acknowledgeable && acknowledged.includes(code)));
}

function mayVouch(code: AcknowledgeableCode, message: string): MissingPaper {
  return { code, message, acknowledgeable: true };
}

function mustHave(code: string, message: string): MissingPaper {
  return { code, message, acknowledgeable: false };
}

function registrationMissing({ facts: { papers } }: PaperCheck, nowMs: number): MissingPaper[] {
  if (papers === "unknown") return [mustHave("papers_unknown", "the sender's papers could not be read")];
  if (paperHolds(registrations(papers), nowMs).holds) return [];
  return [mayVouch("no_sender_registration", "no valid registration of the sender as principal entity is on file: record it, or vouch that it exists")];
}

function numbersMissing({ facts, callerNumbers }: PaperCheck, nowMs: number): MissingPaper[] {
  if (callerNumbers.length === 0) return [mustHave("no_caller_number", "the campaign has no caller number: set from_numbers or TWILIO_FROM_NUMBERS")];
  const missing: MissingPaper[] = [];
  const papers = facts.papers === "unknown" ? [] : facts.papers;
  const undeclared = callerNumbers.filter((number) => !paperHolds(declarationsNaming(papers, number), nowMs).holds);
  if (undeclared.length > 0) {
    missing.push(mayVouch("no_a2p_declaration", `no valid A2P declaration names ${undeclared.join(", ")}: an undeclared automated call is unsolicited by definition`));
  }
  const codes = new Set<string>();
  for (const number of callerNumbers) {
    const fault = seriesFault(facts, number, nowMs);
    if (fault === null || codes.has(fault.code)) continue;
    codes.add(fault.code);
    missing.push(fault);
  }
  return missing;
}

function basisMissing({ facts }: PaperCheck): MissingPaper[] {
  if (facts.purpose === "promotional") {
    if (promotionalCategory(facts) !== null) return [];
    return [mustHave("preference_category_missing", "a promotional definition must state its preference_category (1 to 8)")];
  }
  if (facts.purpose === "transactional" || facts.consentBasis !== null) return [];
  return [mayVouch("consent_basis_not_recorded", "the definition does not state on which consent its calls rest: write consent: inferred for your own customers, or vouch for it")];
}

function scrubMissing({ facts }: PaperCheck, nowMs: number): MissingPaper[] {
  if (!isScrubbed(facts)) return [];
  const says = scrubRun.decide({ ...facts, callerNumber: null, campaignState: "draft", accountState: "active", brake: "unknown" }, nowMs);
  return says.kind === "never" ? [mustHave(says.code, says.detail)] : [];
}
