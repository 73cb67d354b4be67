import { type AccountId, type Id, newId } from "../domain/ids.ts";
import type { AccountVault } from "../domain/vault.ts";
import { findColumns, type ListColumns } from "./list-columns.ts";
import type { RowError, ScrubDeps } from "./ports.ts";
import { type ListRow, readList } from "./read-list.ts";
import { newRowErrors, type RowErrors } from "./row-errors.ts";
import { rowNumbers } from "./row-numbers.ts";
import { copyBytes, copyText, withStaged } from "./staging.queries.ts";
import { blockStagedNumbers, mergeSuppressions, suppressionColumns } from "./suppressions.queries.ts";

/** What came of a do-not-call file, in wire names. */
export interface SuppressionImportReport {
  rows: number;
  added: number;
  already: number;
  rejected: number;
  contacts_blocked: number;
  rejects_by_reason: Readonly<Record<string, number>>;
  rejects: readonly RowError[];
}

const longestReason = 200;

/**
 * Suppresses every number of a file, of all its columns of numbers, in flat memory; a `reason` column counts before the given reason. Rows without a readable number
 * are reported, the rest is kept. Refuses: what `readList` and `findColumns` refuse.
 */
export async function importSuppressions(
  deps: ScrubDeps,
  input: { accountId: AccountId; bytes: AsyncIterable<Uint8Array>; reason?: string },
): Promise<SuppressionImportReport> {
  const list = await readList(input.bytes);
  const columns = findColumns(list.header);
  const errors = newRowErrors();
  const account = await deps.vault.forAccount(input.accountId);
  const now = deps.clock.now();
  const tally = { rows: 0 };
  const reason = input.reason ?? "imported";
  const lines = stagedLines(deps, { rows: list.rows, columns, errors, tally, account, reason });
  const result = await withStaged(deps.pool, { table: "suppression_rows", columns: suppressionColumns, lines }, async (client) => {
    const merged = await mergeSuppressions(client, { accountId: input.accountId, source: "import", now: now.toJSDate() });
    const body = { cause: "suppression_added", source: "import", reason };
    return { ...merged, blocked: await blockStagedNumbers(client, { accountId: input.accountId, now: now.toJSDate(), ist: now.toISO(), body }) };
  });
  deps.log.info("imported suppressions", { rows: tally.rows, added: result.added, rejected: errors.count });
  return {
    rows: tally.rows,
    added: result.added,
    already: result.already,
    rejected: errors.count,
    contacts_blocked: result.blocked,
    rejects_by_reason: errors.byReason,
    rejects: errors.shown,
  };
}

interface Reading {
  rows: AsyncIterable<readonly ListRow[]>;
  columns: ListColumns;
  errors: RowErrors;
  tally: { rows: number };
  account: AccountVault;
  reason: string;
}

async function* stagedLines(deps: ScrubDeps, reading: Reading): AsyncGenerator<string> {
  for await (const rows of reading.rows) {
    let text = "";
    for (const row of rows) text += stagedLine(deps, reading, row);
    reading.tally.rows += rows.length;
    if (text !== "") yield text;
  }
}

function stagedLine(deps: ScrubDeps, { columns, errors, account, reason }: Reading, row: ListRow): string {
  if (row.cells === null) {
    errors.add({ line: row.line, column: null, reason: "broken_quotes", message: "the quotes of the line do not match" });
    return "";
  }
  const found = rowNumbers(columns, row.cells);
  for (const problem of found.problems) errors.add({ line: row.line, ...problem });
  const stated = columns.at.reason === undefined ? "" : (row.cells[columns.at.reason] ?? "").trim();
  const why = copyText(printable(stated || reason).slice(0, longestReason));
  let text = "";
  for (const { number } of found.numbers) {
    const id = newId<Id<"suppression">>(deps.clock, deps.random);
    text += `${row.line}\t${id}\t${deps.vault.numberKey(number)}\t${copyBytes(account.seal("suppressions.number", id, number))}\t${why}\n`;
  }
  return text;
}

/** A text that can be stored and shown: control characters become spaces. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
