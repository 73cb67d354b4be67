import { createHash } from "node:crypto";
import pg from "pg";
import { type Database, openDatabase } from "../../../src/db/database.ts";
import { emptyDatabase } from "./sim-database.ts";

/** The database of a run: the real one, with every plan kept, that knows whether anything was written. */
export interface SimDatabase extends Database {
  /** Grows with every statement that may have changed a row. */
  readonly writes: number;
  /** Leaves no row of an earlier run, also in `further` tables. */
  empty(further?: readonly string[]): Promise<void>;
}

/** A run takes a thousand small statements over a handful of rows: planning them each time would cost more than their work. */
const settings = "-c plan_cache_mode=force_generic_plan -c jit=off";

/** Reads `for update` as reading. */
const writing = /\b(insert into|delete from|update (?!skip|nowait|of ))/i;

/** Opens the database at the address for runs, one after the other. */
export function openSimDatabase(url: string): SimDatabase {
  const database = openDatabase(`${url}${url.includes("?") ? "&" : "?"}options=${encodeURIComponent(settings)}`);
  const statements = new Map<string, { name: string; writes: boolean }>();
  const statementOf = (text: string): { name: string; writes: boolean } => {
    const known = statements.get(text) ?? { name: createHash("sha256").update(text).digest("hex").slice(0, 40), writes: writing.test(text) };
    statements.set(text, known);
    return known;
  };
  let writes = 0;
  let emptying: Promise<pg.Client> | undefined;
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  };
  database.pool.on("connect", (client) => {
    Reflect.set(client, "pipeline", true);
    const query = client.query.bind(client);
    const ask = (given: readonly unknown[]): unknown => Reflect.apply(query, client, given);
    Reflect.set(client, "query", (...given: unknown[]): unknown => {
      const [text, values, ...rest] = given;
      if (typeof text !== "string" || !Array.isArray(values)) return ask(given);
      const statement = statementOf(text);
      if (statement.writes) writes += 1;
      return ask([{ name: statement.name, text, values }, ...rest]);
    });
  });
  return {
    ...database,
    get writes() {
      return writes;
    },
    async empty(further = []) {
      emptying ??= connect();
      await emptyDatabase(await emptying, further);
    },
    async close() {
      await (await emptying)?.end();
      await database.close();
    },
  };
}
