import type { Definition } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, type CampaignId, type ContactId, newId } from "../domain/ids.ts";
import { nextOpening } from "../rules/calling-hours.ts";
import { checkRow, type ContactDraft } from "./check-row.ts";
import { planOfObjects, recordOfObject, variableNames } from "./contact-keys.ts";
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
  /** The first instant at which it may ring, by the windows of the law and of the definition. */
  nextAttemptAt: Date;
  /** The code of the window that it waits for; null when none keeps it. */
  waitingBecause: string | null;
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
  const contact = readCall(deps, call, definition);
  const account = await deps.vault.forAccount(input.accountId);
  const id = newId<ContactId>(deps.clock, deps.random);
  const nowMs = deps.clock.nowMs();
  const earliestMs = Math.max(nowMs, contact.notBeforeMs ?? nowMs);
  const opening = nextOpening(definition, earliestMs);
  const nextAttemptAt = new Date(opening?.atMs ?? earliestMs);
  const waitingBecause = opening?.because ?? null;
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
    waitingBecause,
    now: new Date(nowMs),
    requestKey: input.requestKey === undefined ? null : deps.vault.textKey("contacts.request_key", input.requestKey),
  };
  if (!(await insertSingleCall(deps.db, row))) {
    const before = await scheduledBefore(deps, row);
    if (before) return before;
    const open = await openSingleCall(deps.db, { campaignId: input.campaignId, numberKey });
    throw new Refusal(409, "call_already_scheduled", "a call of this template to this number is still open; cancel it first", { extra: { call_id: open ?? null } });
  }
  return { id, state: "waiting", nextAttemptAt, waitingBecause };
}

/** The call as a checked contact. Refuses 422 `invalid_call` with everything that is wrong, unknown variables included. */
function readCall(deps: IntakeDeps, call: CallRequest, definition: Definition): ContactDraft {
  const names = ["name", ...variableNames(definition)];
  const given = Object.entries(call.variables);
  const object = {
    phone: call.to,
    name: call.name,
    language: call.language,
    external_id: call.externalId,
    not_before: call.notBefore,
    not_after: call.notAfter,
    variables: { ...(call.name === undefined ? {} : { name: call.name }), ...Object.fromEntries(given.filter(([name]) => names.includes(name))) },
  };
  const plan = planOfObjects(definition);
  const maxFieldBytes = (deps.limits ?? importLimits).maxFieldBytes;
  const reading = checkRow(recordOfObject(object, 1, plan), { plan, definition, now: deps.clock.now(), maxFieldBytes });
  const wrong = reading.ok ? [] : reading.problems.map((problem) => ({ path: pathOf(problem.column, definition), message: reasonSentence(problem.reason) }));
  const strange = given
    .filter(([name]) => !names.includes(name))
    .map(([name]) => ({ path: `variables.${name}`, message: `the definition has no such variable; expected ${[...new Set(names)].join(", ")}` }));
  if (reading.ok && strange.length === 0) return reading.contact;
  throw new Refusal(422, "invalid_call", "the call cannot be scheduled as asked", { errors: [...wrong, ...strange] });
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
      throw new Refusal(422, "idempotency_key_reused", "this Idempotency-Key was used for a different request; choose a new one", { path: "Idempotency-Key" });
    }
    return { id: found.id, state: "waiting", nextAttemptAt: found.next_attempt_at ?? found.added_at, waitingBecause: found.waiting_because };
  }
  await forgetRequest(deps.db, found.id);
  return (await insertSingleCall(deps.db, row)) ? { id: row.id, state: "waiting", nextAttemptAt: row.nextAttemptAt, waitingBecause: row.waitingBecause } : undefined;
}

function pathOf(column: string, definition: Definition): string {
  if (column === "phone" || column === "") return "to";
  return Object.hasOwn(definition.variables, column) ? `variables.${column}` : column;
}
