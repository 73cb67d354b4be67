import { Refusal } from "../domain/errors.ts";
import type { AccountId, CampaignId, ImportId } from "../domain/ids.ts";
import type { Vault } from "../domain/vault.ts";
import type { Db } from "../db/database.ts";
import { type ImportRow, importById, rejectsAfter } from "./import-report.queries.ts";
import type { DuplicatePolicy } from "./ports.ts";
import { reasonSentence } from "./reject-reasons.ts";
import { type OriginalRow, originalField, originalRowId } from "./staged-row.ts";

/** One wrong cell of the list. */
export interface ReportedReject {
  line: number;
  column: string | null;
  value: string | null;
  reason: string;
  message: string;
}

/** What became of a list. Every row is either accepted or rejected; `duplicates` counts those that met their number again. */
export interface ImportReport {
  importId: ImportId;
  campaignId: CampaignId;
  state: "running" | "done" | "failed";
  onDuplicate: DuplicatePolicy;
  rows: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  rejectsByReason: Readonly<Record<string, number>>;
  failure: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  /** The first wrong cells; all of them are in the rejects file. */
  rejects: readonly ReportedReject[];
}

const reportedRows = 50;

/** The report of one import. Refuses 404 `import_not_found`. */
export async function getImport(deps: { db: Db; vault: Vault }, input: { accountId: AccountId; importId: ImportId }): Promise<ImportReport> {
  const row = await importById(deps.db, input);
  if (!row) throw new Refusal(404, "import_not_found", "expected the id of an import of this account");
  const account = await deps.vault.forAccount(input.accountId);
  const rejects = await rejectsAfter(deps.db, { ...input, afterLine: 0, limit: reportedRows });
  return {
    ...reportOf(row),
    rejects: rejects.flatMap((reject) => {
      const original = reject.original_sealed && (JSON.parse(account.open(originalField, originalRowId(input.importId, reject.line), reject.original_sealed)) as OriginalRow);
      return reportedRejects(reject, original);
    }),
  };
}

function reportOf(row: ImportRow): Omit<ImportReport, "rejects"> {
  return {
    importId: row.id,
    campaignId: row.campaign_id,
    state: row.state,
    onDuplicate: row.on_duplicate,
    rows: row.rows,
    accepted: row.accepted,
    rejected: row.rejected,
    duplicates: row.duplicates,
    rejectsByReason: row.rejects_by_reason,
    failure: row.failure,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

/** Every problem of one refused row; a row refused by the merge has the one the merge found. */
export function reportedRejects(
  reject: { line: number; reason: string; column_name: string | null; same_as_line: number | null },
  original: OriginalRow | null,
): ReportedReject[] {
  if (original && original.problems.length > 0) {
    return original.problems.map((problem) => ({
      line: reject.line,
      column: problem.column || null,
      value: problem.value.slice(0, 200) || null,
      reason: problem.reason,
      message: reasonSentence(problem.reason),
    }));
  }
  const message = reject.same_as_line === null ? reasonSentence(reject.reason) : `${reasonSentence(reject.reason)}: line ${reject.same_as_line}`;
  return [{ line: reject.line, column: reject.column_name, value: null, reason: reject.reason, message }];
}
