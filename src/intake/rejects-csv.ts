import { stringify } from "csv-stringify/sync";
import type { Db } from "../db/database.ts";
import { Refusal } from "../domain/errors.ts";
import type { AccountId, ImportId } from "../domain/ids.ts";
import { spreadsheetCsv, spreadsheetSafe } from "../domain/spreadsheet-csv.ts";
import type { Vault } from "../domain/vault.ts";
import { importById, rejectsAfter } from "./import-report.queries.ts";
import { reportedRejects } from "./import-report.ts";
import { type OriginalRow, originalField, originalRowId } from "./staged-row.ts";

const pageRows = 500;

/**
 * The refused rows of an import as CSV, ready to correct and send again: the file's own columns, then `line` and `reason`.
 * Begins with a byte order mark so that spreadsheets read the Hindi; cells that a spreadsheet would run as a formula get a
 * leading apostrophe (ASVS 1.2.10), which the next import takes off again. Refuses 404 `import_not_found`.
 */
export async function rejectsCsv(deps: { db: Db; vault: Vault }, input: { accountId: AccountId; importId: ImportId }): Promise<AsyncIterable<string>> {
  const found = await importById(deps.db, input);
  if (!found) throw new Refusal(404, "import_not_found", "expected the id of an import of this account");
  const account = await deps.vault.forAccount(input.accountId);

  return (async function* () {
    yield `\ufeff${csvText([[...found.header, "line", "reason"]])}`;
    let afterLine = 0;
    for (;;) {
      const rejects = await rejectsAfter(deps.db, { ...input, afterLine, limit: pageRows });
      if (rejects.length === 0) return;
      const rows = rejects.map((reject) => {
        const original =
          reject.original_sealed && (JSON.parse(account.open(originalField, originalRowId(input.importId, reject.line), reject.original_sealed)) as OriginalRow);
        const reasons = reportedRejects(reject, original).map((found) => (found.column ? `${found.column}: ${found.message}` : found.message));
        const cells = found.header.map((_, at) => original?.cells[at] ?? "");
        return [...cells, String(reject.line), reasons.join("; ")];
      });
      yield csvText(rows);
      afterLine = rejects.at(-1)?.line ?? afterLine;
    }
  })();
}

function csvText(rows: readonly (readonly string[])[]): string {
  return stringify(rows.map((row) => row.map(spreadsheetSafe)), spreadsheetCsv);
}
