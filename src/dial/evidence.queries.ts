import type { Tx } from "../db/database.ts";
import type { DateTime } from "luxon";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { GateFacts } from "../rules/facts.ts";
import type { Finding } from "../rules/judge.ts";

/** One decision of the gate, with everything it was decided on. Holds keys and our own numbers, never a person's number. */
export interface GateEvidence {
  accountId: AccountId;
  campaignId: CampaignId;
  contactId: ContactId;
  attemptId: AttemptId;
  numberKey: NumberKey;
  at: DateTime<true>;
  decision: "call" | "wait" | "never";
  /** "allowed", or the code of the rule that spoke. */
  code: string;
  callerNumber: string | null;
  carrier: string;
  findings: readonly Finding[];
  /** Null when the refusal came before any rule was asked. */
  facts: GateFacts | null;
}

/** Writes a decision. Append-only: the chain over the rows is sealed in the background. */
export async function writeEvidence(tx: Tx, evidence: GateEvidence): Promise<void> {
  const { facts } = evidence;
  await tx
    .insertInto("evidence")
    .values({
      account_id: evidence.accountId,
      campaign_id: evidence.campaignId,
      contact_id: evidence.contactId,
      attempt_id: evidence.attemptId,
      number_key: evidence.numberKey,
      at: evidence.at.toJSDate(),
      ist: evidence.at.toISO(),
      decision: evidence.decision,
      code: evidence.code,
      caller_number: evidence.callerNumber,
      body: JSON.stringify({
        carrier: evidence.carrier,
        findings: evidence.findings,
        facts,
        acknowledged: facts?.acknowledged ?? [],
        lists: facts && { scrub_run: scrubReference(facts), preference_import: preferenceImport(facts), papers: paperReferences(facts) },
      }),
    })
    .execute();
}

function scrubReference(facts: GateFacts): string | null {
  return facts.scrubRun === "unknown" || facts.scrubRun === null ? null : `${facts.scrubRun.provider}/${facts.scrubRun.reference}/${facts.scrubRun.listHash}`;
}

function preferenceImport(facts: GateFacts): string | null {
  return facts.preference === "unknown" || facts.preference === null ? null : facts.preference.importId;
}

function paperReferences(facts: GateFacts): string[] {
  return facts.papers === "unknown" ? [] : facts.papers.map((paper) => `${paper.kind}/${paper.reference}`);
}
