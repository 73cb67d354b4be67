import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { availableServiceRole, loginOwnsEvidence, serviceRole } from "../../src/db/service-role.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

/** The login of a deployment, as docker-compose.yml makes it. */
describe("a login that is a plain member of the service's role", () => {
  const login = `app_${randomBytes(6).toString("hex")}`;
  const account = "018f0000-0000-7000-8000-000000000001";
  let owner: TestDatabase;
  let service: Database;

  beforeAll(async () => {
    owner = await testDatabase();
    await owner.pool.query(`create role ${login} login password 'of-a-test' in role ${serviceRole}`);
    await owner.pool.query("insert into accounts (id, name, data_key_sealed, created_at) values ($1, 'Lender', '', now())", [account]);
    const url = new URL(owner.url);
    url.username = login;
    url.password = "of-a-test";
    service = openDatabase(url.href, { maxConnections: 1, role: serviceRole });
  });
  afterAll(async () => {
    await service.close();
    await owner.pool.query(`drop role ${login}`);
    await owner.close();
  });

  it("starts on a schema that is up to date, and cannot change it", async () => {
    expect(await migrate({ pool: service.pool, log: silentLog, now: new Date("2026-12-01T10:00:00+05:30") })).toEqual([]);
    expect(await availableServiceRole(service.pool)).toBe(serviceRole);
    for (const statement of ["create table mine (x int)", "alter table evidence add column x int", "drop trigger evidence_append_only on evidence"]) {
      await expect(service.pool.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    }
  });

  it("adds to the evidence and reads it, and can neither change nor remove a line, whatever it tries", async () => {
    await service.pool.query("insert into evidence (account_id, number_key, at, ist, decision, code, body) values ($1, 'k', now(), 'x', 'call', 'allowed', '{}')", [account]);
    expect((await service.pool.query("select code from evidence")).rows).toEqual([{ code: "allowed" }]);
    await service.pool.query("reset role");
    for (const statement of ["update evidence set code = 'x'", "delete from evidence", "truncate evidence", "set session_replication_role = replica", "alter table evidence disable trigger all", "update audit_log set action = 'x'"]) {
      await expect(service.pool.query(statement), statement).rejects.toThrow(/permission denied|must be owner/);
    }
  });

  it("is told from the owner's login, of which a start in production warns", async () => {
    expect(await loginOwnsEvidence(service.pool)).toBe(false);
    expect(await loginOwnsEvidence(owner.pool)).toBe(true);
  });
});
