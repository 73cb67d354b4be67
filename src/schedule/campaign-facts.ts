import { type AcknowledgeableCode, acknowledgeableCodes, type CampaignState } from "../domain/campaign.ts";
import type { Definition } from "../domain/definition.ts";
import type { E164 } from "../domain/phone-number.ts";
import { definitionFacts } from "../rules/definition-facts.ts";
import type { CampaignFacts } from "../rules/facts.ts";
import type { LegalStanding } from "./legal-standing.queries.ts";

export interface CampaignFactsInput {
  definition: Definition;
  standing: LegalStanding;
  state: CampaignState;
  /** A number that may be presented now; null when none is free. */
  callerNumber: E164 | null;
  acknowledged: readonly AcknowledgeableCode[];
}

/** What the rules may know of a campaign as a whole. */
export function campaignFacts({ definition, standing, state, callerNumber, acknowledged }: CampaignFactsInput): CampaignFacts {
  return {
    ...definitionFacts(definition),
    accountState: standing.accountState,
    campaignState: state,
    acknowledged,
    callerNumber,
    papers: standing.papers,
    scrubRun: standing.scrubRun,
    brake: standing.brake,
  };
}

/** The codes vouched for, of the campaign and of the environment together; what nobody may vouch for is left out. */
export function acknowledgedCodes(ofCampaign: readonly string[], ofEnvironment: readonly AcknowledgeableCode[]): AcknowledgeableCode[] {
  const given = new Set<string>([...ofCampaign, ...ofEnvironment]);
  return acknowledgeableCodes.filter((code) => given.has(code));
}
