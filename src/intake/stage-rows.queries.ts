import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import type { Pool } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { AccountId, ImportId } from "../domain/ids.ts";
import type { StagedRow } from "./staged-row.ts";

const copySql = `copy import_rows (import_id, account_id, line, contact_id, number_key, number_sealed, name_sealed, variables_sealed, language,
  external_id, not_before, not_after, original_sealed, reason, column_name, unsure_columns) from stdin`;

/** Writes a batch of checked rows with COPY; one short transaction, so a slow upload never holds one open. */
export async function copyStagedRows(pool: Pool, batch: { importId: ImportId; accountId: AccountId; rows: readonly StagedRow[] }): Promise<void> {
  const client = await pool.connect();
  try {
    const text = batch.rows.map((row) => copyLine(batch.importId, batch.accountId, row));
    await pipeline(Readable.from([Buffer.from(text.join(""))]), client.query(copyFrom(copySql)));
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw error;
  }
  client.release();
}

function copyLine(importId: ImportId, accountId: AccountId, row: StagedRow): string {
  const cells = [
    importId,
    accountId,
    String(row.line),
    row.contactId,
    text(row.numberKey),
    bytes(row.numberSealed),
    bytes(row.nameSealed),
    bytes(row.variablesSealed),
    text(row.language),
    text(row.externalId),
    instant(row.notBeforeMs),
    instant(row.notAfterMs),
    bytes(row.originalSealed),
    text(row.reason),
    text(row.columnName),
    row.unsureColumns.length === 0 ? "\\N" : text(arrayLiteral(row.unsureColumns)),
  ];
  return `${cells.join("\t")}\n`;
}

/** COPY's text format: backslash, tab and line breaks are written as escapes, null as \N. */
function text(value: string | null): string {
  if (value === null) return "\\N";
  return value.replace(/[\\\t\n\r]/g, (char) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[char] ?? char);
}

function bytes(value: Buffer | null): string {
  return value === null ? "\\N" : `\\\\x${value.toString("hex")}`;
}

function instant(epochMs: number | null): string {
  return epochMs === null ? "\\N" : new Date(epochMs).toISOString();
}

function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
