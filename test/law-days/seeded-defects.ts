import { a2pDeclaration } from "../../src/rules/book/a2p-declaration.ts";
import { askAgain } from "../../src/rules/book/ask-again.ts";
import { callerNumberSeries } from "../../src/rules/book/caller-number-series.ts";
import { capPerDay } from "../../src/rules/book/cap-per-day.ts";
import { capPerWeek } from "../../src/rules/book/cap-per-week.ts";
import { consentBasis } from "../../src/rules/book/consent-basis.ts";
import { consentClock } from "../../src/rules/book/consent-clock.ts";
import { contactDates } from "../../src/rules/book/contact-dates.ts";
import { contactHold } from "../../src/rules/book/contact-hold.ts";
import { contactHours } from "../../src/rules/book/contact-hours.ts";
import { definitionWindow } from "../../src/rules/book/definition-window.ts";
import { microfinanceWindow } from "../../src/rules/book/microfinance-window.ts";
import { preferenceBand } from "../../src/rules/book/preference-band.ts";
import { preferenceCategory } from "../../src/rules/book/preference-category.ts";
import { preferenceDay } from "../../src/rules/book/preference-day.ts";
import { preferenceMode } from "../../src/rules/book/preference-mode.ts";
import { preferenceScheme } from "../../src/rules/book/preference-scheme.ts";
import { promotionalWindow } from "../../src/rules/book/promotional-window.ts";
import { recoveryWindow } from "../../src/rules/book/recovery-window.ts";
import { recoveryWindow2027 } from "../../src/rules/book/recovery-window-2027.ts";
import { rightParty } from "../../src/rules/book/right-party.ts";
import { scrubResult } from "../../src/rules/book/scrub-result.ts";
import { scrubRun } from "../../src/rules/book/scrub-run.ts";
import { senderBrake } from "../../src/rules/book/sender-brake.ts";
import { senderRegistration } from "../../src/rules/book/sender-registration.ts";
import { serviceWindow } from "../../src/rules/book/service-window.ts";
import { transactionAge } from "../../src/rules/book/transaction-age.ts";
import type { GateFacts } from "../../src/rules/facts.ts";
import { mayCall, type Rule, type RuleVerdict } from "../../src/rules/rule.ts";

/** A rule made wrong for a while, as somebody could by mistake. */
export interface LawDefect {
  name: string;
  /** Makes it wrong; answers how to make it right again. */
  make(): () => void;
}

type Decide = (facts: GateFacts, nowMs: number) => RuleVerdict;

/** Replaces what a rule says by what `wrong` makes of it. */
function spoiled(name: string, rule: Rule, wrong: (right: Decide) => Decide): LawDefect {
  return {
    name,
    make() {
      const right = rule.decide;
      const wronged = wrong((facts, nowMs) => right.call(rule, facts, nowMs));
      rule.decide = wronged;
      return () => {
        rule.decide = right;
      };
    },
  };
}

const ignored = (rule: Rule): LawDefect => spoiled(`${rule.id} is ignored`, rule, () => () => mayCall());
/** Asked about another instant, a window opens or closes an hour off. */
const off = (rule: Rule, byMs: number, name: string): LawDefect =>
  spoiled(`${rule.id}: ${name}`, rule, (right) => (facts, nowMs) => {
    const says = right(facts, nowMs + byMs);
    return says.kind === "wait" ? { ...says, untilMs: says.untilMs - byMs } : says;
  });

const hourMs = 3_600_000;

/** Each must be caught by the oracle over the simulated days; one that is not means that a duty is not watched. */
export const lawDefects: readonly LawDefect[] = [
  off(promotionalWindow, -hourMs, "closes an hour late"),
  off(serviceWindow, hourMs, "opens an hour early"),
  off(recoveryWindow, -hourMs, "closes an hour late"),
  off(recoveryWindow2027, hourMs, "opens an hour early"),
  off(microfinanceWindow, -hourMs, "closes an hour late"),
  spoiled("scrub-run: the end of its day is ignored", scrubRun, (right) => (facts, nowMs) => {
    const run = facts.scrubRun;
    return right(run === null || run === "unknown" ? facts : { ...facts, scrubRun: { ...run, expiresAtMs: Number.POSITIVE_INFINITY } }, nowMs);
  }),
  spoiled("consent-clock: a week has eight days", consentClock, (right) => (facts, nowMs) => right(facts, nowMs - 24 * hourMs)),
  spoiled("cap-per-day: one call more", capPerDay, (right) => (facts, nowMs) => right({ ...facts, perNumberPerDay: facts.perNumberPerDay + 1 }, nowMs)),
  spoiled("cap-per-week: one call more", capPerWeek, (right) => (facts, nowMs) => right({ ...facts, perNumberPerWeek: facts.perNumberPerWeek + 1 }, nowMs)),
  spoiled("sender-brake: the campaign's own count is ignored", senderBrake, (right) => (facts, nowMs) => right({ ...facts, optOutsInTenDays: null }, nowMs)),
  ...[capPerDay, capPerWeek, scrubResult, preferenceScheme, preferenceCategory, preferenceMode, preferenceBand, preferenceDay, contactHold, contactHours].map(ignored),
  ...[rightParty, contactDates, transactionAge, askAgain, definitionWindow, senderRegistration, a2pDeclaration, callerNumberSeries, consentBasis, senderBrake].map(ignored),
];
