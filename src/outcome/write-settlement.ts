import { z } from "zod";
import { moveContact } from "../db/contact-state.ts";
import type { Tx } from "../db/database.ts";
import { callEnd } from "../domain/call-end.ts";
import type { Clock } from "../domain/clock.ts";
import type { Definition } from "../domain/definition.ts";
import type { Random } from "../domain/random.ts";
import type { AccountVault } from "../domain/vault.ts";
import { callCostPaise } from "./call-cost.ts";
import { carrierPrice } from "./carrier-price.ts";
import type { Decision } from "./decide-disposition.ts";
import type { FollowUp } from "./follow-up.ts";
import { percentile } from "./percentile.ts";
import type { Prices } from "./ports.ts";
import type { earlierDispositions, Settleable } from "./settle.queries.ts";
import { writeSettlementEvents } from "./settlement-events.ts";

/** The disposition's fields as stored: money in paise, dates and instants as ISO 8601 texts. */
export const storedFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** The sealed parts of a conversation, opened. */
export interface OpenedConversation {
  fields: z.infer<typeof storedFields>;
  summary: string | null;
  calleeTexts: string[];
}

/** Everything a settlement writes, decided before. */
export interface Settlement {
  attempt: Settleable;
  definition: Definition;
  vault: AccountVault;
  conversation: OpenedConversation;
  decision: Decision;
  followUp: FollowUp;
  attemptsUsed: number;
  earlier: Awaited<ReturnType<typeof earlierDispositions>>;
  nowMs: number;
}

/** Writes the attempt's cost and end, the contact's next state, the outcome row and the events, inside the caller's transaction. */
export async function writeSettlement(tx: Tx, deps: { clock: Clock; random: Random; prices: Prices }, s: Settlement): Promise<void> {
  const { attempt, decision } = s;
  const now = new Date(s.nowMs);
  const costPaise = callCostPaise(
    { durationSeconds: attempt.duration_seconds, carrierPricePaise: carrierPrice(attempt.fold), usage: attempt.usage ?? {} },
    deps.prices,
  );
  const { hangupBy } = callEnd({ notedBy: attempt.hangup_by, conversationBy: attempt.conversation_hangup_by, endReason: attempt.end_reason });
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
  await writeSettlementEvents(tx, deps, s, costPaise);
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
