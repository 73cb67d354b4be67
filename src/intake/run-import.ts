import { setImmediate as nextTurn } from "node:timers/promises";
import type { Definition } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, type CampaignId, type ContactId, type ImportId, newId } from "../domain/ids.ts";
import type { AccountVault } from "../domain/vault.ts";
import { checkRow, type RowContext, type RowReading } from "./check-row.ts";
import type { ColumnPlan } from "./column-plan.ts";
import type { CsvRecord } from "./csv-records.ts";
import { importLimits } from "./import-limits.ts";
import { getImport, type ImportReport } from "./import-report.ts";
import { contactIdsByNumber, failImport, insertImport } from "./imports.queries.ts";
import { mergeImport } from "./merge-import.ts";
import type { DuplicatePolicy, IntakeDeps } from "./ports.ts";
import { copyStagedRows } from "./stage-rows.queries.ts";
import { acceptedRow, rejectedRow, type StagedRow } from "./staged-row.ts";

/** A list whose columns are known and whose records are still to come. */
export interface ListToImport {
  accountId: AccountId;
  campaignId: CampaignId;
  definition: Definition;
  onDuplicate: DuplicatePolicy;
  plan: ColumnPlan;
  records: AsyncIterable<readonly CsvRecord[]>;
}

const rowsPerCopy = 128;

/**
 * Checks, seals and stages the records as they stream in, then merges them in one transaction. Whatever goes wrong on the
 * way (the upload is cut, a limit is passed, the database fails or forgets staged rows) leaves an import marked `failed` and not one contact.
 * Refuses 422 `no_rows` when nothing follows the header; then not even an import is left.
 */
export async function runImport(deps: IntakeDeps, list: ListToImport): Promise<ImportReport> {
  const staging = await stagingOf(deps, list);
  let importId: ImportId | undefined;
  try {
    for await (const records of list.records) {
      if (records.length === 0) continue;
      importId ??= await beginImport(deps, list, staging.importId);
      await staging.add(records);
      // Checking and sealing are pure computation: calls in progress get their turn between batches.
      await nextTurn();
    }
    if (!importId) throw new Refusal(422, "no_rows", "expected at least one row below the header");
    await staging.flush();
    await mergeImport(deps.db, { ...list, importId, monthFirstColumns: [...staging.monthFirstColumns], stagedRows: staging.rows, now: new Date(deps.clock.nowMs()) });
  } catch (error) {
    await staging.settle();
    if (importId) await recordFailure(deps, importId, error);
    throw error;
  }
  return getImport(deps, { accountId: list.accountId, importId });
}

async function beginImport(deps: IntakeDeps, list: ListToImport, id: ImportId): Promise<ImportId> {
  const { accountId, campaignId, onDuplicate, plan } = list;
  await insertImport(deps.db, { id, accountId, campaignId, onDuplicate, header: plan.header, now: new Date(deps.clock.nowMs()) });
  return id;
}

async function recordFailure(deps: IntakeDeps, importId: ImportId, error: unknown): Promise<void> {
  const failure = error instanceof Refusal ? error.code : "interrupted";
  try {
    await failImport(deps.db, { importId, failure, now: new Date(deps.clock.nowMs()) });
  } catch (second) {
    deps.log.error("a failed import could not be marked; the sweep of abandoned imports will do it", { importId, error: second });
  }
}

interface Staging {
  importId: ImportId;
  monthFirstColumns: Set<string>;
  /** Rows added so far. */
  readonly rows: number;
  add(records: readonly CsvRecord[]): Promise<void>;
  /** Writes what is left and waits until everything is written. */
  flush(): Promise<void>;
  /** Waits until nothing is being written any more, whether it went well or not. */
  settle(): Promise<void>;
}

async function stagingOf(deps: IntakeDeps, list: ListToImport): Promise<Staging> {
  const { accountId, plan, definition } = list;
  const importId = newId<ImportId>(deps.clock, deps.random);
  const account = await deps.vault.forAccount(accountId);
  const context: RowContext = { plan, definition, now: deps.clock.now(), maxFieldBytes: (deps.limits ?? importLimits).maxFieldBytes };
  const monthFirstColumns = new Set<string>();
  let staged: StagedRow[] = [];
  let rows = 0;
  let copying: Promise<void> = Promise.resolve();

  // One batch is written while the next is checked and sealed.
  const copyBehind = async (): Promise<void> => {
    await copying;
    const batch = staged;
    staged = [];
    if (batch.length > 0) copying = copyStagedRows(deps.pool, { importId, accountId, rows: batch });
    // Whoever waits for it next is told; until then its failure is nobody's unhandled rejection.
    copying.catch(() => undefined);
  };
  return {
    importId,
    monthFirstColumns,
    get rows() {
      return rows;
    },
    flush: async () => {
      await copyBehind();
      await copying;
    },
    settle: async () => {
      await Promise.allSettled([copying]);
    },
    async add(records) {
      const readings = records.map((record) => ({ record, reading: checkRow(record, context) }));
      for (const { reading } of readings) noteMonthFirst(reading, monthFirstColumns);
      const idOf = list.onDuplicate === "replace" ? await existingIds(deps, list, readings) : () => undefined;
      for (const { record, reading } of readings) {
        staged.push(sealRow(deps, account, list, { importId, record, reading, contactId: idOf(reading) ?? newId<ContactId>(deps.clock, deps.random) }));
      }
      rows += records.length;
      if (staged.length >= rowsPerCopy) await copyBehind();
    },
  };
}

function noteMonthFirst(reading: RowReading, columns: Set<string>): void {
  if (reading.ok) return;
  for (const problem of reading.problems) if (problem.reason === "month_first_date") columns.add(problem.column);
}

/** Under `replace` a row is sealed under the id of the contact it replaces. */
async function existingIds(deps: IntakeDeps, list: ListToImport, readings: readonly { reading: RowReading }[]): Promise<(reading: RowReading) => ContactId | undefined> {
  const keyOf = (reading: RowReading) => (reading.ok ? deps.vault.numberKey(reading.contact.number) : undefined);
  const numberKeys = readings.flatMap(({ reading }) => keyOf(reading) ?? []);
  const found = await contactIdsByNumber(deps.db, { campaignId: list.campaignId, numberKeys });
  return (reading) => {
    const key = keyOf(reading);
    return key && found.get(key);
  };
}

function sealRow(
  deps: IntakeDeps,
  account: AccountVault,
  list: ListToImport,
  row: { importId: ImportId; contactId: ContactId; record: CsvRecord; reading: RowReading },
): StagedRow {
  const { record, reading, importId, contactId } = row;
  const width = record.broken ? record.cells.length : list.plan.header.length;
  const sealing = { importId, accountId: list.accountId, line: record.line, contactId, cells: record.cells.slice(0, width) };
  return reading.ok
    ? acceptedRow(deps.vault, account, sealing, reading.contact, reading.unsureColumns)
    : rejectedRow(deps.vault, account, sealing, reading.problems, reading.number);
}
