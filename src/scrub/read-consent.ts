import { istDateStartMs } from "../rules/ist-calendar.ts";
import type { ConsentBasis } from "../rules/facts.ts";
import type { ListColumn, ListColumns } from "./list-columns.ts";
import { latestDate } from "./list-date.ts";
import { readStanding } from "./read-withdrawal.ts";

/** A consent as a row of a list says it, without its number. */
export interface ListedConsent {
  basis: ConsentBasis;
  purpose: string | null;
  reference: string | null;
  registeredOnDlt: boolean;
  givenAtMs: number;
  endsAtMs: number | null;
}

/** Consents of a person given by `atMs` are withdrawn: those of the basis and reference, null: of any. */
export interface ListedWithdrawal {
  basis: ConsentBasis | null;
  reference: string | null;
  atMs: number;
}

/** What one row says. A row with a problem gives no consent; a withdrawal in it counts all the same. */
export interface ConsentReading {
  consent: ListedConsent | null;
  withdrawal: ListedWithdrawal | null;
  problem: { at: number | undefined; reason: string; message: string } | null;
}

const dayMs = 86_400_000;
/** Nobody signs a contract for longer. */
const lastEnd = "2100-12-31";

const bases: Readonly<Record<string, ConsentBasis>> = { inferred: "inferred", contract: "inferred", explicit: "explicit", enquiry: "enquiry", inquiry: "enquiry", dca: "dca" };
const yes = /^(?:yes|y|true|1|registered)$/;
const no = /^(?:no|n|false|0|not registered|)$/;

/**
 * Reads one row of a list of consents. A day counts from its first instant, so that a clock of seven days never runs longer than
 * it may; the last day of a contract is counted whole; of several ends the first counts. A row that cannot be read permits nothing.
 * `now`: the instant of the import, in epoch milliseconds, and its IST date.
 */
export function readConsent(columns: ListColumns, cells: readonly string[], now: { ms: number; date: string }): ConsentReading {
  const cell = (column: ListColumn): string => textAt(columns.at[column]);
  const textAt = (at: number | undefined): string => (at === undefined ? "" : (cells[at] ?? "").trim());
  const basis = bases[cell("basis").toLowerCase()];
  const reference = cell("reference").slice(0, 200) || null;
  const standing = readStanding({ revoked: columns.all.revoked.map((at) => ({ at, text: textAt(at) })), standing: columns.all.standing.map((at) => ({ at, text: textAt(at) })) }, now);
  const withdrawal = standing.withdrawnAtMs === null ? null : { basis: basis ?? null, reference, atMs: standing.withdrawnAtMs };
  const wrong = (at: number | undefined, reason: string, message: string): ConsentReading => ({ consent: null, withdrawal, problem: { at, reason, message } });
  if (standing.problem) return { consent: null, withdrawal, problem: standing.problem };
  if (!basis) return wrong(columns.at.basis, "unknown_basis", "expected inferred, explicit, enquiry or dca");
  // When a row was last touched is not when the person agreed.
  const givenColumns = columns.all.given.length > 0 ? columns.all.given : columns.all.date.filter((at) => columns.header[at]?.trim().toLowerCase() === "date");
  const given = latestDate(givenColumns.map((at) => ({ at, text: textAt(at) })), now.date);
  if (!given.ok) return wrong(given.at, given.reason, "expected the day the consent was given, from 2007 to today, such as 2026-11-23");
  if (given.earliest === null) {
    if (withdrawal) return { consent: null, withdrawal, problem: null };
    return wrong(givenColumns[0], "given_at_missing", "the row does not say when the consent was given");
  }
  const ends = latestDate(columns.all.ends.map((at) => ({ at, text: textAt(at) })), lastEnd);
  if (!ends.ok) return wrong(ends.at, ends.reason, "expected the last day of the consent such as 2027-03-31, or nothing");
  const givenAtMs = istDateStartMs(given.earliest);
  const endsAtMs = ends.earliest === null ? null : istDateStartMs(ends.earliest) + dayMs;
  if (endsAtMs !== null && endsAtMs <= givenAtMs) return wrong(columns.at.ends, "ends_before_start", "the consent ends before it was given");
  const registered = cell("registered").toLowerCase();
  if (!yes.test(registered) && !no.test(registered)) return wrong(columns.at.registered, "unknown_registration", "expected yes or no");
  if (yes.test(registered) && reference === null) return wrong(columns.at.reference, "reference_missing", "a consent on the DLT registry has a reference");
  return { withdrawal, problem: null, consent: { basis, purpose: cell("purpose").slice(0, 120) || null, reference, registeredOnDlt: yes.test(registered), givenAtMs, endsAtMs } };
}
