import type { DateTime } from "luxon";
import { moveAttempts } from "../db/attempt-state.ts";
import type { Tx } from "../db/database.ts";
import type { Definition } from "../domain/definition.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { Paise } from "../domain/money.ts";
import type { E164 } from "../domain/phone-number.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { GateFacts } from "../rules/facts.ts";
import type { Finding } from "../rules/judge.ts";
import { firstAnswer } from "./answer-plan.ts";
import { writeEvidence } from "./evidence.queries.ts";
import type { GateRow } from "./gate-facts.queries.ts";
import type { Flow } from "./pace.ts";
import type { AnswerPlan, CallOrder, DialDeps } from "./ports.ts";
import { newStreamToken } from "./stream-token.ts";
import { type StoredToken, storeStreamTokens } from "./stream-tokens.queries.ts";

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
  /** Its place in the pace of its flows, and how long they are kept free after it. */
  sendAtMs: number;
  spareMs: number;
  flows: readonly Flow[];
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
  /** Its place in the pace of all its flows, and how long they are kept free after it. */
  sendAtMs: number;
  spareMs: number;
  strikes: number;
  worstCasePaise: Paise;
  maxCallSeconds: number;
  now: DateTime<true>;
}

/** Writes claims with their evidence and their stream tokens, in the gate's transaction, which holds their rows. */
export async function writeClaims(tx: Tx, deps: DialDeps, inputs: readonly ClaimInput[]): Promise<Claim[]> {
  if (inputs.length === 0) return [];
  const now = deps.clock.now();
  const nowMs = now.toMillis();
  const made = inputs.map((input) => newClaim(deps, input));
  const moved = await moveAttempts(tx, {
    from: ["planned"],
    to: "claimed",
    plan: "claim_attempts",
    now: now.toJSDate(),
    rows: made.map(({ claim, reservedPaise }) => ({
      id: claim.attemptId,
      facts: {
        from_number: claim.from,
        claimed_at: now.toJSDate(),
        lease_owner: claim.leaseOwner,
        lease_until: new Date(nowMs + leaseMs),
        send_after: new Date(claim.sendAtMs),
        reserved_paise: reservedPaise,
        refusal_code: null,
        checks: 0,
        check_after: null,
      },
    })),
  });
  if (moved.size !== made.length) throw new Error(`expected ${made.length} locked attempts to be planned, got ${moved.size}`);
  await writeEvidence(
    tx,
    inputs.map(({ row, from, findings, facts, now: at }) => ({
      accountId: row.account_id,
      campaignId: row.campaign_id,
      contactId: row.contact_id,
      attemptId: row.attempt_id,
      numberKey: row.number_key,
      at,
      decision: "call",
      code: "allowed",
      callerNumber: from,
      carrier: deps.carrier.name,
      findings,
      facts,
    })),
  );
  await storeStreamTokens(
    tx,
    made.map((each) => each.stored),
    { forgetEarlier: true },
  );
  return made.map((each) => each.claim);
}

function newClaim(deps: DialDeps, input: ClaimInput): { claim: Claim; stored: StoredToken; reservedPaise: Paise } {
  const { row, definition } = input;
  if (row.number_sealed === null) throw new Error("expected a contact with a number, got an erased one");
  const { token: streamToken, stored } = newStreamToken(deps, { attemptId: row.attempt_id, accountId: row.account_id, lifeMs: streamTokenLifeMs(definition) });
  const claim: Claim = {
    attemptId: row.attempt_id,
    accountId: row.account_id,
    campaignId: row.campaign_id,
    contactId: row.contact_id,
    numberKey: row.number_key,
    token: row.token,
    leaseOwner: `${deps.settings.processName}/${Buffer.from(deps.random.bytes(9)).toString("base64url")}`,
    from: input.from,
    numberSealed: row.number_sealed,
    sendAtMs: input.sendAtMs,
    spareMs: input.spareMs,
    flows: input.flows,
    strikes: input.strikes,
    facts: input.facts,
    answer: firstAnswer(definition, row.language, streamToken),
    ringSeconds: definition.limits.ring_seconds,
    maxCallSeconds: input.maxCallSeconds,
    detectMachine: definition.voicemail === "leave_message" ? "message_end" : "at_once",
  };
  return { claim, stored, reservedPaise: input.worstCasePaise };
}

/** The inline answer waits for the pickup: ring time, and five minutes for the carrier's own queue and a spoken notice. */
function streamTokenLifeMs(definition: Definition): number {
  return definition.limits.ring_seconds * 1_000 + 300_000;
}
