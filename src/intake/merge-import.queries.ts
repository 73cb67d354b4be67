import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { AccountId, CampaignId, ImportId } from "../domain/ids.ts";
import type { DuplicatePolicy } from "./ports.ts";

// What the database believes about the sizes here is never true: `import_rows` is filled and emptied all day, and of a
// campaign made a minute ago no statistics know. A join planned for one row goes through the whole list once for each of its
// rows. The statements below therefore leave no order to choose: nested loops are off, or a row asks by a unique key.

export interface MergeInput {
  importId: ImportId;
  accountId: AccountId;
  campaignId: CampaignId;
  onDuplicate: DuplicatePolicy;
  /** Columns that hold a date which is certainly month-first: their other dates are not believed. */
  monthFirstColumns: readonly string[];
  /** How many rows were staged: as many must be there. */
  stagedRows: number;
  now: Date;
}

/** Lists that go into one campaign are merged one after the other; pausing and dialing are not held up. */
export async function lockCampaignLists(tx: Tx, campaignId: CampaignId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('contact list ' || ${campaignId}::text, 0))`.execute(tx);
}

/** Takes the import from running to done; false when something else ended it first. */
export async function finishImport(tx: Tx, importId: ImportId, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable("imports")
    .set({ state: "done", finished_at: now })
    .where("id", "=", importId)
    .where("state", "=", "running")
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** How many rows of the import are staged now. */
export async function countStaged(tx: Tx, importId: ImportId): Promise<number> {
  const row = await tx.selectFrom("import_rows").where("import_id", "=", importId).select((e) => e.fn.countAll<number>().as("rows")).executeTakeFirstOrThrow();
  return Number(row.rows);
}

/** Refuses rows whose date may have day and month swapped, in columns where another row proves it. */
export async function refuseUnsureDates(tx: Tx, input: MergeInput): Promise<void> {
  if (input.monthFirstColumns.length === 0) return;
  const columns = [...input.monthFirstColumns];
  await sql`
    update import_rows
    set reason = 'ambiguous_date',
        column_name = (select unsure from unnest(unsure_columns) unsure where unsure = any(${columns}::text[]) limit 1)
    where import_id = ${input.importId} and reason is null and unsure_columns && ${columns}::text[]`.execute(tx);
}

/** Refuses rows that share a number: all but the first, all but the last, or all of them, as the policy says. */
export async function refuseDuplicatesInFile(tx: Tx, input: MergeInput): Promise<void> {
  const kept = input.onDuplicate === "replace" ? sql`max(line)` : sql`min(line)`;
  const spare = input.onDuplicate === "reject" ? sql`true` : sql`r.line <> same.kept`;
  await sql`set local enable_nestloop = off`.execute(tx);
  await sql`
    update import_rows r
    set reason = 'duplicate_in_file', same_as_line = case when r.line = same.kept then same.other else same.kept end
    from (
      select number_key, ${kept} as kept, max(line) as other
      from import_rows where import_id = ${input.importId} and reason is null
      group by number_key having count(*) > 1
    ) same
    where r.import_id = ${input.importId} and r.reason is null and r.number_key = same.number_key and ${spare}`.execute(tx);
  await sql`set local enable_nestloop = on`.execute(tx);
}

/** Gives waiting contacts of the campaign the list's new data; answers how many. Their state and attempts stay. */
export async function replaceContacts(tx: Tx, input: MergeInput): Promise<number> {
  const replaced = await sql`
    update contacts c
    set import_id = r.import_id, number_sealed = r.number_sealed, name_sealed = r.name_sealed, variables_sealed = r.variables_sealed,
        language = r.language, external_id = r.external_id, not_before = r.not_before, not_after = r.not_after, updated_at = ${input.now}
    from import_rows r
    where r.import_id = ${input.importId} and r.reason is null and c.id = r.contact_id
      and case when c.state = 'waiting' and c.campaign_id = ${input.campaignId} and not c.single_call then true else false end`.execute(tx);
  return Number(replaced.numAffectedRows ?? 0n);
}

/** Refuses rows whose number the campaign already has, but for those that have just replaced their contact. */
export async function refuseDuplicatesInCampaign(tx: Tx, input: MergeInput): Promise<void> {
  const reason = input.onDuplicate === "replace" ? "contact_in_progress" : "duplicate_in_campaign";
  await sql`
    update import_rows r set reason = ${reason}
    where r.import_id = ${input.importId} and r.reason is null
      and (select c.import_id is distinct from r.import_id from contacts c
           where c.campaign_id = ${input.campaignId} and c.number_key = r.number_key and not c.single_call)`.execute(tx);
}

/** Makes contacts of the rows that are left. A row replaced above already is one. */
export async function insertContacts(tx: Tx, input: MergeInput): Promise<void> {
  const isNew = input.onDuplicate === "replace" ? sql`(select c.id from contacts c where c.id = r.contact_id) is null` : sql`true`;
  await sql`
    insert into contacts (id, account_id, campaign_id, import_id, number_key, number_sealed, name_sealed, variables_sealed, language,
                          external_id, not_before, not_after, added_at, state, due_class, next_attempt_at, updated_at)
    select r.contact_id, r.account_id, ${input.campaignId}, r.import_id, r.number_key, r.number_sealed, r.name_sealed, r.variables_sealed, r.language,
           r.external_id, r.not_before, r.not_after, ${input.now}, 'waiting', 'fresh', greatest(r.not_before, ${input.now}), ${input.now}
    from import_rows r
    where r.import_id = ${input.importId} and r.reason is null and ${isNew}
    order by r.line`.execute(tx);
}

/** Keeps the refused rows for the report. */
export async function insertRejects(tx: Tx, input: MergeInput): Promise<void> {
  await sql`
    insert into import_rejects (import_id, account_id, line, reason, column_name, same_as_line, number_key, original_sealed)
    select import_id, account_id, line, reason, column_name, same_as_line, number_key, original_sealed
    from import_rows where import_id = ${input.importId} and reason is not null`.execute(tx);
}

/** Counts what became of the rows, writes it to the import and drops the staged rows. */
export async function countImport(tx: Tx, input: MergeInput, replaced: number): Promise<void> {
  await sql`
    update imports i
    set rows = c.rows, rejected = c.rejected, accepted = c.rows - c.rejected, duplicates = c.duplicates + ${replaced}, rejects_by_reason = c.reasons
    from (
      select coalesce(sum(n), 0)::int as rows,
             coalesce(sum(n) filter (where reason is not null), 0)::int as rejected,
             coalesce(sum(n) filter (where reason in ('duplicate_in_file', 'duplicate_in_campaign', 'contact_in_progress')), 0)::int as duplicates,
             coalesce(jsonb_object_agg(reason, n) filter (where reason is not null), '{}') as reasons
      from (select reason, count(*) as n from import_rows where import_id = ${input.importId} group by reason) by_reason
    ) c
    where i.id = ${input.importId}`.execute(tx);
  await tx.deleteFrom("import_rows").where("import_id", "=", input.importId).execute();
}
