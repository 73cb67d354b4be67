import type { Definition } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, type CampaignId, type ContactId, newId } from "../domain/ids.ts";
import { checkRow } from "./check-row.ts";
import { planOfObjects, recordOfObject } from "./contact-keys.ts";
import { importLimits } from "./import-limits.ts";
import type { IntakeDeps } from "./ports.ts";
import { isErased } from "./refuse-erased.queries.ts";
import { reasonSentence } from "./reject-reasons.ts";
import { callOfRequest, forgetRequest, insertSingleCall, openSingleCall, type SingleCallRow } from "./schedule-call.queries.ts";
import { sealContact } from "./staged-row.ts";

/** One call as the REST body asks for it; values as they came. */
export interface CallRequest {
  to: string;
  name?: string | undefined;
  variables: Readonly<Record<string, unknown>>;
  language?: string | undefined;
  notBefore?: string | undefined;
  notAfter?: string | undefined;
  externalId?: string | undefined;
}

export interface ScheduledCall {
  id: ContactId;
  state: "waiting";
  nextAttemptAt: Date;
}

/**
 * Schedules one call: a contact of the account's hidden single-calls campaign, checked like a row of a list. The planner
 * and the gate then treat it as any other. With a `requestKey` the call is scheduled once, however often the same request
 * comes within a week: whoever asks again, not knowing whether the first time succeeded, is told of the call there is.
 * Refuses 422 `invalid_call` naming each wrong field, 422 `idempotency_key_reused` when the key stands for a call to
 * somebody else, and 409 `call_already_scheduled` while a call of the same template to the same number is still open.
 */
export async function scheduleCall(
  deps: IntakeDeps,
  input: { accountId: AccountId; campaignId: CampaignId; definition: Definition; call: CallRequest; requestKey?: string },
): Promise<ScheduledCall> {
  const { call, definition } = input;
  const plan = planOfObjects(definition);
  const object = {
    phone: call.to,
    name: call.name,
    language: call.language,
    external_id: call.externalId,
    not_before: call.notBefore,
    not_after: call.notAfter,
    variables: { ...(call.name === undefined ? {} : { name: call.name }), ...call.variables },
  };
  const maxFieldBytes = (deps.limits ?? importLimits).maxFieldBytes;
  const reading = checkRow(recordOfObject(object, 1, plan), { plan, definition, now: deps.clock.now(), maxFieldBytes });
  if (!reading.ok) {
    throw new Refusal(422, "invalid_call", "the call cannot be scheduled as asked", {
      errors: reading.problems.map((problem) => ({ path: pathOf(problem.column, definition), message: reasonSentence(problem.reason) })),
    });
  }
  const account = await deps.vault.forAccount(input.accountId);
  const id = newId<ContactId>(deps.clock, deps.random);
  const { contact } = reading;
  const nowMs = deps.clock.nowMs();
  const nextAttemptAt = new Date(Math.max(nowMs, contact.notBeforeMs ?? nowMs));
  const numberKey = deps.vault.numberKey(contact.number);
  if (await isErased(deps.db, { accountId: input.accountId, numberKey })) {
    throw new Refusal(422, "invalid_call", "the call cannot be scheduled as asked", { errors: [{ path: "to", message: reasonSentence("erased") }] });
  }
  const row: SingleCallRow = {
    id,
    accountId: input.accountId,
    campaignId: input.campaignId,
    numberKey,
    ...sealContact(account, id, contact),
    contact,
    nextAttemptAt,
    now: new Date(nowMs),
    requestKey: input.requestKey === undefined ? null : deps.vault.textKey("contacts.request_key", input.requestKey),
  };
  if (!(await insertSingleCall(deps.db, row))) {
    const before = await scheduledBefore(deps, row);
    if (before) return before;
    const open = await openSingleCall(deps.db, { campaignId: input.campaignId, numberKey });
    throw new Refusal(409, "call_already_scheduled", "a call of this template to this number is still open; cancel it first", { extra: { call_id: open ?? null } });
  }
  return { id, state: "waiting", nextAttemptAt };
}

/** A key may stand for another request after this; the door forgets answers at the same age. */
const requestKeptMs = 7 * 86_400_000;

/** The call that the same request scheduled before, or the new one when the key has become free again. */
async function scheduledBefore(deps: IntakeDeps, row: SingleCallRow): Promise<ScheduledCall | undefined> {
  const { accountId, requestKey } = row;
  const found = requestKey === null ? undefined : await callOfRequest(deps.db, { accountId, requestKey });
  if (!found) return undefined;
  if (found.added_at.getTime() > row.now.getTime() - requestKeptMs) {
    if (found.campaign_id !== row.campaignId || found.number_key !== row.numberKey) {
      throw new Refusal(422, "idempotency_key_reused", "this Idempotency-Key was used for a different request; choose a new one");
    }
    return { id: found.id, state: "waiting", nextAttemptAt: found.next_attempt_at ?? found.added_at };
  }
  await forgetRequest(deps.db, found.id);
  return (await insertSingleCall(deps.db, row)) ? { id: row.id, state: "waiting", nextAttemptAt: row.nextAttemptAt } : undefined;
}

function pathOf(column: string, definition: Definition): string {
  if (column === "phone" || column === "") return "to";
  return Object.hasOwn(definition.variables, column) ? `variables.${column}` : column;
}
