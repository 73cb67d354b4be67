import { CompiledQuery, type DatabaseConnection, type Driver, Kysely, PostgresDialect, type PostgresDialectConfig } from "kysely";
import type pg from "pg";
import type { Db } from "../../../src/db/database.ts";
import type { Tables } from "../../../src/db/tables.ts";

/** Draws what befalls the next commit: the connection breaks before it is sent, or after, so that only the answer is lost. */
export type CommitFate = () => "before" | "after" | undefined;

/** A handle on the same pool that sometimes loses its connection around a COMMIT, or around a write that commits by itself. */
export function faultyDatabase(pool: pg.Pool, fate: CommitFate): Db {
  return new Kysely<Tables>({ dialect: new FaultyDialect({ pool }, fate) });
}

class FaultyDialect extends PostgresDialect {
  readonly #fate: CommitFate;

  constructor(config: PostgresDialectConfig, fate: CommitFate) {
    super(config);
    this.#fate = fate;
  }

  override createDriver(): Driver {
    const driver = super.createDriver();
    const inTransaction = new WeakSet<DatabaseConnection>();
    const patched = new WeakSet<DatabaseConnection>();
    const around = async <T>(work: () => Promise<T>): Promise<T> => {
      const drawn = this.#fate();
      if (drawn === "before") throw new Error("the connection broke before the commit");
      const result = await work();
      if (drawn === "after") throw new Error("the connection broke after the commit");
      return result;
    };
    const patch = (connection: DatabaseConnection): void => {
      if (patched.has(connection)) return;
      patched.add(connection);
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = <R>(query: CompiledQuery) => {
        const commitsItself = !inTransaction.has(connection) && /^\s*(update|insert|delete|with)\b/i.test(query.sql);
        return commitsItself ? around(() => execute<R>(query)) : execute<R>(query);
      };
    };
    const { acquireConnection, commitTransaction, rollbackTransaction } = bound(driver);
    driver.acquireConnection = async (options) => {
      const connection = await acquireConnection(options);
      patch(connection);
      return connection;
    };
    driver.beginTransaction = async (connection) => {
      inTransaction.add(connection);
      // Sent together with the first statement, which fails with it and says so.
      connection.executeQuery(CompiledQuery.raw("begin")).catch(() => undefined);
    };
    driver.commitTransaction = (connection) =>
      around(async () => {
        await commitTransaction(connection);
        inTransaction.delete(connection);
      });
    driver.rollbackTransaction = async (connection) => {
      await rollbackTransaction(connection);
      inTransaction.delete(connection);
    };
    return driver;
  }
}

function bound(driver: Driver) {
  return {
    acquireConnection: driver.acquireConnection.bind(driver),
    commitTransaction: driver.commitTransaction.bind(driver),
    rollbackTransaction: driver.rollbackTransaction.bind(driver),
  };
}
