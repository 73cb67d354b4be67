import { Refusal } from "../domain/errors.ts";
import { type AccountId, type Id, looksLikeId, newId } from "../domain/ids.ts";
import { istText } from "../domain/ist-text.ts";
import { cutPage, type Page, type PageAsked } from "../domain/page.ts";
import { type E164, readIndianNumber } from "../domain/phone-number.ts";
import { blockNumbers, freeNumbers } from "./contact-blocks.queries.ts";
import { numberEvent, writeLegalEvents } from "./evidence-rows.queries.ts";
import { listNumber, numberProblem } from "./list-number.ts";
import type { ScrubDeps } from "./ports.ts";
import { activeSuppression, insertSuppressions, isOnPlatformList, liftOwnSuppression, type NewSuppression, selectSuppressions } from "./suppressions.queries.ts";

type SuppressionDeps = Pick<ScrubDeps, "db" | "vault" | "clock" | "random" | "log">;

export interface AddedSuppressions {
  /** Numbers that are suppressed since this call. */
  added: number;
  /** Numbers that were suppressed before. */
  already: number;
  /** Waiting contacts, of all campaigns, that are blocked since this call. */
  contacts_blocked: number;
}

/** Most numbers one call takes; longer lists come as a file. */
export const suppressionsPerCall = 1_000;

/**
 * Puts numbers on the account's do-not-call list: no purpose, no campaign, also attempts already queued. Refuses: 422
 * `invalid_numbers` naming each, before anything is written.
 */
export async function addSuppressions(deps: SuppressionDeps, input: { accountId: AccountId; numbers: readonly string[]; reason: string }): Promise<AddedSuppressions> {
  if (input.numbers.length === 0 || input.numbers.length > suppressionsPerCall) {
    throw new Refusal(422, "wrong_number_count", `expected 1 to ${suppressionsPerCall} numbers, got ${input.numbers.length}; longer lists are sent as text/csv`, { path: "numbers" });
  }
  const numbers = readAll(input.numbers);
  const account = await deps.vault.forAccount(input.accountId);
  const now = deps.clock.now();
  const suppressions = [...numbers].map((number): NewSuppression => {
    const id = newId<Id<"suppression">>(deps.clock, deps.random);
    return { id, numberKey: deps.vault.numberKey(number), numberSealed: account.seal("suppressions.number", id, number) };
  });
  const { accountId, reason } = input;
  return deps.db.transaction().execute(async (tx) => {
    const added = await insertSuppressions(tx, { accountId, suppressions, reason, source: "operator", now: now.toJSDate() });
    const body = { cause: "suppression_added", source: "operator", reason };
    const blocked = await blockNumbers(tx, { accountId, numberKeys: suppressions.map((row) => row.numberKey), code: "suppressed", now: now.toJSDate(), ist: now.toISO(), body });
    return { added: added.length, already: numbers.size - added.length, contacts_blocked: blocked };
  });
}

function readAll(texts: readonly string[]): Set<E164> {
  const numbers = new Set<E164>();
  const errors = texts.flatMap((text, at) => {
    const reading = listNumber(text);
    if (reading.ok) numbers.add(reading.number);
    return reading.ok ? [] : [{ path: `numbers.${at}`, message: numberProblem(reading.reason) }];
  });
  if (errors.length > 0) throw new Refusal(422, "invalid_numbers", `${errors.length} of ${texts.length} numbers cannot be read; nothing was changed`, { errors });
  return numbers;
}

/**
 * Takes a number off the account's list; its contacts in unfinished campaigns that were blocked for nothing else wait again. The 90 days
 * in which an opted-out person is not asked anew go on. Refuses: 422 `invalid_numbers`, 404 `not_suppressed`, 403 `platform_suppression`.
 */
export async function liftSuppression(deps: SuppressionDeps, input: { accountId: AccountId; number: string }): Promise<{ contacts_freed: number }> {
  const [number] = readAll([input.number]);
  if (number === undefined) throw new Error("expected a number that was just read");
  const numberKey = deps.vault.numberKey(number);
  const at = deps.clock.now();
  const now = at.toJSDate();
  return deps.db.transaction().execute(async (tx) => {
    const lifted = await liftOwnSuppression(tx, { accountId: input.accountId, numberKey, now });
    if (await isOnPlatformList(tx, numberKey)) {
      throw new Refusal(403, "platform_suppression", "the number is on the platform's own list, which no account may change");
    }
    if (!lifted) throw new Refusal(404, "not_suppressed", "the number is not on the do-not-call list");
    await writeLegalEvents(tx, [numberEvent({ accountId: input.accountId, numberKey, at, decision: "noted", code: "suppression_lifted", body: {} })]);
    return { contacts_freed: await freeNumbers(tx, { accountId: input.accountId, numberKeys: [numberKey], reasons: ["suppressed"], now }) };
  });
}

/** A suppression as shown, in wire names; `number` null: the person was erased, only the key remains. */
export interface SuppressionView {
  id: string;
  number: string | null;
  reason: string;
  /** Who put it there: operator, import, call, promotional_call, keypad; platform, where the platform's own list holds the number. */
  source: string;
  created_at: string;
}

/** What keeps a number from being called. Refuses: 422 `invalid_numbers`, 404 `not_suppressed`. */
export async function showSuppression(deps: SuppressionDeps, input: { accountId: AccountId; number: string }): Promise<SuppressionView> {
  const reading = listNumber(input.number);
  if (!reading.ok) throw new Refusal(422, "invalid_numbers", numberProblem(reading.reason), { path: "number" });
  const row = await activeSuppression(deps.db, { accountId: input.accountId, numberKey: deps.vault.numberKey(reading.number) });
  if (!row) throw new Refusal(404, "not_suppressed", "the number is not on the do-not-call list");
  const created_at = istText(row.created_at);
  if (row.account_id === null) return { id: row.id, number: reading.number, reason: "platform_suppression", source: "platform", created_at };
  return { id: row.id, number: row.number_sealed === null ? null : reading.number, reason: row.reason, source: row.source, created_at };
}

/** The account's list, the newest first. Refuses: 422 `invalid_cursor`, `invalid_numbers`. */
export async function listSuppressions(
  deps: SuppressionDeps,
  input: PageAsked & { accountId: AccountId; number?: string },
): Promise<Page<SuppressionView>> {
  if (input.cursor !== undefined && !looksLikeId(input.cursor)) throw new Refusal(422, "invalid_cursor", "expected the next_cursor of an earlier page", { path: "cursor" });
  const reading = input.number === undefined ? undefined : readIndianNumber(input.number, { allowFixedLine: true });
  if (reading && !reading.ok) throw new Refusal(422, "invalid_numbers", numberProblem(reading.reason), { path: "number" });
  const rows = await selectSuppressions(deps.db, {
    accountId: input.accountId,
    limit: input.limit + 1,
    beforeId: input.cursor ?? null,
    numberKey: reading ? deps.vault.numberKey(reading.number) : null,
  });
  const account = await deps.vault.forAccount(input.accountId);
  return cutPage(rows, input.limit, (row) => ({
    id: row.id,
    number: row.number_sealed && account.open("suppressions.number", row.id, row.number_sealed),
    reason: row.reason,
    source: row.source,
    created_at: istText(row.created_at),
  }));
}
