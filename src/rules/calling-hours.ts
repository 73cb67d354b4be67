import { istFromMs } from "../domain/clock.ts";
import type { Definition } from "../domain/definition.ts";
import { definitionFacts } from "./definition-facts.ts";
import type { CampaignFacts } from "./facts.ts";
import { judgeCampaignBy } from "./judge.ts";
import { windowRules } from "./rule-book.ts";

/** The first instant at or after `fromMs` at which calls may start; null when there is none within the horizon of the rules. */
export type CallingHours = (fromMs: number) => number | null;

/** When calls may start, and the code of the window that keeps them from starting sooner; null when none does. */
export interface Opening {
  atMs: number;
  because: string | null;
}

/**
 * When a campaign of this definition may dial, by the windows of the law and its own, and by nothing else: for looking
 * ahead. What may really be dialed is asked of all rules, at the gate.
 */
export function callingHours(definition: Definition): CallingHours {
  const facts = windowFacts(definition);
  return (fromMs) => openingOf(facts, fromMs)?.atMs ?? null;
}

/** The first opening at or after `fromMs`, by the same windows; null when there is none within the horizon of the rules. */
export function nextOpening(definition: Definition, fromMs: number): Opening | null {
  return openingOf(windowFacts(definition), fromMs);
}

function windowFacts(definition: Definition): CampaignFacts {
  return {
    ...definitionFacts(definition),
    accountState: "active",
    campaignState: "running",
    acknowledged: [],
    callerNumber: "unknown",
    papers: "unknown",
    scrubRun: "unknown",
    brake: "unknown",
  };
}

function openingOf(facts: CampaignFacts, fromMs: number): Opening | null {
  const { verdict } = judgeCampaignBy(windowRules, facts, istFromMs(Math.ceil(fromMs)));
  if (verdict.kind === "never") return null;
  return verdict.kind === "call" ? { atMs: fromMs, because: null } : { atMs: verdict.until.toMillis(), because: verdict.because.code };
}
