import { Refusal } from "../domain/errors.ts";
import { type AccountId, type Id, newId } from "../domain/ids.ts";
import { readIndianNumber } from "../domain/phone-number.ts";
import { askForRecordingDeletions, destroySealed, hasCallUnderWay, lockContactsOf, stopCalling, suppressErased } from "./erase-person.queries.ts";
import type { IntakeDeps } from "./ports.ts";
import { reasonSentence } from "./reject-reasons.ts";

/** What was erased, in wire names. */
export interface ErasureReport {
  /** Stands for the number in suppressions, evidence and the audit log; the number cannot be got back from it. */
  number_key: string;
  contacts: number;
  conversations: number;
  rejected_rows: number;
  /** Calls that were or may have been recorded: what lies with the carrier is deleted there. */
  recordings_at_carrier: number;
}

/**
 * Removes a person from the account: number, name, variables, transcripts, summaries and the originals of refused rows are
 * destroyed; what was called when, and why it was allowed, stays under the number's keyed hash, and the number is suppressed
 * for good. Recordings are deleted at the carrier in the background. Repeating it changes nothing. (DPDP Act 2023 s.12, Rules 2025; what must be kept a year is kept without the person.)
 * Refuses: 422 `invalid_number`, 409 `call_under_way` while a call of the person is not settled; the number is suppressed
 * even then, so that no other call begins before the erasure is asked for again.
 */
export async function erasePerson(deps: Pick<IntakeDeps, "db" | "vault" | "clock" | "random" | "log">, input: { accountId: AccountId; number: string }): Promise<ErasureReport> {
  const reading = readIndianNumber(input.number, { allowFixedLine: true });
  if (!reading.ok) throw new Refusal(422, "invalid_number", reasonSentence(reading.reason), { errors: [{ path: "number", message: reasonSentence(reading.reason) }] });
  const now = new Date(deps.clock.nowMs());
  const person = { accountId: input.accountId, numberKey: deps.vault.numberKey(reading.number), now };
  await suppressErased(deps.db, { ...person, id: newId<Id<"suppression">>(deps.clock, deps.random) });
  const report = await deps.db.transaction().execute(async (tx) => {
    const contactIds = await lockContactsOf(tx, person);
    await stopCalling(tx, contactIds, now);
    if (await hasCallUnderWay(tx, contactIds)) {
      throw new Refusal(409, "call_under_way", "the person is being called, or the call is not settled yet; try again in some minutes", { retryable: true });
    }
    const destroyed = await destroySealed(tx, person, contactIds);
    return {
      number_key: person.numberKey,
      contacts: contactIds.length,
      conversations: destroyed.conversations,
      rejected_rows: destroyed.rejectedRows,
      recordings_at_carrier: await askForRecordingDeletions(tx, person, contactIds),
    };
  });
  deps.log.info("erased a person", { contacts: report.contacts, conversations: report.conversations });
  return report;
}
