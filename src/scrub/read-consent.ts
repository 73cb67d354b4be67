import { istDateStartMs } from "../rules/ist-calendar.ts";
import type { ConsentBasis } from "../rules/facts.ts";
import type { ListColumn, ListColumns } from "./list-columns.ts";
import { readListDate } from "./list-date.ts";

/** A consent as a row of a list says it, without its number. */
export interface ListedConsent {
  basis: ConsentBasis;
  purpose: string | null;
  reference: string | null;
  registeredOnDlt: boolean;
  givenAtMs: number;
  endsAtMs: number | null;
}

export type ConsentReading = { ok: true; consent: ListedConsent } | { ok: false; column: ListColumn; reason: string; message: string };

const dayMs = 86_400_000;
/** Nobody signs a contract for longer. */
const lastEnd = "2100-12-31";

const bases: Readonly<Record<string, ConsentBasis>> = { inferred: "inferred", contract: "inferred", explicit: "explicit", enquiry: "enquiry", inquiry: "enquiry", dca: "dca" };
const yes = /^(?:yes|y|true|1|registered)$/;
const no = /^(?:no|n|false|0|not registered|)$/;

/**
 * Reads one row of a list of consents. A day counts from its first instant, so that a clock of seven days never runs longer than
 * it may; the last day of a contract is counted whole. A row that cannot be read permits nothing. `today` is the IST date.
 */
export function readConsent(columns: ListColumns, cells: readonly string[], today: string): ConsentReading {
  const cell = (column: ListColumn): string => {
    const at = columns.at[column];
    return at === undefined ? "" : (cells[at] ?? "").trim();
  };
  const basis = bases[cell("basis").toLowerCase()];
  if (!basis) return wrong("basis", "unknown_basis", "expected inferred, explicit, enquiry or dca");
  const given = readListDate(cell("given") || cell("date"), today);
  if (!given.ok) return wrong("given", given.reason, "expected the day the consent was given, from 2007 to today, such as 2026-11-23");
  if (given.date === null) return wrong("given", "given_at_missing", "the row does not say when the consent was given");
  const ends = readListDate(cell("ends"), lastEnd);
  if (!ends.ok) return wrong("ends", ends.reason, "expected the last day of the consent such as 2027-03-31, or nothing");
  const givenAtMs = istDateStartMs(given.date);
  const endsAtMs = ends.date === null ? null : istDateStartMs(ends.date) + dayMs;
  if (endsAtMs !== null && endsAtMs <= givenAtMs) return wrong("ends", "ends_before_start", "the consent ends before it was given");
  const registered = cell("registered").toLowerCase();
  if (!yes.test(registered) && !no.test(registered)) return wrong("registered", "unknown_registration", "expected yes or no");
  const reference = cell("reference");
  if (yes.test(registered) && reference === "") return wrong("reference", "reference_missing", "a consent on the DLT registry has a reference");
  return {
    ok: true,
    consent: { basis, purpose: cell("purpose").slice(0, 120) || null, reference: reference.slice(0, 200) || null, registeredOnDlt: yes.test(registered), givenAtMs, endsAtMs },
  };
}

function wrong(column: ListColumn, reason: string, message: string): ConsentReading {
  return { ok: false, column, reason, message };
}
