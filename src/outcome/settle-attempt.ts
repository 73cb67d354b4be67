import { DateTime } from "luxon";
import { z } from "zod";
import type { Db } from "../db/database.ts";
import { callEnd } from "../domain/call-end.ts";
import type { Clock } from "../domain/clock.ts";
import { type Definition, definitionSchema, dispositionRule } from "../domain/definition.ts";
import type { AttemptId } from "../domain/ids.ts";
import type { Log } from "../domain/log.ts";
import { recogniseOptOut } from "../domain/opt-out-phrases.ts";
import type { Random } from "../domain/random.ts";
import type { AccountVault, Vault } from "../domain/vault.ts";
import { decideDisposition, type FinishedAttempt } from "./decide-disposition.ts";
import { planFollowUp, unknownGapMs } from "./follow-up.ts";
import type { HoldKind, Prices, ProtectionPort } from "./ports.ts";
import { accountOfAttempt, earlierDispositions, lockSettleable, type Settleable } from "./settle.queries.ts";
import { type OpenedConversation, storedFields, writeSettlement } from "./write-settlement.ts";

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

/**
 * Writes what came of an attempt, once: the outcome row, the contact's next state, the cost and the events, in one
 * transaction. Does nothing while the attempt or its conversation is still under way, or when it was settled before,
 * so it may be called by whoever sees an end first. Answers whether this call settled it.
 *
 * What the conversation obliges us to remember about the number is written before the attempt counts as settled: a
 * process that dies in between leaves an attempt that is settled again, never a person who is not protected.
 */
export async function settleAttempt(deps: OutcomeDeps, input: { attemptId: AttemptId }): Promise<boolean> {
  const accountId = await accountOfAttempt(deps.db, input.attemptId);
  if (accountId === undefined) return false;
  // Opened before the transaction: loading a key needs a connection of its own.
  const vault = await deps.vault.forAccount(accountId);
  let protectedBy: string | undefined;
  for (;;) {
    const step = await settleOnce(deps, { attemptId: input.attemptId, vault, protectedBy });
    if (step.kind === "nothing_to_settle") return false;
    if (step.kind === "settled") {
      deps.log.info("attempt settled", { attemptId: input.attemptId, disposition: step.disposition });
      return true;
    }
    await protect(deps, step);
    protectedBy = step.disposition;
  }
}

type Step =
  | { kind: "nothing_to_settle" }
  | { kind: "owes_protection"; attempt: Settleable; disposition: string }
  | { kind: "settled"; disposition: string };

function settleOnce(deps: OutcomeDeps, input: { attemptId: AttemptId; vault: AccountVault; protectedBy: string | undefined }): Promise<Step> {
  const { attemptId, vault, protectedBy } = input;
  return deps.db.transaction().execute(async (tx): Promise<Step> => {
    const attempt = await lockSettleable(tx, attemptId, new Date(deps.clock.nowMs()));
    if (!attempt) return { kind: "nothing_to_settle" };
    const conversation = openConversation(attempt, vault);
    const decision = decideDisposition(finishedAttempt(attempt, conversation));
    const { disposition } = decision;
    if (owesProtection(disposition) && disposition !== protectedBy) return { kind: "owes_protection", attempt, disposition };
    const definition = definitionSchema.parse(attempt.definition);
    const earlier = await earlierDispositions(tx, attempt.contact_id, attempt.id);
    const attemptsUsed = (decision.counts ? 1 : 0) + [...earlier.times.values()].reduce((sum, times) => sum + times, 0);
    const nowMs = deps.clock.nowMs();
    const followUp = planFollowUp({
      decision,
      definition,
      attemptsUsed,
      sameBefore: earlier.times.get(disposition) ?? 0,
      callbacksBefore: earlier.times.get("callback_requested") ?? 0,
      callbackAtMs: callbackInstant(definition, disposition, conversation.fields),
      minGapMs: attempt.state === "closed_unknown" ? unknownGapMs : 0,
      nowMs,
    });
    await writeSettlement(tx, deps, { attempt, definition, vault, conversation, decision, followUp, attemptsUsed, earlier, nowMs });
    return { kind: "settled", disposition };
  });
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
  const { endReason } = callEnd({ notedBy: attempt.hangup_by, conversationBy: attempt.conversation_hangup_by, endReason: attempt.end_reason });
  return {
    state,
    ending: attempt.ending,
    carrierCode: attempt.carrier_code,
    refusalCode: attempt.refusal_code,
    answeredBy: attempt.answered_by,
    hangupBy: attempt.hangup_by,
    failureClass: attempt.failure_class,
    optedOut: attempt.opted_out_on_call,
    conversation: endReason
      ? {
          endReason,
          disposition: attempt.conversation_disposition,
          answeredBy: attempt.conversation_answered_by ?? attempt.answered_by,
          // The second net below the rule that listens during the call: the whole transcript is read once more.
          optedOut: attempt.opted_out === true || conversation.calleeTexts.some((text) => recogniseOptOut(text).kind === "opt_out"),
          calleeSpoke: conversation.calleeTexts.length > 0,
        }
      : null,
  };
}

/** The instant in the disposition's first `datetime` field, when its rule is to call back. */
function callbackInstant(definition: Definition, disposition: string, fields: OpenedConversation["fields"]): number | null {
  const rule = dispositionRule(definition, disposition);
  if (rule?.then !== "callback") return null;
  const name = Object.entries(rule.fields).find(([, type]) => type === "datetime")?.[0];
  const value = name === undefined ? undefined : fields[name];
  if (typeof value !== "string") return null;
  const instant = DateTime.fromISO(value, { zone: "Asia/Kolkata" });
  return instant.isValid ? instant.toMillis() : null;
}

const holdOf: Readonly<Record<string, HoldKind>> = {
  complaint: "complaint",
  dispute: "dispute",
  hardship: "hardship",
  bereavement: "bereavement",
  wrong_number: "not_party",
};

const owesProtection = (disposition: string): boolean => disposition === "opted_out" || holdOf[disposition] !== undefined;

/** What the conversation obliges us to remember about the number. Each is idempotent, so it may be written again. */
async function protect(deps: OutcomeDeps, { attempt, disposition }: { attempt: Settleable; disposition: string }): Promise<void> {
  const about = { accountId: attempt.account_id, numberKey: attempt.number_key, attemptId: attempt.id };
  if (disposition === "opted_out") await deps.protection.optOut({ ...about, campaignId: attempt.campaign_id });
  const kind = holdOf[disposition];
  if (kind) await deps.protection.hold({ ...about, kind });
}
