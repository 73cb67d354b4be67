import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import { answerWithinMs, endWhenSilent } from "./patience.ts";
import { keepMarkedPlans } from "./prepared-statements.ts";
import type { Tables } from "./tables.ts";

/** A handle on the database: a pool or a transaction, whichever the caller has. */
export type Db = Kysely<Tables>;
/** For functions that are right only inside a transaction. */
export type Tx = Transaction<Tables>;

export interface Database {
  db: Db;
  /** The same connections, for COPY and for advisory locks. */
  pool: pg.Pool;
  close(): Promise<void>;
}

const exactNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`expected a bigint that a number holds exactly, got ${text}`);
  return value;
};

export interface DatabaseOptions {
  maxConnections?: number;
  /** The role every connection takes on, such as `serviceRole`; default: the one that logs in. */
  role?: string | undefined;
  /** Milliseconds in which a statement must be answered, unless `withPatience` grants more; default 15,000. */
  answerWithinMs?: number;
}

/** Opens a pool. Connections are lazy: a wrong address shows at the first query. */
export function openDatabase(connectionString: string, options: DatabaseOptions = {}): Database {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, exactNumber);
  const pool = new pg.Pool({
    connectionString,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 5_000,
    query_timeout: options.answerWithinMs ?? answerWithinMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A process that vanished in the middle of a transaction must not hold its locks for ever.
    idle_in_transaction_session_timeout: 300_000,
    application_name: "campaign-dialer",
    ...(options.role !== undefined && { options: `-c role=${options.role}` }),
    types,
  });
  pool.on("connect", endWhenSilent);
  pool.on("connect", keepMarkedPlans);
  // A connection that breaks while it is lent out says so to nobody else, and an error without a listener ends the process
  // with every live call in it. The statement under way, or the next one, reports it.
  pool.on("connect", (client) => client.on("error", () => undefined));
  // An idle connection that breaks is replaced by the pool; the query that meets the outage reports it.
  pool.on("error", () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const close = async (): Promise<void> => {
    await db.destroy();
    // Kysely ends the pool only when it has used it itself.
    if (!pool.ending) await pool.end();
  };
  return { db, pool, close };
}
