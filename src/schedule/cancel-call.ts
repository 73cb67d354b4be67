import { withdrawPlannedAttempt } from "../db/attempt-state.ts";
import { moveContact } from "../db/contact-state.ts";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, type ContactId, looksLikeId } from "../domain/ids.ts";
import type { LifecycleDeps } from "./ports.ts";

/**
 * Takes back one contact that has not been called yet: a call posted on its own, or one row of a list. Cancelling twice changes nothing.
 * Refuses: 404 `call_not_found`, 409 `wrong_state` when it is being called now or is over.
 */
export async function cancelCall(
  deps: Pick<LifecycleDeps, "db" | "clock">,
  input: { accountId: AccountId; contactId: ContactId },
): Promise<{ id: ContactId; state: "cancelled" }> {
  const now = new Date(deps.clock.nowMs());
  return deps.db.transaction().execute(async (tx) => {
    const contact = looksLikeId(input.contactId)
      ? await tx.selectFrom("contacts").where("account_id", "=", input.accountId).where("id", "=", input.contactId).select("state").forUpdate().executeTakeFirst()
      : undefined;
    if (!contact) throw new Refusal(404, "call_not_found", `there is no call ${input.contactId}`);
    if (contact.state === "cancelled") return { id: input.contactId, state: "cancelled" };
    await withdrawPlannedAttempt(tx, { contactId: input.contactId, refusalCode: "call_cancelled", now });
    const openAttempt = await tx
      .selectFrom("attempts")
      .where("contact_id", "=", input.contactId)
      .where("state", "not in", ["ended", "rejected", "refused", "closed_unknown"])
      .select("id")
      .executeTakeFirst();
    const moved = openAttempt
      ? false
      : await moveContact(tx, { id: input.contactId, from: ["waiting", "planned", "held", "exhausted"], to: "cancelled", now, set: { waiting_because: null } });
    if (moved) return { id: input.contactId, state: "cancelled" };
    throw new Refusal(409, "wrong_state", openAttempt ? "the person is being called now" : `the call is ${contact.state}`, { extra: { state: contact.state } });
  });
}
