import { istFromMs } from "../domain/clock.ts";
import { callClass } from "./call-class.ts";
import { seriesOf } from "./caller-series.ts";
import type { GateFacts, Known } from "./facts.ts";
import type { Finding } from "./judge.ts";
import { ruleBookEdition } from "./rule-book.ts";

/** What is written beside a decision (`evidence.body`): enough to explain it years later, and nothing that names a person. */
export interface EvidenceBody {
  rule_book: string;
  call_class: string;
  purpose: string;
  sector: string;
  /** Rules in force that had nothing against the call. */
  allowed_by: readonly string[];
  /** Rules that said wait or never, with their words. */
  objected: readonly { rule: string; says: string; code: string | undefined; detail: string | undefined; until: string | null }[];
  acknowledged: readonly string[];
  facts: Record<string, unknown>;
}

/** The evidence of one decision: the rules asked, the facts they used, the versions of the lists, instants in IST. */
export function evidenceBody(facts: GateFacts, findings: readonly Finding[]): EvidenceBody {
  return {
    rule_book: ruleBookEdition,
    call_class: callClass(facts),
    purpose: facts.purpose,
    sector: facts.sector,
    allowed_by: findings.filter(({ says }) => says === "call").map(({ ruleId }) => ruleId),
    objected: findings.filter(({ says }) => says !== "call").map(({ ruleId, says, code, detail, until }) => ({ rule: ruleId, says, code, detail, until: until ?? null })),
    acknowledged: facts.acknowledged,
    facts: {
      microfinance: facts.microfinance,
      may_transfer: facts.mayTransfer,
      preference_category: facts.preferenceCategory,
      account_state: facts.accountState,
      campaign_state: facts.campaignState,
      caller_series: known(facts.callerNumber, (number) => number && seriesOf(number)),
      consent_basis: facts.consentBasis,
      consents: known(facts.consents, (consents) =>
        consents.map((consent) => ({ basis: consent.basis, reference: consent.reference, on_dlt: consent.registeredOnDlt, given_at: ist(consent.givenAtMs), ends_at: ist(consent.endsAtMs), revoked_at: ist(consent.revokedAtMs) })),
      ),
      papers: known(facts.papers, (papers) => papers.map((paper) => ({
          ...{ kind: paper.kind, reference: paper.reference, valid_from: ist(paper.validFromMs), valid_until: ist(paper.validUntilMs) },
          ...(paper.kind === "a2p_declaration" && { caller_numbers: paper.callerNumbers }),
          ...(paper.kind === "holiday_list" && { dates: paper.dates }),
        }))),
      brake: known(facts.brake, (brake) => ({
        complaints_at: brake.complaintsAtMs.map((ms) => ist(ms)),
        promotional_opt_outs_at: brake.promotionalOptOutsAtMs.map((ms) => ist(ms)),
        ...(facts.optOutsInTenDays !== null && { opt_outs_at: known(brake.optOutsAtMs, (list) => list.map((ms) => ist(ms))), opt_outs_in_ten_days: facts.optOutsInTenDays }),
      })),
      scrub_run: known(facts.scrubRun, (run) => run && { provider: run.provider, reference: run.reference, list_hash: run.listHash, category: run.category, scrubbed_at: ist(run.scrubbedAtMs), expires_at: ist(run.expiresAtMs) }),
      scrub_result: facts.scrubRun === null ? null : facts.scrubResult,
      preference: known(facts.preference, (row) => row && { scheme: row.scheme, categories: row.categories, modes: row.modes, bands: row.bands, days: row.days, import_id: row.importId }),
      suppression: known(facts.suppression, (row) => row && { scope: row.scope, reason: row.reason, since: ist(row.sinceMs) }),
      opted_out_at: known(facts.optedOutAtMs, ist),
      holds: known(facts.holds, (holds) => holds.map((hold) => ({ kind: hold.kind, starts_at: ist(hold.startsAtMs), ends_at: ist(hold.endsAtMs), hours: hold.hours }))),
      party: facts.party,
      unknown_sent_at: known(facts.unknownSentAtMs, ist),
      added_at: ist(facts.addedAtMs),
      sent_at: known(facts.sentAtMs, (sent) => sent.map((ms) => ist(ms))),
      caps: { per_day: facts.perNumberPerDay, per_week: facts.perNumberPerWeek, minutes_between_calls: facts.minutesBetweenCalls },
      not_before: ist(facts.notBeforeMs),
      not_after: ist(facts.notAfterMs),
      window: facts.window ?? null,
    },
  };
}

function ist(epochMs: number | null): string | null {
  return epochMs === null || !Number.isFinite(epochMs) ? null : istFromMs(Math.floor(epochMs)).toISO();
}

function known<T, R>(fact: Known<T>, tell: (value: T) => R): R | "unknown" {
  return fact === "unknown" ? "unknown" : tell(fact);
}
