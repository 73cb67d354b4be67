import { Refusal } from "../domain/errors.ts";
import { type AccountId, type AttemptId, type Id, newId } from "../domain/ids.ts";
import { blockNumbers } from "./contact-blocks.queries.ts";
import { writeLegalEvents } from "./evidence-rows.queries.ts";
import { type CalledPerson, personOf } from "./opt-outs.queries.ts";
import type { ScrubDeps } from "./ports.ts";
import { insertSuppressions, noteRefusal } from "./suppressions.queries.ts";

type OptOutDeps = Pick<ScrubDeps, "db" | "vault" | "clock" | "random" | "log">;

export interface OptOutInput {
  accountId: AccountId;
  attemptId: AttemptId;
  /** How the person let it be known. */
  how: "said" | "pressed";
}

/**
 * Writes that the person on this call wants no more calls. When it resolves, the number is suppressed for the whole account: the
 * gate and the last check before the carrier both ask the list, so no attempt queued anywhere can still go out. Then
 * waiting contacts with the number are blocked. May be repeated. Refuses: 404 `attempt_not_found`.
 */
export async function recordOptOut(deps: OptOutDeps, input: OptOutInput): Promise<void> {
  const person = await personOf(deps.db, input);
  if (!person) throw new Refusal(404, "attempt_not_found", "expected an attempt of this account");
  if (!(await suppress(deps, person, input))) return;
  const now = deps.clock.now();
  const body = { cause: "opted_out", how: input.how, attempt_id: input.attemptId };
  // Only tidies up: the suppression committed above is what protects, so it is not undone when this fails.
  const contactsBlocked = await blockNumbers(deps.db, { accountId: person.accountId, numberKeys: [person.numberKey], code: "suppressed", now: now.toJSDate(), ist: now.toISO(), body });
  deps.log.info("a person opted out", { attemptId: input.attemptId, how: input.how, contactsBlocked });
}

/** The suppression and its evidence, in one commit; false when this call was told before. */
async function suppress(deps: OptOutDeps, person: CalledPerson, input: OptOutInput): Promise<boolean> {
  const id = newId<Id<"suppression">>(deps.clock, deps.random);
  const now = deps.clock.now();
  const numberSealed = await resealed(deps, person, id);
  const source = sourceOf(person, input.how);
  return deps.db.transaction().execute(async (tx) => {
    const suppressions = [{ id, numberKey: person.numberKey, numberSealed }];
    const about = { accountId: person.accountId, reason: "opted out", source, now: now.toJSDate() };
    const added = await insertSuppressions(tx, { ...about, suppressions });
    if (added.length === 0 && !(await noteRefusal(tx, { ...about, id, numberKey: person.numberKey, attemptId: input.attemptId }))) return false;
    await writeLegalEvents(tx, [{ ...person, attemptId: input.attemptId, at: now, decision: "never", code: "opted_out", body: { how: input.how, source } }]);
    return true;
  });
}

/** Opt-outs from promotional calls are told apart: they count towards the sender's brake. */
function sourceOf(person: CalledPerson, how: "said" | "pressed"): string {
  if (person.purpose === "promotional") return "promotional_call";
  return how === "pressed" ? "keypad" : "call";
}

/** The number sealed for its place on the list; null when the person was erased. */
async function resealed(deps: OptOutDeps, person: CalledPerson, id: string): Promise<Buffer | null> {
  if (person.numberSealed === null) return null;
  const account = await deps.vault.forAccount(person.accountId);
  return account.seal("suppressions.number", id, account.open("contacts.number", person.contactId, person.numberSealed));
}
