import { a2pDeclaration } from "./book/a2p-declaration.ts";
import { askAgain } from "./book/ask-again.ts";
import { callSpacing } from "./book/call-spacing.ts";
import { callerNumberSeries } from "./book/caller-number-series.ts";
import { campaignRunning } from "./book/campaign-running.ts";
import { capPerDay } from "./book/cap-per-day.ts";
import { capPerWeek } from "./book/cap-per-week.ts";
import { consentBasis } from "./book/consent-basis.ts";
import { consentClock } from "./book/consent-clock.ts";
import { contactDates } from "./book/contact-dates.ts";
import { contactHold } from "./book/contact-hold.ts";
import { contactHours } from "./book/contact-hours.ts";
import { definitionWindow } from "./book/definition-window.ts";
import { microfinanceWindow } from "./book/microfinance-window.ts";
import { preferenceBand } from "./book/preference-band.ts";
import { preferenceCategory } from "./book/preference-category.ts";
import { preferenceDay } from "./book/preference-day.ts";
import { preferenceMode } from "./book/preference-mode.ts";
import { preferenceScheme } from "./book/preference-scheme.ts";
import { promotionalCategoryStated } from "./book/promotional-category.ts";
import { promotionalWindow } from "./book/promotional-window.ts";
import { recoveryWindow } from "./book/recovery-window.ts";
import { recoveryWindow2027 } from "./book/recovery-window-2027.ts";
import { rightParty } from "./book/right-party.ts";
import { scrubResult } from "./book/scrub-result.ts";
import { scrubRun } from "./book/scrub-run.ts";
import { senderBrake } from "./book/sender-brake.ts";
import { senderRegistration } from "./book/sender-registration.ts";
import { serviceWindow } from "./book/service-window.ts";
import { suppression } from "./book/suppression.ts";
import { transactionAge } from "./book/transaction-age.ts";
import { unknownCallGap } from "./book/unknown-call-gap.ts";
import type { CampaignRule, Rule } from "./rule.ts";

/** Names this reading of the law in every piece of evidence. A new one whenever a rule, its dates or its data change. */
export const ruleBookEdition = "2026-11-30.2";

/** The rules that say between which hours of which days calls may start. */
export const windowRules: readonly CampaignRule[] = [
  promotionalWindow,
  recoveryWindow,
  microfinanceWindow,
  recoveryWindow2027,
  serviceWindow,
  definitionWindow,
];

/** Every rule, in the order in which a refusal is named when several refuse. */
export const ruleBook: readonly Rule[] = [
  suppression,
  rightParty,
  contactHold,
  preferenceScheme,
  preferenceCategory,
  preferenceMode,
  scrubResult,
  consentClock,
  preferenceBand,
  preferenceDay,
  contactDates,
  transactionAge,
  contactHours,
  capPerDay,
  capPerWeek,
  callSpacing,
  unknownCallGap,
  askAgain,
  campaignRunning,
  senderRegistration,
  a2pDeclaration,
  callerNumberSeries,
  consentBasis,
  promotionalCategoryStated,
  scrubRun,
  senderBrake,
  ...windowRules,
];
