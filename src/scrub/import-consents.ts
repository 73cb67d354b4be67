import { type AccountId, type Id, newId } from "../domain/ids.ts";
import { istDateText, istDay } from "../rules/ist-calendar.ts";
import { consentColumns, mergeConsents } from "./consents.queries.ts";
import { findColumns, type ListColumns } from "./list-columns.ts";
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
  rejected: number;
  rejects_by_reason: Readonly<Record<string, number>>;
  rejects: readonly RowError[];
}

/**
 * Puts the consents of a file on record, in flat memory. A row that cannot be read is reported and permits nothing; the rest is
 * kept. Refuses: what `readList` and `findColumns` refuse.
 */
export async function importConsents(deps: ScrubDeps, input: { accountId: AccountId; bytes: AsyncIterable<Uint8Array> }): Promise<ConsentImportReport> {
  const list = await readList(input.bytes);
  const columns = findColumns(list.header);
  const errors = newRowErrors();
  const tally = { rows: 0 };
  const now = deps.clock.now();
  const today = istDateText(istDay(now.toMillis()));
  const lines = stagedLines(deps, { list, columns, errors, tally, today });
  const merged = await withStaged(deps.pool, { table: "consent_rows", columns: consentColumns, lines }, (client) => mergeConsents(client, { accountId: input.accountId, now: now.toJSDate() }));
  deps.log.info("imported consents", { rows: tally.rows, recorded: merged.recorded, rejected: errors.count });
  return { rows: tally.rows, ...merged, rejected: errors.count, rejects_by_reason: errors.byReason, rejects: errors.shown };
}

interface Reading {
  list: List;
  columns: ListColumns;
  errors: RowErrors;
  tally: { rows: number };
  today: string;
}

async function* stagedLines(deps: ScrubDeps, reading: Reading): AsyncGenerator<string> {
  for await (const rows of reading.list.rows) {
    let text = "";
    for (const row of rows) text += stagedLine(deps, reading, row);
    reading.tally.rows += rows.length;
    if (text !== "") yield text;
  }
}

function stagedLine(deps: ScrubDeps, { columns, errors, today }: Reading, { line, cells }: ListRow): string {
  const refuse = (at: number | undefined, reason: string, message: string): string => {
    errors.add({ line, column: at === undefined ? null : (columns.header[at] ?? null), reason, message });
    return "";
  };
  if (cells === null) return refuse(undefined, "broken_quotes", "the quotes of the line do not match");
  const number = listNumber(cells[columns.number] ?? "");
  if (!number.ok) return refuse(columns.number, `number_${number.reason}`, numberProblem(number.reason));
  const reading = readConsent(columns, cells, today);
  if (!reading.ok) return refuse(columns.at[reading.column], reading.reason, reading.message);
  const { basis, purpose, reference, registeredOnDlt, givenAtMs, endsAtMs } = reading.consent;
  const instant = (ms: number | null): string => (ms === null ? "\\N" : new Date(ms).toISOString());
  const id = newId<Id<"consent">>(deps.clock, deps.random);
  return `${id}\t${deps.vault.numberKey(number.number)}\t${basis}\t${copyText(purpose)}\t${copyText(reference)}\t${registeredOnDlt ? "t" : "f"}\t${instant(givenAtMs)}\t${instant(endsAtMs)}\n`;
}
