import { DateTime } from "luxon";
import { z } from "zod";
import { moveContact } from "../db/contact-state.ts";
import type { Db, Tx } from "../db/database.ts";
import { addEvent } from "../db/outbox.ts";
import type { Clock } from "../domain/clock.ts";
import { type Definition, definitionSchema, dispositionRule } from "../domain/definition.ts";
import type { AttemptId } from "../domain/ids.ts";
import type { Log } from "../domain/log.ts";
import { containsOptOut } from "../domain/opt-out-phrases.ts";
import type { Random } from "../domain/random.ts";
import type { AccountVault, Vault } from "../domain/vault.ts";
import { callCostPaise } from "./call-cost.ts";
import { type Decision, decideDisposition, type FinishedAttempt } from "./decide-disposition.ts";
import { type FollowUp, planFollowUp, unknownGapMs } from "./follow-up.ts";
import { percentile } from "./percentile.ts";
import type { HoldKind, Prices, ProtectionPort } from "./ports.ts";
import { earlierDispositions, lockSettleable, type Settleable } from "./settle.queries.ts";

export interface OutcomeDeps {
  db: Db;
  clock: Clock;
  random: Random;
  vault: Vault;
  log: Log;
  prices: Prices;
  protection: ProtectionPort;
}

const storedTurns = z.array(z.looseObject({ speaker: z.enum(["agent", "callee"]), text: z.string() }));
const storedFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
type Fields = z.infer<typeof storedFields>;

/**
 * Writes what came of an attempt, once: the outcome row, the contact's next state, the cost and the events, in one
 * transaction. Does nothing while the attempt or its conversation is still under way, or when it was settled before,
 * so it may be called by whoever sees an end first. Answers whether this call settled it.
 */
export async function settleAttempt(deps: OutcomeDeps, input: { attemptId: AttemptId }): Promise<boolean> {
  const settled = await deps.db.transaction().execute(async (tx) => {
    const attempt = await lockSettleable(tx, input.attemptId);
    if (!attempt) return undefined;
    const vault = await deps.vault.forAccount(attempt.account_id);
    const conversation = openConversation(attempt, vault);
    const decision = decideDisposition(finishedAttempt(attempt, conversation));
    const definition = definitionSchema.parse(attempt.definition);
    const earlier = await earlierDispositions(tx, attempt.contact_id, attempt.id);
    const attemptsUsed = (decision.counts ? 1 : 0) + [...earlier.times.values()].reduce((sum, times) => sum + times, 0);
    const nowMs = deps.clock.nowMs();
    const followUp = planFollowUp({
      decision,
      definition,
      attemptsUsed,
      sameBefore: earlier.times.get(decision.disposition) ?? 0,
      callbacksBefore: earlier.times.get("callback_requested") ?? 0,
      callbackAtMs: callbackInstant(definition, decision.disposition, conversation.fields),
      minGapMs: attempt.state === "closed_unknown" ? unknownGapMs : 0,
      nowMs,
    });
    await writeSettlement(tx, deps, { attempt, vault, conversation, decision, followUp, attemptsUsed, earlier, nowMs });
    return { attempt, decision, conversation };
  });
  if (!settled) return false;
  await protect(deps, settled);
  deps.log.info("attempt settled", { attemptId: input.attemptId, disposition: settled.decision.disposition });
  return true;
}

interface OpenedConversation {
  fields: Fields;
  summary: string | null;
  calleeTexts: string[];
}

function openConversation(attempt: Settleable, vault: AccountVault): OpenedConversation {
  const open = (field: "fields" | "summary" | "turns", sealed: Buffer | null): string | null =>
    sealed === null ? null : vault.open(`conversations.${field}`, attempt.id, sealed);
  const turns = storedTurns.parse(JSON.parse(open("turns", attempt.turns_sealed) ?? "[]"));
  return {
    fields: storedFields.parse(JSON.parse(open("fields", attempt.conversation_fields) ?? "{}")),
    summary: open("summary", attempt.conversation_summary),
    calleeTexts: turns.filter((turn) => turn.speaker === "callee").map((turn) => turn.text),
  };
}

