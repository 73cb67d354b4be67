import { AsyncLocalStorage } from "node:async_hooks";
import type pg from "pg";

/** What answers later than this comes from a connection that is dead, whatever the machine believes of it. */
export const answerWithinMs = 15_000;

/** Work whose single statements may take longer, and how long, in milliseconds: it touches whole lists. */
const slowWork = {
  migration: 4 * 3_600_000,
  /** A contact list of a million rows is merged in about a minute. */
  list: 900_000,
  scrub: 900_000,
  /** Exports, reports and forecasts. */
  report: 120_000,
  /** Deletes what is old. */
  housekeeping: 300_000,
} as const;

const patience = new AsyncLocalStorage<number>();

/** Every statement that `work` sends to the database may take as long as work of this name takes. */
export function withPatience<T>(name: keyof typeof slowWork, work: () => Promise<T>): Promise<T> {
  return patience.run(slowWork[name], work);
}

/**
 * Gives a statement the time that the work around it may take, and ends the connection of one that was given up: its answer may
 * still come, or never, and whoever borrowed the connection next would wait behind it. The pool opens another.
 */
export function endWhenSilent(client: pg.PoolClient): void {
  const query = client.query.bind(client);
  let silence: Error | undefined;
  const failed = (error: unknown): never => {
    if (!(error instanceof Error && error.message === "Query read timeout")) throw error;
    silence = new Error("the database did not answer in time; the connection was closed", { cause: error });
    // Closes the socket, because a statement is under way; the pool takes back no client that is ending.
    Reflect.apply(Reflect.get(client, "end") as () => void, client, []);
    throw silence;
  };
  Reflect.set(client, "query", (...given: unknown[]): unknown => {
    // The rollback of a transaction that was given up says why it cannot be made.
    if (silence) return Promise.reject(silence);
    const result: unknown = Reflect.apply(query, client, withTimeout(given, patience.getStore()));
    return result instanceof Promise ? result.catch(failed) : result;
  });
}

function withTimeout(given: readonly unknown[], limitMs: number | undefined): readonly unknown[] {
  const [first, ...rest] = given;
  if (limitMs === undefined) return given;
  if (typeof first === "string") return [{ text: first, query_timeout: limitMs }, ...rest];
  const isStream = first instanceof Object && "submit" in first;
  return first instanceof Object && !isStream ? [{ ...first, query_timeout: limitMs }, ...rest] : given;
}
