import { type AccountId, type Id, newId } from "../domain/ids.ts";
import { istDateText, istDay } from "../rules/ist-calendar.ts";
import { consentColumns, mergeConsents } from "./consents.queries.ts";
import { findColumns, type ListColumn, type ListColumns, unreadTitles } from "./list-columns.ts";
import { listNumber, numberProblem } from "./list-number.ts";
import type { RowError, ScrubDeps } from "./ports.ts";
import { readConsent } from "./read-consent.ts";
import { type List, type ListRow, readList } from "./read-list.ts";
import { newRowErrors, type RowErrors } from "./row-errors.ts";
import { copyText, withStaged } from "./staging.queries.ts";

/** What came of a file of consents, in wire names. */
export interface ConsentImportReport {
  rows: number;
  recorded: number;
  /** Rows that say what is on file already. */
  already: number;
  /** Consents withdrawn by this file: on file before, or recorded as withdrawn. */
  withdrawn: number;
  rejected: number;
  rejects_by_reason: Readonly<Record<string, number>>;
  rejects: readonly RowError[];
  warnings: readonly string[];
}

const columnsRead: readonly ListColumn[] = ["basis", "given", "date", "updated", "ends", "reference", "registered", "purpose", "revoked", "standing"];

/**
 * Puts the consents of a file on record, in flat memory, and withdraws those it calls revoked. A consent given before a withdrawal that
 * is on file stays withdrawn. A row that cannot be read is reported and permits nothing; the rest is kept. Refuses: what `readList` and `findColumns` refuse.
 */
export async function importConsents(deps: ScrubDeps, input: { accountId: AccountId; bytes: AsyncIterable<Uint8Array> }): Promise<ConsentImportReport> {
  const list = await readList(input.bytes);
  const columns = findColumns(list.header);
  const errors = newRowErrors();
  const tally = { rows: 0 };
  const now = deps.clock.now();
  const lines = stagedLines(deps, { list, columns, errors, tally, now: { ms: now.toMillis(), date: istDateText(istDay(now.toMillis())) } });
  const merged = await withStaged(deps.pool, { table: "consent_rows", columns: consentColumns, lines }, (client) => mergeConsents(client, { accountId: input.accountId, now: now.toJSDate(), ist: now.toISO() }));
  deps.log.info("imported consents", { rows: tally.rows, recorded: merged.recorded, rejected: errors.count });
  const unread = unreadTitles(columns, columnsRead).map((title) => `"${title}"`);
  const warnings = unread.length > 0 ? [`columns that were not read: ${unread.join(", ")}`] : [];
  return { rows: tally.rows, ...merged, rejected: errors.count, rejects_by_reason: errors.byReason, rejects: errors.shown, warnings };
}

interface Reading {
  list: List;
  columns: ListColumns;
  errors: RowErrors;
  tally: { rows: number };
  now: { ms: number; date: string };
}

async function* stagedLines(deps: ScrubDeps, reading: Reading): AsyncGenerator<string> {
  for await (const rows of reading.list.rows) {
    let text = "";
    for (const row of rows) text += stagedLine(deps, reading, row);
    reading.tally.rows += rows.length;
    if (text !== "") yield text;
  }
}

function stagedLine(deps: ScrubDeps, { columns, errors, now }: Reading, { line, cells }: ListRow): string {
  const report = (at: number | undefined, reason: string, message: string): void => {
    errors.add({ line, column: at === undefined ? null : (columns.header[at] ?? null), reason, message });
  };
  if (cells === null) {
    report(undefined, "broken_quotes", "the quotes of the line do not match");
    return "";
  }
  const number = listNumber(cells[columns.number] ?? "");
  if (!number.ok) {
    report(columns.number, `number_${number.reason}`, numberProblem(number.reason));
    return "";
  }
  const { consent, withdrawal, problem } = readConsent(columns, cells, now);
  if (problem) report(problem.at, problem.reason, problem.message);
  if (!consent && !withdrawal) return "";
  const instant = (ms: number | null | undefined): string => (ms == null ? "\\N" : new Date(ms).toISOString());
  const id = newId<Id<"consent">>(deps.clock, deps.random);
  const { basis, reference } = consent ?? withdrawal ?? { basis: null, reference: null };
  return `${id}\t${deps.vault.numberKey(number.number)}\t${copyText(basis)}\t${copyText(consent?.purpose ?? null)}\t${copyText(reference)}\t${consent?.registeredOnDlt ? "t" : "f"}\t${instant(consent?.givenAtMs)}\t${instant(consent?.endsAtMs)}\t${instant(withdrawal?.atMs)}\n`;
}
