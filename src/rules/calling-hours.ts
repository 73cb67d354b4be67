import { istFromMs } from "../domain/clock.ts";
import type { Definition } from "../domain/definition.ts";
import { definitionFacts } from "../rules/definition-facts.ts";
import type { CampaignFacts } from "../rules/facts.ts";
import { judgeCampaignBy } from "../rules/judge.ts";
import { windowRules } from "../rules/rule-book.ts";

/** The first instant at or after `fromMs` at which calls may start; null when there is none within the horizon of the rules. */
export type CallingHours = (fromMs: number) => number | null;

/**
 * When a campaign of this definition may dial, by the windows of the law and its own, and by nothing else: for looking
 * ahead. What may really be dialed is asked of all rules, at the gate.
 */
export function callingHours(definition: Definition): CallingHours {
  const facts: CampaignFacts = {
    ...definitionFacts(definition),
    accountState: "active",
    campaignState: "running",
    acknowledged: [],
    callerNumber: "unknown",
    papers: "unknown",
    scrubRun: "unknown",
    brake: "unknown",
  };
  return (fromMs) => {
    const { verdict } = judgeCampaignBy(windowRules, facts, istFromMs(Math.ceil(fromMs)));
    if (verdict.kind === "never") return null;
    return verdict.kind === "call" ? fromMs : verdict.until.toMillis();
  };
}