function finishedAttempt(attempt: Settleable, conversation: OpenedConversation): FinishedAttempt {
  const { state } = attempt;
  if (state !== "ended" && state !== "rejected" && state !== "closed_unknown") {
    throw new Error(`expected a final attempt, got ${state}`);
  }
  return {
    state,
    ending: attempt.ending,
    carrierCode: attempt.carrier_code,
    refusalCode: attempt.refusal_code,
    answeredBy: attempt.answered_by,
    hangupBy: attempt.hangup_by,
    failureClass: attempt.failure_class,
    conversation: attempt.end_reason
      ? {
          endReason: attempt.end_reason,
          disposition: attempt.conversation_disposition,
          answeredBy: attempt.conversation_answered_by ?? attempt.answered_by,
          // The second net below the rule that listens during the call: the whole transcript is read once more.
          optedOut: attempt.opted_out === true || conversation.calleeTexts.some(containsOptOut),
          calleeSpoke: conversation.calleeTexts.length > 0,
        }
      : null,
  };
}

/** The instant in the disposition's first `datetime` field, when its rule is to call back. */
function callbackInstant(definition: Definition, disposition: string, fields: Fields): number | null {
  const rule = dispositionRule(definition, disposition);
  if (rule?.then !== "callback") return null;
  const name = Object.entries(rule.fields).find(([, type]) => type === "datetime")?.[0];
  const value = name === undefined ? undefined : fields[name];
  if (typeof value !== "string") return null;
  const instant = DateTime.fromISO(value, { zone: "Asia/Kolkata" });
  return instant.isValid ? instant.toMillis() : null;
}

interface Settlement {
  attempt: Settleable;
  vault: AccountVault;
  conversation: OpenedConversation;
  decision: Decision;
  followUp: FollowUp;
  attemptsUsed: number;
  earlier: Awaited<ReturnType<typeof earlierDispositions>>;
  nowMs: number;
}

async function writeSettlement(tx: Tx, deps: OutcomeDeps, s: Settlement): Promise<void> {
  const { attempt, decision } = s;
  const now = new Date(s.nowMs);
  const costPaise = callCostPaise(
    { durationSeconds: attempt.duration_seconds, carrierPricePaise: carrierPrice(attempt.fold), usage: attempt.usage ?? {} },
    deps.prices,
  );
  const hangupBy = attempt.conversation_hangup_by ?? attempt.hangup_by;
  await tx
    .updateTable("attempts")
    .set({
      settled_at: now,
      settled_revision: attempt.revision,
      disposition: decision.counts ? decision.disposition : null,
      failure_class: decision.failureClass,
      cost_paise: costPaise,
      reserved_paise: 0,
      updated_at: now,
    })
    .where("id", "=", attempt.id)
    .execute();
  await moveContact(tx, {
    id: attempt.contact_id,
    from: ["planned"],
    to: s.followUp.state,
    now,
    set: {
      disposition: decision.disposition,
      attempts: s.attemptsUsed,
      last_attempt_id: attempt.id,
      revision: attempt.contact_revision + 1,
      next_attempt_at: s.followUp.state === "waiting" ? new Date(s.followUp.atMs) : null,
      waiting_because: s.followUp.state === "waiting" ? s.followUp.because : null,
      ...(s.followUp.state === "waiting" ? { due_class: s.followUp.dueClass } : {}),
    },
  });
  if (decision.counts) await writeOutcome(tx, s, { now, costPaise, hangupBy });
  await writeEvents(tx, deps, s, costPaise);
}

