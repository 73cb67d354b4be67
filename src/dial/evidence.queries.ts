import type { Tx } from "../db/database.ts";
import type { DateTime } from "luxon";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";
import { evidenceBody } from "../rules/evidence-body.ts";
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
      body: JSON.stringify({ carrier: evidence.carrier, ...(facts && evidenceBody(facts, evidence.findings)) }),
    })
    .execute();
}
