import { createHash, type Hash } from "node:crypto";
import { istDateText, istDay } from "../rules/ist-calendar.ts";
import type { AccountId, Id } from "../domain/ids.ts";
import { newId } from "../domain/ids.ts";
import { Refusal } from "../domain/errors.ts";
import { findColumns, type ListColumn, type ListColumns, unreadTitles } from "./list-columns.ts";
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
  warnings: readonly string[];
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
  refuseWithoutPreference(columns);
  const tally = { rows: 0, staged: 0, saysStart: false };
  const now = deps.clock.now();
  const id = newId<Id<"preference_import">>(deps.clock, deps.random);
  const batch = { id, accountId: input.accountId, now: now.toJSDate() };
  const today = istDateText(istDay(now.toMillis()));
  const staged = { table: "preference_rows", columns: preferenceColumns, lines: stagedLines(deps, { list, columns, errors, tally, read: preferenceReader(columns, today) }) };
  const result = await withStaged(deps.pool, staged, async (client) => {
    const merged = await mergePreferences(client, { ...batch, today, stagedRows: tally.staged, oldScheme: tally.saysStart });
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
    warnings: warningsOf(columns, { keptNewer: result.keptNewer, saysStart: tally.saysStart }),
  };
}

const columnsRead: readonly (ListColumn | "status")[] = ["preference", "category", "mode", "band", "day", "operation", "date", "updated", "format", "status"];

/** A bare list closes each of its numbers in doubt; beside other columns, none of which can be read, nobody would notice. */
function refuseWithoutPreference(columns: ListColumns): void {
  const { all, statuses, header, oldRegister } = columns;
  const read = all.preference.length + all.category.length + all.mode.length + all.band.length + all.day.length + statuses.length;
  if (read > 0 || oldRegister || header.length === 1) return;
  throw new Refusal(422, "no_preference_column", `expected a column with the preferences (preference, category, mode, time_band, day, dnd_status …), got ${header.join(", ")}`);
}

function warningsOf(columns: ListColumns, facts: { keptNewer: number; saysStart: boolean }): string[] {
  const unread = unreadTitles(columns, columnsRead);
  const warnings: string[] = [];
  if (unread.length > 0) warnings.push(`columns that were not read: ${unread.map((title) => `"${title}"`).join(", ")}`);
  if (facts.keptNewer > 0) warnings.push(`${facts.keptNewer} numbers keep what a newer row on file says of them`);
  if (facts.saysStart) warnings.push("rows with START are of the scheme of 2010; rows of mere codes in the same file were read as of that scheme too, and their numbers are closed");
  return warnings;
}

interface Reading {
  list: List;
  columns: ListColumns;
  errors: RowErrors;
  tally: { rows: number; staged: number; saysStart: boolean };
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

function stagedLine(deps: ScrubDeps, { columns, errors, tally, read }: Reading, row: ListRow): string {
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
    const column = reading.at === undefined ? null : (columns.header[reading.at] ?? null);
    errors.add({ line: row.line, column, reason: reading.reason, message: `${reading.message}; the number is closed until this is corrected` });
  }
  const choice: SubscriberChoice = reading.ok ? reading.choice : { ...closed, date: reading.date };
  tally.staged += 1;
  if (choice.saysStart) tally.saysStart = true;
  const { categories, modes, bands, days } = choice;
  return `${deps.vault.numberKey(number.number)}\t${reading.ok ? "f" : "t"}\t${choice.scheme}\t{${categories.join()}}\t{${modes.join()}}\t{${bands.join()}}\t{${days.join()}}\t${choice.date ?? "\\N"}\n`;
}

const closed: SubscriberChoice = { scheme: "full_block", categories: [], modes: [], bands: [], days: [], date: null, saysStart: false };

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}
