import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { withPatience } from "../../src/db/patience.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type FaultProxy, faultProxy } from "../support/fault-proxy.ts";

describe("the database", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase({ maxConnections: 1 });
  });
  afterAll(() => database.close());

  it("hands bigint out as a number, and throws rather than lose digits", async () => {
    expect((await database.pool.query("select 9007199254740991::bigint as n")).rows).toEqual([{ n: 9_007_199_254_740_991 }]);
    await expect(database.pool.query("select 9007199254740993::bigint as n")).rejects.toThrow("expected a bigint that a number holds exactly");
  });

  it("closes its connections also when only the pool was used, and may be closed twice", async () => {
    const other = await testDatabase();
    const plain = openDatabase(other.url);
    await plain.pool.query("select 1");
    await plain.close();
    await plain.close();
    expect(plain.pool.totalCount).toBe(0);
    await other.close();
  });

  it("goes on after its idle connection was lost", async () => {
    const before = (await database.pool.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
    const other = await testDatabase();
    const removed = new Promise((resolve) => database.pool.once("remove", resolve));
    await other.pool.query("select pg_terminate_backend($1)", [before]);
    await removed;
    await other.close();
    const after = (await database.pool.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
    expect(after).not.toBe(before);
  });

  it("a transaction whose connection is lost fails, and nothing else does", async () => {
    const other = await testDatabase();
    const outcome = database.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await other.pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
      for (;;) await sql`select 1`.execute(tx);
    });
    // The words depend on who notices first: the server, the socket, or the client.
    await expect(outcome).rejects.toThrow();
    await other.close();
    expect((await database.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });
});

describe("a database connection that falls silent", () => {
  let server: TestDatabase;
  let proxy: FaultProxy;
  let database: Database;
  beforeAll(async () => {
    server = await testDatabase();
    proxy = await faultProxy({ port: Number(new URL(server.url).port) });
    database = openDatabase(proxy.through(server.url), { maxConnections: 2, answerWithinMs: 300 });
  });
  afterAll(async () => {
    await database.close();
    await proxy.close();
    await server.close();
  });

  const one = () => sql<{ one: number }>`select 1 as one`.execute(database.db);

  it("costs the statement under way, and the next one has a connection that answers", async () => {
    await one();
    proxy.halfOpen();
    await expect(one()).rejects.toThrow("the database did not answer in time");
    expect((await one()).rows).toEqual([{ one: 1 }]);
  });

  it("ends a transaction that stands in the middle of its work", async () => {
    const outcome = database.db.transaction().execute(async (tx) => {
      await sql`select 1`.execute(tx);
      proxy.halfOpen();
      await sql`select 1`.execute(tx);
    });
    await expect(outcome).rejects.toThrow("the database did not answer in time");
    await expect.poll(() => database.pool.totalCount).toBe(0);
    expect((await one()).rows).toEqual([{ one: 1 }]);
  });

  it("is not what long work of a known name looks like", async () => {
    const slow = () => sql<{ n: number }>`select 1 as n from pg_sleep(0.6)`.execute(database.db);
    await expect(slow()).rejects.toThrow("the database did not answer in time");
    expect((await withPatience("list", slow)).rows).toEqual([{ n: 1 }]);
    await expect(slow()).rejects.toThrow("the database did not answer in time");
  });
});
