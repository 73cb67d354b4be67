import { addEvent } from "../db/outbox.ts";
import type { AttemptId } from "../domain/ids.ts";
import { rupeesFromPaise } from "../domain/money.ts";
import { callCostPaise } from "./call-cost.ts";
import { carrierPrice } from "./carrier-price.ts";
import type { OutcomeDeps } from "./settle-attempt.ts";
import { accountOfAttempt, lockRevised } from "./settle.queries.ts";

/**
 * Takes in what the carrier told after an attempt was settled (a late duration, price or answering verdict). The
 * disposition of a conversation and the contact's next step stay as they are: a late fact never causes a call.
 * Sends `call.updated` once per change.
 */
export async function reviseOutcome(deps: OutcomeDeps, input: { attemptId: AttemptId }): Promise<boolean> {
  const accountId = await accountOfAttempt(deps.db, input.attemptId);
  if (accountId === undefined) return false;
  // Opened before the transaction: loading a key needs a connection of its own.
  const vault = await deps.vault.forAccount(accountId);
  return deps.db.transaction().execute(async (tx) => {
    const attempt = await lockRevised(tx, input.attemptId);
    if (!attempt) return false;
    const costPaise = callCostPaise(
      { durationSeconds: attempt.duration_seconds, carrierPricePaise: carrierPrice(attempt.fold), usage: attempt.usage ?? {} },
      deps.prices,
    );
    const costChangePaise = costPaise - (attempt.cost_paise ?? 0);
    await tx.updateTable("attempts").set({ settled_revision: attempt.revision, cost_paise: costPaise }).where("id", "=", attempt.id).execute();
    const outcome = await tx
      .updateTable("outcomes")
      .set((e) => ({
        cost_paise: e("cost_paise", "+", costChangePaise),
        revision: e("revision", "+", 1),
        ...(attempt.last_attempt_id === attempt.id
          ? { duration_seconds: attempt.duration_seconds, answered_at: attempt.answered_at, carrier_code: attempt.carrier_code ?? attempt.refusal_code }
          : {}),
      }))
      .where("contact_id", "=", attempt.contact_id)
      .returning("revision")
      .executeTakeFirst();
    await addEvent(tx, { clock: deps.clock, random: deps.random, vault }, {
      accountId: attempt.account_id,
      type: "call.updated",
      subjectId: attempt.id,
      sequence: attempt.revision,
      body: {
        call_id: attempt.contact_id,
        attempt_id: attempt.id,
        campaign_id: attempt.campaign_id,
        contact_id: attempt.contact_id,
        external_id: attempt.external_id,
        duration_seconds: attempt.duration_seconds,
        answered_by: attempt.conversation_answered_by ?? attempt.answered_by,
        carrier_code: attempt.carrier_code ?? attempt.refusal_code,
        cost_inr: Number(rupeesFromPaise(costPaise)),
        revision: outcome?.revision ?? attempt.revision,
      },
    });
    return true;
  });
}
