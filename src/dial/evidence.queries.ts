import { sql } from "kysely";
import type { DateTime } from "luxon";
import type { Tx } from "../db/database.ts";
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

/** Writes decisions, in their order, by one statement. Append-only: the chain over the rows is sealed in the background. */
export async function writeEvidence(tx: Tx, decisions: readonly GateEvidence[]): Promise<void> {
  if (decisions.length === 0) return;
  const rows = decisions.map((each) => ({
    account_id: each.accountId,
    campaign_id: each.campaignId,
    contact_id: each.contactId,
    attempt_id: each.attemptId,
    number_key: each.numberKey,
    at: each.at.toJSDate(),
    ist: each.at.toISO(),
    decision: each.decision,
    code: each.code,
    caller_number: each.callerNumber,
    body: { carrier: each.carrier, ...(each.facts && evidenceBody(each.facts, each.findings)) },
  }));
  await sql`
    /* prepared: evidence */
    insert into evidence (account_id, campaign_id, contact_id, attempt_id, number_key, at, ist, decision, code, caller_number, body)
    select account_id, campaign_id, contact_id, attempt_id, number_key, at, ist, decision, code, caller_number, body
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as decision (
      account_id uuid, campaign_id uuid, contact_id uuid, attempt_id uuid, number_key text, at timestamptz, ist text,
      decision text, code text, caller_number text, body jsonb)`.execute(tx);
}
