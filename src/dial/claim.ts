import { moveAttempt } from "../db/attempt-state.ts";
import type { Tx } from "../db/database.ts";
import type { Definition } from "../domain/definition.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { E164 } from "../domain/phone-number.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { GateFacts } from "../rules/facts.ts";
import type { Finding } from "../rules/judge.ts";
import { firstAnswer } from "./answer-plan.ts";
import { type Capacity, noteCallerUse, takePace } from "./capacity.queries.ts";
import { writeEvidence } from "./evidence.queries.ts";
import type { GateRow } from "./gate-facts.queries.ts";
import { afterSend, type Flow, nextSendMs } from "./pace.ts";
import type { AnswerPlan, CallOrder, DialDeps } from "./ports.ts";
import { issueStreamToken } from "./stream-token.ts";

/** How long a claim holds before another process may take the attempt back; longer than the pace horizon and one request. */
export const leaseMs = 30_000;

/** The right to place one call, taken in the gate's transaction and used at once. */
export interface Claim {
  attemptId: AttemptId;
  accountId: AccountId;
  campaignId: CampaignId;
  contactId: ContactId;
  numberKey: NumberKey;
  token: string;
  /** Names this claim and no other: whoever does not hold it may not send. */
  leaseOwner: string;
  from: E164;
  numberSealed: Buffer;
  /** Its place in the pace. */
  sendAtMs: number;
  /** The spacing of the carrier account, for keeping it within this process too. */
  spacingMs: number;
  claimedAtMs: number;
  strikes: number;
  facts: GateFacts;
  answer: AnswerPlan;
  ringSeconds: number;
  maxCallSeconds: number;
  detectMachine: CallOrder["detectMachine"];
}

export interface ClaimInput {
  row: GateRow;
  definition: Definition;
  from: E164;
  facts: GateFacts;
  findings: readonly Finding[];
  flows: readonly Flow[];
  capacity: Capacity;
  worstCasePaise: number;
  maxCallSeconds: number;
  nowMs: number;
}

/** Takes slot, money, number and place in the pace, and writes the evidence, all in the gate's transaction. */
export async function writeClaim(tx: Tx, deps: DialDeps, input: ClaimInput): Promise<Claim> {
  const { row, definition, nowMs } = input;
  if (row.number_sealed === null) throw new Error("expected a contact with a number, got an erased one");
  const now = new Date(nowMs);
  const sendAtMs = nextSendMs(input.flows, input.capacity.pace, nowMs);
  const leaseOwner = `${deps.settings.processName}/${Buffer.from(deps.random.bytes(9)).toString("base64url")}`;
  const moved = await moveAttempt(tx, {
    id: row.attempt_id,
    from: ["planned"],
    to: "claimed",
    now,
    facts: {
      from_number: input.from,
      claimed_at: now,
      lease_owner: leaseOwner,
      lease_until: new Date(nowMs + leaseMs),
      send_after: new Date(sendAtMs),
      reserved_paise: input.worstCasePaise,
      refusal_code: null,
      checks: 0,
      check_after: null,
    },
  });
  if (!moved) throw new Error("expected the locked attempt to be planned");
  await takePace(tx, afterSend(input.flows, sendAtMs));
  await noteCallerUse(tx, { accountId: row.account_id, number: input.from, at: now });
  await writeEvidence(tx, {
    accountId: row.account_id,
    campaignId: row.campaign_id,
    contactId: row.contact_id,
    attemptId: row.attempt_id,
    numberKey: row.number_key,
    at: deps.clock.now(),
    decision: "call",
    code: "allowed",
    callerNumber: input.from,
    carrier: deps.carrier.name,
    findings: input.findings,
    facts: input.facts,
  });
  const streamToken = await issueStreamToken(tx, deps, { attemptId: row.attempt_id, accountId: row.account_id, lifeMs: streamTokenLifeMs(definition), first: true });
  return {
    attemptId: row.attempt_id,
    accountId: row.account_id,
    campaignId: row.campaign_id,
    contactId: row.contact_id,
    numberKey: row.number_key,
    token: row.token,
    leaseOwner,
    from: input.from,
    numberSealed: row.number_sealed,
    sendAtMs,
    spacingMs: 1_000 / deps.settings.callsPerSecond,
    claimedAtMs: nowMs,
    strikes: input.capacity.strikes,
    facts: input.facts,
    answer: firstAnswer(definition, row.language, streamToken),
    ringSeconds: definition.limits.ring_seconds,
    maxCallSeconds: input.maxCallSeconds,
    detectMachine: definition.voicemail === "leave_message" ? "message_end" : "at_once",
  };
}

/** The inline answer waits for the pickup: ring time, and five minutes for the carrier's own queue and a spoken notice. */
function streamTokenLifeMs(definition: Definition): number {
  return definition.limits.ring_seconds * 1_000 + 300_000;
}