async function writeOutcome(tx: Tx, s: Settlement, more: { now: Date; costPaise: number; hangupBy: Settleable["hangup_by"] }): Promise<void> {
  const { attempt, conversation, decision, vault } = s;
  const replies = (attempt.turn_latencies ?? []).map((latency) => latency.replyMs);
  const row = {
    account_id: attempt.account_id,
    campaign_id: attempt.campaign_id,
    attempt_id: attempt.id,
    disposition: decision.disposition,
    fields_sealed: Object.keys(conversation.fields).length > 0 ? vault.seal("outcomes.fields", attempt.contact_id, JSON.stringify(conversation.fields)) : null,
    summary_sealed: conversation.summary === null ? null : vault.seal("outcomes.summary", attempt.contact_id, conversation.summary),
    language: attempt.conversation_language ?? attempt.contact_language,
    answered_at: attempt.answered_at,
    duration_seconds: attempt.duration_seconds,
    answered_by: attempt.conversation_answered_by ?? attempt.answered_by,
    hangup_by: more.hangupBy,
    failure_class: decision.failureClass,
    carrier_code: attempt.carrier_code ?? attempt.refusal_code,
    recording_consent: attempt.recording_consent,
    latency_p50_ms: percentile(replies, 0.5),
    latency_p95_ms: percentile(replies, 0.95),
    cost_paise: s.earlier.costPaise + more.costPaise,
    first_attempt_at: s.earlier.firstSentAt ?? attempt.sent_at,
    last_attempt_at: attempt.sent_at,
    attempts: s.attemptsUsed,
    recorded_at: more.now,
  };
  await tx
    .insertInto("outcomes")
    .values({ contact_id: attempt.contact_id, ...row, revision: 1 })
    .onConflict((conflict) =>
      conflict.column("contact_id").doUpdateSet((e) => ({ ...row, revision: e("outcomes.revision", "+", 1) })),
    )
    .execute();
}

async function writeEvents(tx: Tx, deps: OutcomeDeps, s: Settlement, costPaise: number): Promise<void> {
  const { attempt, conversation, decision, followUp, vault } = s;
  const deps2 = { clock: deps.clock, random: deps.random, vault };
  const common = {
    campaign_id: attempt.campaign_id,
    contact_id: attempt.contact_id,
    external_id: attempt.external_id,
    disposition: decision.disposition,
    attempts: s.attemptsUsed,
    revision: attempt.contact_revision + 1,
  };
  const personal = {
    phone: attempt.number_sealed === null ? null : vault.open("contacts.number", attempt.contact_id, attempt.number_sealed),
    disposition_fields: conversation.fields,
    summary: conversation.summary,
  };
  const sequence = attempt.contact_revision + 1;
  await addEvent(tx, deps2, {
    accountId: attempt.account_id,
    type: "call.ended",
    subjectId: attempt.id,
    sequence,
    body: {
      ...common,
      call_id: attempt.id,
      state: attempt.state,
      duration_seconds: attempt.duration_seconds,
      answered_by: attempt.conversation_answered_by ?? attempt.answered_by,
      failure_class: decision.failureClass,
      carrier_code: attempt.carrier_code ?? attempt.refusal_code,
      cost_paise: costPaise,
      next_attempt_at: followUp.state === "waiting" ? new Date(followUp.atMs).toISOString() : null,
    },
    personal,
  });
  if (decision.disposition === "opted_out") {
    await addEvent(tx, deps2, { accountId: attempt.account_id, type: "contact.opted_out", subjectId: attempt.contact_id, sequence, body: common, personal });
  }
  if (followUp.state !== "waiting") {
    await addEvent(tx, deps2, { accountId: attempt.account_id, type: "contact.done", subjectId: attempt.contact_id, sequence, body: { ...common, state: followUp.state }, personal });
  }
}

const pricedFold = z.looseObject({ pricePaise: z.number().int().nullish() });

/** The carrier's own price, when the folded facts hold one. */
export function carrierPrice(fold: unknown): number | null {
  return pricedFold.safeParse(fold).data?.pricePaise ?? null;
}

const holdOf: Readonly<Record<string, HoldKind>> = {
  complaint: "complaint",
  dispute: "dispute",
  hardship: "hardship",
  bereavement: "bereavement",
  wrong_number: "not_party",
};

/** What the conversation obliges us to remember about the number, outside the settling transaction because each is idempotent. */
async function protect(deps: OutcomeDeps, settled: { attempt: Settleable; decision: Decision }): Promise<void> {
  const { attempt, decision } = settled;
  const about = { accountId: attempt.account_id, numberKey: attempt.number_key, attemptId: attempt.id };
  if (decision.disposition === "opted_out") {
    await deps.protection.optOut({ ...about, campaignId: attempt.campaign_id });
  }
  const kind = holdOf[decision.disposition];
  if (kind) await deps.protection.hold({ ...about, kind });
}
