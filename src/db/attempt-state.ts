import { type RawBuilder, sql, type Updateable } from "kysely";
import { attemptMoves, type AttemptState } from "../domain/attempt.ts";
import type { AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { Db } from "./database.ts";
import type { AttemptsTable } from "./tables.ts";

/** Columns that may change together with a move. */
export type AttemptFacts = Omit<Updateable<AttemptsTable>, "id" | "account_id" | "contact_id" | "state" | "updated_at">;

export interface AttemptMove {
  id: AttemptId;
  /** The states it may be in now. */
  from: readonly AttemptState[];
  to: AttemptState;
  now: Date;
  facts?: AttemptFacts;
  /** A further condition on the row of `attempts`, checked by the same statement. */
  provided?: RawBuilder<boolean> | undefined;
}

/**
 * The only writer of `attempts.state`: a compare-and-set. Answers whether the row moved; false means somebody else
 * moved it first and the caller must do nothing more. A move that the state machine does not have is a bug and throws.
 */
export async function moveAttempt(db: Db, move: AttemptMove): Promise<boolean> {
  refuseUnknownMoves(move);
  const update = db
    .updateTable("attempts")
    .set({ ...move.facts, state: move.to, updated_at: move.now })
    .where("id", "=", move.id)
    .where("state", "in", [...move.from]);
  const result = await (move.provided ? update.where(move.provided) : update).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export interface NewFacts {
  id: AttemptId;
  facts: AttemptFacts;
}

export interface AttemptMoves {
  /** The states they may be in now. */
  from: readonly AttemptState[];
  to: AttemptState;
  now: Date;
  /** One entry per attempt; all name the same columns. */
  rows: readonly NewFacts[];
  /** A further condition on the row of `attempts`, checked by the same statement; `moves` holds the new values. */
  provided?: RawBuilder<boolean>;
  /** Names the statement, whose plan is then kept. One name always stands for the same columns and condition. */
  plan?: string;
}

/**
 * The same move for many attempts, each with facts of its own, by one statement: a compare-and-set per row. Answers which
 * of them moved. Throws for a move that the state machine does not have, and when the rows name different columns.
 */
export async function moveAttempts(db: Db, moves: AttemptMoves): Promise<ReadonlySet<AttemptId>> {
  const [first] = moves.rows;
  if (!first) return new Set();
  refuseUnknownMoves(moves);
  const { rows } = await sql<{ id: AttemptId }>`
    update attempts set state = ${moves.to}, updated_at = ${moves.now}${assignments(moves.rows)}
    from ${newValues(moves.rows)} as moves
    where attempts.id = moves.id and ${found(moves.rows)} and (attempts.state = any(${[...moves.from]}::text[])) is true${moves.provided ? sql` and ${moves.provided}` : sql``}
    returning attempts.id${planMark(moves.plan)}`.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** Writes facts of many attempts by one statement and leaves their states alone. Throws when the rows name different columns. */
export async function noteAttempts(db: Db, input: { rows: readonly NewFacts[]; now: Date }): Promise<void> {
  if (input.rows.length === 0) return;
  await sql`
    update attempts set updated_at = ${input.now}${assignments(input.rows)}
    from ${newValues(input.rows)} as moves
    where attempts.id = moves.id and ${found(input.rows)}`.execute(db);
}

/** Leads Postgres to the rows by their key: a state of which it believes that it has few rows would make it walk all open attempts instead. */
function found(rows: readonly NewFacts[]) {
  return sql`attempts.id = any(${rows.map((row) => row.id)}::uuid[])`;
}

function planMark(name: string | undefined) {
  return sql.raw(name === undefined ? "" : ` /* prepared: ${name} */`);
}

function assignments(rows: readonly NewFacts[]) {
  const columns = columnsOf(rows[0]);
  for (const row of rows) if (columnsOf(row).join() !== columns.join()) throw new Error(`expected the columns ${columns.join(", ")} in every row, got ${columnsOf(row).join(", ")}`);
  return sql.join(
    columns.map((column) => sql`, ${sql.ref(column)} = moves.${sql.ref(column)}`),
    sql``,
  );
}

function columnsOf(row: NewFacts | undefined): string[] {
  return Object.entries(row?.facts ?? {}).flatMap(([column, value]) => (value === undefined ? [] : [column]));
}

/** The rows as a table; `fold` is JSON text already and stands in it as what it says. */
function newValues(rows: readonly NewFacts[]) {
  const values = rows.map(({ id, facts }) => ({ ...facts, ...(facts.fold !== undefined && { fold: JSON.parse(facts.fold) as unknown }), id }));
  return sql`jsonb_populate_recordset(null::attempts, ${JSON.stringify(values)}::jsonb)`;
}

function refuseUnknownMoves(move: { from: readonly AttemptState[]; to: AttemptState }): void {
  for (const from of move.from) {
    if (!attemptMoves[from].includes(move.to)) {
      throw new Error(`expected a move of the attempt state machine, got ${from} → ${move.to}`);
    }
  }
}

/**
 * The same move for many rows, `planned → refused`: takes back what a campaign has planned and nobody has claimed.
 * Answers what was taken back; an attempt that is claimed at the same moment is left to its claimer.
 */
export function withdrawPlannedAttempts(
  db: Db,
  input: { campaignId: CampaignId; refusalCode: string; now: Date },
): Promise<{ id: AttemptId; contact_id: ContactId }[]> {
  return db
    .updateTable("attempts")
    .set({ state: "refused", refusal_code: input.refusalCode, updated_at: input.now })
    .where("campaign_id", "=", input.campaignId)
    .where("state", "=", "planned")
    .returning(["id", "contact_id"])
    .execute();
}

/**
 * Takes back what the gate has put off beyond `dueAfter`: `planned → refused`, with the code that it was put off with. What
 * somebody holds at this moment is left out.
 */
export async function withdrawPutOffAttempts(
  db: Db,
  input: { dueAfter: Date; limit: number; now: Date },
): Promise<{ contact_id: ContactId; due_at: Date; refusal_code: string | null }[]> {
  return db
    .updateTable("attempts")
    .set({ state: "refused", updated_at: input.now })
    .where("id", "in", (query) =>
      query.selectFrom("attempts").where("state", "=", "planned").where("due_at", ">", input.dueAfter).select("id").limit(input.limit).forUpdate().skipLocked(),
    )
    .returning(["contact_id", "due_at", "refusal_code"])
    .execute();
}

/**
 * Takes back the attempt of one contact, if nobody has claimed it nor is about to: `planned → refused`. It never waits for
 * whoever holds the row, so the caller may hold the contact's row.
 */
export async function withdrawPlannedAttempt(db: Db, input: { contactId: ContactId; refusalCode: string; now: Date }): Promise<boolean> {
  const result = await db
    .updateTable("attempts")
    .set({ state: "refused", refusal_code: input.refusalCode, updated_at: input.now })
    .where("id", "in", (query) =>
      query.selectFrom("attempts").where("contact_id", "=", input.contactId).where("state", "=", "planned").select("id").forUpdate().skipLocked(),
    )
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
