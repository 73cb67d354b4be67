import { type ExpressionBuilder, type Nullable, sql } from "kysely";
import type { Db, Tx } from "../db/database.ts";
import { optedOutOnCall } from "../db/opted-out-on-call.ts";
import type { AttemptsTable, ConversationsTable } from "../db/tables.ts";
import type { AccountId, AttemptId, ContactId } from "../domain/ids.ts";

/** Whose attempt it is; undefined when there is none of that id. */
export async function accountOfAttempt(db: Db, attemptId: AttemptId): Promise<AccountId | undefined> {
  const row = await db.selectFrom("attempts").where("id", "=", attemptId).select("account_id").executeTakeFirst();
  return row?.account_id;
}

/** How long a conversation whose stream opened may take to appear or to be closed by the sweep before the attempt is settled without it. */
const conversationGraceMs = 120_000;

/** Holds when nothing more of a conversation is to come: it has ended, or none was opened, or it is lost. */
function conversationOver(is: ExpressionBuilder<{ a: AttemptsTable; v: Nullable<ConversationsTable> }, "a" | "v">, now: Date) {
  return is.or([
    is("v.ended_at", "is not", null),
    is.and([is("v.attempt_id", "is", null), is("a.stream_opened_at", "is", null)]),
    is.and([is("v.attempt_id", "is", null), is("a.ended_at", "<", new Date(now.getTime() - conversationGraceMs))]),
  ]);
}

/**
 * The attempt with everything its outcome depends on, locked until the transaction ends; undefined while the
 * attempt is not final, its conversation still runs, or it is settled already.
 */
export function lockSettleable(tx: Tx, attemptId: AttemptId, now: Date) {
  return tx
    .selectFrom("attempts as a")
    .innerJoin("contacts as c", "c.id", "a.contact_id")
    .innerJoin("campaigns as p", "p.id", "a.campaign_id")
    .leftJoin("conversations as v", "v.attempt_id", "a.id")
    .where("a.id", "=", attemptId)
    .where("a.settled_at", "is", null)
    .where("a.state", "in", ["ended", "rejected", "closed_unknown"])
    .where((is) => conversationOver(is, now))
    .selectAll("a")
    .select([
      "c.state as contact_state",
      "c.external_id",
      "c.number_sealed",
      "c.name_sealed",
      "c.language as contact_language",
      "c.revision as contact_revision",
      "p.definition",
      "v.end_reason",
      "v.answered_by as conversation_answered_by",
      "v.hangup_by as conversation_hangup_by",
      "v.opted_out",
      "v.disposition as conversation_disposition",
      "v.fields_sealed as conversation_fields",
      "v.summary_sealed as conversation_summary",
      "v.turns_sealed",
      "v.turn_latencies",
      "v.usage",
      "v.language as conversation_language",
    ])
    .select(optedOutOnCall().as("opted_out_on_call"))
    .forUpdate(["a", "c"])
    .executeTakeFirst();
}

export type Settleable = NonNullable<Awaited<ReturnType<typeof lockSettleable>>>;

/** How earlier attempts of the contact ended: disposition by count, and when the first was made. */
export async function earlierDispositions(tx: Tx, contactId: ContactId, except: AttemptId) {
  const rows = await tx
    .selectFrom("attempts")
    .where("contact_id", "=", contactId)
    .where("id", "<>", except)
    .where("settled_at", "is not", null)
    .where("disposition", "is not", null)
    .select(["disposition", (e) => e.fn.countAll<number>().as("times"), (e) => e.fn.min("sent_at").as("first_sent_at"), (e) => e.fn.sum<string>("cost_paise").as("cost")])
    .groupBy("disposition")
    .execute();
  return {
    times: new Map(rows.map((row) => [row.disposition, Number(row.times)])),
    firstSentAt: rows.reduce<Date | null>((least, row) => (row.first_sent_at && (!least || row.first_sent_at < least) ? row.first_sent_at : least), null),
    costPaise: rows.reduce((sum, row) => sum + Number(row.cost ?? 0), 0),
  };
}

export interface AttemptPage {
  /** The last id of the page before. */
  after: AttemptId | null;
  limit: number;
}

/** Attempts that are final, whose conversation is over, and that nobody has settled: what a crash left behind. */
export async function unsettledAttempts(db: Db, page: AttemptPage & { now: Date }): Promise<AttemptId[]> {
  let query = db
    .selectFrom("attempts as a")
    .leftJoin("conversations as v", "v.attempt_id", "a.id")
    .where("a.settled_at", "is", null)
    .where("a.state", "in", ["ended", "rejected", "closed_unknown"])
    .where((is) => conversationOver(is, page.now))
    .select("a.id")
    .orderBy("a.id")
    .limit(page.limit);
  if (page.after !== null) query = query.where("a.id", ">", page.after);
  return (await query.execute()).map((row) => row.id);
}

/** Settled attempts of which the carrier has told more since. */
export async function revisedAttempts(db: Db, page: AttemptPage): Promise<AttemptId[]> {
  let query = db
    .selectFrom("attempts")
    .where("settled_at", "is not", null)
    .where(sql<boolean>`revision > coalesce(settled_revision, 0)`)
    .select("id")
    .orderBy("id")
    .limit(page.limit);
  if (page.after !== null) query = query.where("id", ">", page.after);
  return (await query.execute()).map((row) => row.id);
}

export function lockRevised(tx: Tx, attemptId: AttemptId) {
  return tx
    .selectFrom("attempts as a")
    .innerJoin("contacts as c", "c.id", "a.contact_id")
    .leftJoin("conversations as v", "v.attempt_id", "a.id")
    .where("a.id", "=", attemptId)
    .where("a.settled_at", "is not", null)
    .where(sql<boolean>`a.revision > coalesce(a.settled_revision, 0)`)
    .selectAll("a")
    .select(["c.external_id", "c.last_attempt_id", "v.usage", "v.answered_by as conversation_answered_by"])
    .forUpdate("a")
    .executeTakeFirst();
}
