import { Refusal } from "../domain/errors.ts";
import { type AccountId, type Id, newId } from "../domain/ids.ts";
import { istText, istTextOrNull } from "../domain/ist-text.ts";
import type { ConsentBasis } from "../rules/facts.ts";
import { freeNumbers } from "./contact-blocks.queries.ts";
import { numberEvent, writeLegalEvents } from "./evidence-rows.queries.ts";
import { insertConsents, type NewConsent, revokeOpenConsents, selectConsents } from "./consents.queries.ts";
import { listNumber, numberProblem } from "./list-number.ts";
import { numberKeyOf } from "./number-key-of.ts";
import type { ScrubDeps } from "./ports.ts";

type ConsentDeps = Pick<ScrubDeps, "db" | "vault" | "clock" | "random">;

export interface ConsentInput {
  number: string;
  basis: ConsentBasis;
  purpose?: string;
  /** The id on the operators' consent registry, or the operator's own proof. */
  reference?: string;
  registeredOnDlt?: boolean;
  givenAt: Date;
  /** For inferred consent: the end of the contract. Null or missing: as long as its basis lasts. */
  endsAt?: Date | null;
}

/** Why contacts are blocked that a new consent may open; whether it does, the gate finds out. */
const consentReasons = ["no_consent", "consent_lapsed"];

/** Most consents one call takes. */
export const consentsPerCall = 1_000;

/** A clock that is a little ahead is no consent from the future. */
const clockSlackMs = 5 * 60_000;
/** Consents older than the regulation that knows them are a slip of century. */
const oldestGivenAtMs = Date.parse("2000-01-01T00:00:00+05:30");

/**
 * Puts consents on file, all or none; one given before a withdrawal that is on file stays withdrawn. Contacts that were blocked for want of
 * one wait again. Refuses: 422 `invalid_consents` naming each field: an unreadable number, a date
 * before 2000 or in the future, an end before the start, a DLT registration without its reference.
 */
export async function recordConsents(deps: ConsentDeps, input: { accountId: AccountId; consents: readonly ConsentInput[] }): Promise<{ recorded: number }> {
  if (input.consents.length === 0 || input.consents.length > consentsPerCall) {
    throw new Refusal(422, "wrong_consent_count", `expected 1 to ${consentsPerCall} consents, got ${input.consents.length}`, { path: "consents" });
  }
  const nowMs = deps.clock.nowMs();
  const errors = input.consents.flatMap((consent, at) => problemsOf(consent, nowMs).map(({ path, message }) => ({ path: `consents.${at}.${path}`, message })));
  if (errors.length > 0) throw new Refusal(422, "invalid_consents", `${errors.length} fields are wrong; nothing was recorded`, { errors });
  const rows = input.consents.map(
    (consent): NewConsent => ({
      id: newId<Id<"consent">>(deps.clock, deps.random),
      numberKey: numberKeyOf(deps.vault, consent.number),
      basis: consent.basis,
      purpose: consent.purpose ?? null,
      reference: consent.reference?.trim() || null,
      registeredOnDlt: consent.registeredOnDlt ?? false,
      givenAt: consent.givenAt,
      endsAt: consent.endsAt ?? null,
    }),
  );
  const at = deps.clock.now();
  const now = at.toJSDate();
  const { accountId } = input;
  await deps.db.transaction().execute(async (tx) => {
    const withdrawn = await insertConsents(tx, { accountId, consents: rows, now });
    const body = (row: NewConsent) => ({ ...recordedBody(row), ...(withdrawn.has(row.id) && { withdrawn_before: true }) });
    await writeLegalEvents(tx, rows.map((row) => numberEvent({ accountId, numberKey: row.numberKey, at, decision: "noted", code: "consent_recorded", body: body(row) })));
    await freeNumbers(tx, { accountId, numberKeys: rows.flatMap(({ id, numberKey }) => (withdrawn.has(id) ? [] : [numberKey])), reasons: consentReasons, now });
  });
  return { recorded: rows.length };
}

function problemsOf(consent: ConsentInput, nowMs: number): { path: string; message: string }[] {
  const number = listNumber(consent.number);
  const givenAtMs = consent.givenAt.getTime();
  const problems: { path: string; message: string }[] = [];
  if (!number.ok) problems.push({ path: "number", message: numberProblem(number.reason) });
  if (!(givenAtMs >= oldestGivenAtMs && givenAtMs <= nowMs + clockSlackMs)) problems.push({ path: "given_at", message: "expected a date between 2000 and now" });
  if (consent.endsAt && consent.endsAt.getTime() <= givenAtMs) problems.push({ path: "ends_at", message: "expected an end after given_at" });
  if (consent.registeredOnDlt && !consent.reference?.trim()) problems.push({ path: "reference", message: "a consent on the DLT registry has a reference" });
  return problems;
}

/** Withdraws every consent of a number, or those of one basis. Answers how many were open. Refuses: 422 `invalid_number`. */
export async function revokeConsents(deps: ConsentDeps, input: { accountId: AccountId; number: string; basis?: ConsentBasis }): Promise<{ revoked: number }> {
  const numberKey = numberKeyOf(deps.vault, input.number);
  const { accountId, basis = null } = input;
  const at = deps.clock.now();
  return deps.db.transaction().execute(async (tx) => {
    const revoked = await revokeOpenConsents(tx, { accountId, numberKey, basis, now: at.toJSDate() });
    if (revoked > 0) await writeLegalEvents(tx, [numberEvent({ accountId, numberKey, at, decision: "noted", code: "consent_withdrawn", body: { basis, consents: revoked } })]);
    return { revoked };
  });
}

function recordedBody({ id, basis, purpose, reference, registeredOnDlt, givenAt, endsAt }: NewConsent): Record<string, unknown> {
  return { consent_id: id, basis, purpose, reference, on_dlt: registeredOnDlt, given_at: istText(givenAt), ends_at: istTextOrNull(endsAt) };
}

/** A consent as shown, in wire names. */
export interface ConsentView {
  id: string;
  basis: ConsentBasis;
  purpose: string | null;
  reference: string | null;
  registered_on_dlt: boolean;
  given_at: string;
  ends_at: string | null;
  revoked_at: string | null;
}

/** Every consent of a number, the newest first. Refuses: 422 `invalid_number`. */
export async function listConsents(deps: ConsentDeps, input: { accountId: AccountId; number: string }): Promise<ConsentView[]> {
  const rows = await selectConsents(deps.db, { accountId: input.accountId, numberKey: numberKeyOf(deps.vault, input.number) });
  return rows.map(({ id, basis, purpose, reference, registered_on_dlt, given_at, ends_at, revoked_at }) => ({
    id,
    basis,
    purpose,
    reference,
    registered_on_dlt,
    given_at: istText(given_at),
    ends_at: istTextOrNull(ends_at),
    revoked_at: istTextOrNull(revoked_at),
  }));
}
