import { createHash, type Hash } from "node:crypto";
import { istDateText, istDay } from "../rules/ist-calendar.ts";
import type { AccountId, Id } from "../domain/ids.ts";
import { newId } from "../domain/ids.ts";
import { findColumns, type ListColumns } from "./list-columns.ts";
import { listNumber, numberProblem } from "./list-number.ts";
import type { RowError, ScrubDeps } from "./ports.ts";
import { mergePreferences, preferenceColumns, recordPreferenceImport } from "./preferences.queries.ts";
import { type List, type ListRow, readList } from "./read-list.ts";
import { type ChoiceReading, preferenceReader, type SubscriberChoice } from "./read-preference.ts";
import { newRowErrors, type RowErrors } from "./row-errors.ts";
import { withStaged } from "./staging.queries.ts";

/** What came of an import of register rows, in wire names. */
export interface PreferenceImportReport {
  import_id: string;
  /** SHA-256 of the file as it came, in hexadecimal. */
  list_hash: string;
  rows: number;
  accepted: number;
  rejected: number;
  /** Numbers the register now holds from this file. */
  numbers: number;
  /** Numbers of rejected rows: kept as FULLY BLOCK until a correct row about them is imported. */
  closed_in_doubt: number;
  rejects_by_reason: Readonly<Record<string, number>>;
  rejects: readonly RowError[];
}

/**
 * Takes rows of the preference register from a file of any of its formats, in flat memory, and makes them the account's.
 * A row that cannot be read is reported; when it names a number, that number is closed to everything a
 * preference can close, because a misread wish must never become a call. Refuses: what `readList` and `findColumns` refuse.
 */
export async function importPreferences(deps: ScrubDeps, input: { accountId: AccountId; bytes: AsyncIterable<Uint8Array> }): Promise<PreferenceImportReport> {
  const hash = createHash("sha256");
  const list = await readList(hashed(input.bytes, hash));
  const columns = findColumns(list.header);
  const errors = newRowErrors();
  const tally = { rows: 0 };
  const now = deps.clock.now();
  const id = newId<Id<"preference_import">>(deps.clock, deps.random);
  const batch = { id, accountId: input.accountId, now: now.toJSDate() };
  const today = istDateText(istDay(now.toMillis()));
  const staged = { table: "preference_rows", columns: preferenceColumns, lines: stagedLines(deps, { list, columns, errors, tally, read: preferenceReader(columns, today) }) };
  const result = await withStaged(deps.pool, staged, async (client) => {
    const merged = await mergePreferences(client, batch);
    const listHash = hash.digest("hex");
    await recordPreferenceImport(client, { ...batch, rows: tally.rows, rejected: errors.count, rejects: errors.shown, listHash });
    return { ...merged, listHash };
  });
  deps.log.info("imported preference rows", { importId: id, rows: tally.rows, rejected: errors.count });
  return {
    import_id: id,
    list_hash: result.listHash,
    rows: tally.rows,
    accepted: tally.rows - errors.count,
    rejected: errors.count,
    numbers: result.numbers,
    closed_in_doubt: result.inDoubt,
    rejects_by_reason: errors.byReason,
    rejects: errors.shown,
  };
}

interface Reading {
  list: List;
  columns: ListColumns;
  errors: RowErrors;
  tally: { rows: number };
  read(cells: readonly string[]): ChoiceReading;
}

async function* stagedLines(deps: ScrubDeps, reading: Reading): AsyncGenerator<string> {
  for await (const rows of reading.list.rows) {
    let text = "";
    for (const row of rows) text += stagedLine(deps, reading, row);
    reading.tally.rows += rows.length;
    if (text !== "") yield text;
  }
}

function stagedLine(deps: ScrubDeps, { columns, errors, read }: Reading, row: ListRow): string {
  if (row.cells === null) {
    errors.add({ line: row.line, column: null, reason: "broken_quotes", message: "the quotes of the line do not match" });
    return "";
  }
  const number = listNumber(row.cells[columns.number] ?? "");
  if (!number.ok) {
    errors.add({ line: row.line, column: columns.header[columns.number] ?? null, reason: `number_${number.reason}`, message: numberProblem(number.reason) });
    return "";
  }
  const reading = read(row.cells);
  if (!reading.ok) {
    const at = columns.at[reading.column];
    errors.add({ line: row.line, column: at === undefined ? null : (columns.header[at] ?? null), reason: reading.reason, message: `${reading.message}; the number is closed until this is corrected` });
  }
  const choice: SubscriberChoice = reading.ok ? reading.choice : closed;
  const { categories, modes, bands, days } = choice;
  return `${row.line}\t${deps.vault.numberKey(number.number)}\t${reading.ok ? "f" : "t"}\t${choice.scheme}\t{${categories.join()}}\t{${modes.join()}}\t{${bands.join()}}\t{${days.join()}}\t${choice.date ?? "\\N"}\n`;
}

const closed: SubscriberChoice = { scheme: "full_block", categories: [], modes: [], bands: [], days: [], date: null };

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}
