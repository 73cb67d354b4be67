import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { availableServiceRole } from "../../src/db/service-role.ts";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { writeLegalEvents } from "../../src/scrub/evidence-rows.queries.ts";
import { exportEvidence, listEvidence } from "../../src/scrub/export-evidence.ts";
import { newEvidenceSealer } from "../../src/scrub/seal-evidence.ts";
import { verifyEvidence } from "../../src/scrub/verify-evidence.ts";
import { recordingLog } from "../support/log.ts";
import { testNumber } from "../support/rows.ts";
import { scrubWorld } from "./scrub-fixture.ts";

let world: Awaited<ReturnType<typeof scrubWorld>>;
let account: AccountId;
beforeAll(async () => {
  world = await scrubWorld();
});
beforeEach(async () => {
  await tamper("truncate evidence, evidence_seals; drop table if exists kept; alter sequence evidence_ids restart");
  account = await world.rows.account();
});
afterAll(() => world.close());

async function write(count: number, more: { campaignId?: CampaignId | null; tail?: number } = {}): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    await writeLegalEvents(world.db, [{ accountId: account, campaignId: more.campaignId ?? null, contactId: null, attemptId: null, numberKey: world.vault.numberKey(testNumber(more.tail ?? at)), at: world.clock.now(), decision: "never", code: "opted_out", body: { turn: at, words: "नमस्ते" } }]);
  }
}

/** Ticks until everything written so far is sealed; other databases of the server may hold a tick back for a moment. */
async function seal(): Promise<void> {
  const sealer = newEvidenceSealer(world.deps);
  while ((await verifyEvidence(world.deps)).unsealed_rows > 0) await sealer.tick();
}

/** Does what only somebody with the database administrator's powers can do. */
async function tamper(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: world.url });
  await client.connect();
  await client.query("set session_replication_role = replica");
  await client.query(statement);
  await client.end();
}

describe("evidence", () => {
  it("cannot be changed, removed or emptied", async () => {
    await write(2);
    for (const statement of ["update evidence set code = 'x'", "delete from evidence", "truncate evidence", "update evidence_seals set hash = 'x'", "delete from evidence_seals", "truncate evidence_seals"]) {
      await expect(world.pool.query(statement)).rejects.toThrow("is append-only");
    }
    expect((await world.pool.query("select code from evidence")).rows).toEqual([{ code: "opted_out" }, { code: "opted_out" }]);
  });

  it("may be read and added to by the service's role, and nothing else", async () => {
    const role = await availableServiceRole(world.pool);
    expect(role).toBe("dialer_service");
    const service = openDatabase(world.url, { maxConnections: 1, role });
    const client = service.pool;
    try {
      await client.query("insert into evidence (account_id, number_key, at, ist, decision, code, body) values ($1, 'k', now(), 'x', 'call', 'allowed', '{}')", [account]);
      expect((await client.query("select code from evidence")).rows).toEqual([{ code: "allowed" }]);
      for (const statement of ["update evidence set code = 'x'", "delete from evidence", "truncate evidence", "alter table evidence disable trigger all", "drop table evidence", "update schema_migrations set checksum = 'x'", "create table mine (x int)"]) {
        await expect(client.query(statement)).rejects.toThrow(/permission denied|must be owner/);
      }
      await client.query("update contacts set updated_at = now()");
      await client.query("create temp table staging (x int)");
    } finally {
      await service.close();
    }
  });
});

describe("the chain over the evidence", () => {
  it("is whole after sealing, whatever is still to be sealed", async () => {
    await write(5);
    await seal();
    await write(2);
    const first = await verifyEvidence(world.deps);
    expect(first).toMatchObject({ ok: true, rows: 5, unsealed_rows: 2, problems: [] });
    await seal();
    const second = await verifyEvidence(world.deps, { expectHead: first.head });
    expect(second).toMatchObject({ ok: true, rows: 7, unsealed_rows: 0, seals: 2 });
    expect(second.head).not.toBe(first.head);
  });

  it("of no evidence is whole", async () => {
    expect(await verifyEvidence(world.deps)).toMatchObject({ ok: true, seals: 0, rows: 0, head: "0".repeat(64) });
    expect(await newEvidenceSealer(world.deps).tick()).toEqual({ sealed: 0 });
  });

  it("betrays one changed byte of any column of any row, and says which row", async () => {
    await write(6);
    await seal();
    const changes = {
      code: "code = 'opted_ouT'",
      body: "body = body || '{\"turn\": 99}'",
      ist: "ist = replace(ist, '12:00', '12:01')",
      at: "at = at + interval '1 microsecond'",
      number_key: "number_key = 'x' || substr(number_key, 2)",
      decision: "decision = 'call'",
      caller_number: "caller_number = '+911600123456'",
      account_id: "account_id = account_id",
    };
    for (const [column, change] of Object.entries(changes)) {
      await tamper(`create table kept as select * from evidence where id = 3; update evidence set ${change} where id = 3`);
      const verdict = await verifyEvidence(world.deps);
      if (column === "account_id") expect(verdict.ok).toBe(true);
      else expect({ column, ...verdict }).toMatchObject({ column, ok: false, problems: [{ kind: "row_changed", seal: 1, row: "3" }] });
      await tamper("delete from evidence where id = 3; insert into evidence select * from kept; drop table kept");
      expect((await verifyEvidence(world.deps)).ok).toBe(true);
    }
  });

  it("betrays a missing and an inserted row", async () => {
    await write(4);
    await seal();
    await tamper("delete from evidence where id = 2");
    expect(await verifyEvidence(world.deps)).toMatchObject({ ok: false, problems: [{ kind: "row_missing", seal: 1, row: "2" }] });
    await tamper("insert into evidence select 2, account_id, campaign_id, contact_id, attempt_id, number_key, at, ist, decision, 'invented', caller_number, body from evidence where id = 1");
    expect(await verifyEvidence(world.deps)).toMatchObject({ problems: [{ kind: "row_changed", row: "2" }] });
    await tamper("insert into evidence select 0, account_id, campaign_id, contact_id, attempt_id, number_key, at, ist, decision, code, caller_number, body from evidence where id = 1");
    await tamper("insert into evidence select -5, account_id, campaign_id, contact_id, attempt_id, number_key, at, ist, decision, code, caller_number, body from evidence where id = 1");
    const { problems } = await verifyEvidence(world.deps);
    expect(problems.filter((problem) => problem.kind === "row_inserted").map((problem) => problem.row)).toEqual(["-5", "0"]);
  });

  it("betrays a changed, removed or rewritten seal, and a chain that was cut off", async () => {
    for (let round = 0; round < 3; round += 1) {
      await write(2);
      await seal();
    }
    const { head } = await verifyEvidence(world.deps);
    const kinds = async (input = {}) => (await verifyEvidence(world.deps, input)).problems.map((problem) => problem.kind);
    await tamper("create table kept as select * from evidence_seals");
    const restore = () => tamper("delete from evidence_seals; insert into evidence_seals select * from kept");
    await tamper("update evidence_seals set hash = repeat('a', 64) where id = 2");
    expect(await kinds()).toEqual(["signature_wrong", "seal_changed", "chain_broken"]);
    await restore();
    await tamper("update evidence_seals set digests = digests || '\\x00' where id = 2");
    expect(await kinds()).toEqual(["seal_changed"]);
    await restore();
    for (const change of ["sealed_at = sealed_at + interval '1 microsecond'", "first_id = first_id - 100", "last_id = last_id - 1", "signature = reverse(signature)"]) {
      await tamper(`update evidence_seals set ${change} where id = 2`);
      expect({ change, kinds: await kinds() }).toMatchObject({ change, kinds: expect.arrayContaining([expect.any(String)]) as unknown });
      await restore();
    }
    await tamper("delete from evidence_seals where id = 2");
    expect(await kinds()).toContain("chain_broken");
    await restore();
    await tamper("delete from evidence_seals where id = 3; delete from evidence where id > 4");
    expect(await kinds()).toEqual([]);
    expect(await kinds({ expectHead: head })).toEqual(["head_missing"]);
  });

  it("waits for rows of transactions that are still open, and never seals past them", async () => {
    const slow = new pg.Client({ connectionString: world.url });
    await slow.connect();
    try {
      await slow.query("begin");
      await slow.query("insert into evidence (account_id, number_key, at, ist, decision, code, body) values ($1, 'k', now(), 'x', 'call', 'slow', '{}')", [account]);
      await write(3);
      const sealer = newEvidenceSealer(world.deps);
      for (let turn = 0; turn < 5; turn += 1) expect(await sealer.tick()).toEqual({ sealed: 0 });
      await slow.query("commit");
      await seal();
      expect(await verifyEvidence(world.deps)).toMatchObject({ ok: true, rows: 4, unsealed_rows: 0 });
    } finally {
      await slow.end();
    }
  });

  it("is sealed once by many processes, while the gate goes on writing", async () => {
    const log = recordingLog();
    const sealers = [1, 2, 3].map(() => newEvidenceSealer({ ...world.deps, log }));
    let writing = true;
    const writers = [1, 2, 3].map(async () => write(20));
    const sealing = sealers.map(async (sealer) => {
      while (writing) await sealer.tick();
    });
    await Promise.all(writers);
    writing = false;
    await Promise.all(sealing);
    await seal();
    expect(await verifyEvidence(world.deps)).toMatchObject({ ok: true, rows: 60, unsealed_rows: 0 });
    const heads = log.lines.filter((line) => line.sentence === "sealed evidence").map((line) => line.fields["head"]);
    const chain = (await world.db.selectFrom("evidence_seals").select("hash").orderBy("id").execute()).map((row) => row.hash);
    expect(chain.slice(0, heads.length)).toEqual(heads);
  });

  it("covers a long list in several links", async () => {
    await write(9);
    const sealer = newEvidenceSealer(world.deps, { rowsPerLink: 4 });
    while ((await verifyEvidence(world.deps)).unsealed_rows > 0) await sealer.tick();
    expect(await verifyEvidence(world.deps)).toMatchObject({ ok: true, rows: 9, seals: 3 });
  });
});

describe("the answer to a question about evidence", () => {
  it("is given per number, campaign and span of time, to the own account only", async () => {
    const campaign = await world.rows.campaign(account);
    await write(3, { tail: 7 });
    await write(1, { tail: 8, campaignId: campaign });
    world.clock.advance(86_400_000);
    await write(1, { tail: 7 });
    await seal();
    const ask = async (question: object) => {
      let text = "";
      for await (const piece of exportEvidence(world.deps, { accountId: account, ...question })) text += piece;
      return text.split("\n").slice(0, -1).map((line) => JSON.parse(line) as unknown);
    };
    expect(await ask({ number: testNumber(7) })).toHaveLength(4);
    expect(await ask({ number: testNumber(7), to: new Date("2026-11-24T00:00:00+05:30") })).toHaveLength(3);
    expect(await ask({ from: new Date("2026-11-24T00:00:00+05:30") })).toHaveLength(1);
    const [one] = await ask({ campaignId: campaign });
    expect(one).toMatchObject({ at: "2026-11-23T12:00:00.000+05:30", decision: "never", code: "opted_out", number_key: world.vault.numberKey(testNumber(8)), body: { words: "नमस्ते" }, row_hash: expect.stringMatching(/^[0-9a-f]{64}$/), seal: 1 });
    expect(await ask({ accountId: await world.rows.account("Other") })).toEqual([]);
    expect(() => exportEvidence(world.deps, { accountId: account, number: "12" })).toThrow(expect.objectContaining({ code: "invalid_number" }));
  });

  it("comes page by page too", async () => {
    await write(5, { tail: 7 });
    const first = await listEvidence(world.deps, { accountId: account, number: testNumber(7), limit: 3 });
    expect(first.items).toHaveLength(3);
    const rest = await listEvidence(world.deps, { accountId: account, number: testNumber(7), limit: 3, cursor: first.next ?? "" });
    expect(rest).toMatchObject({ next: null });
    expect(rest.items.map((item) => item.body)).toMatchObject([{ turn: 3 }, { turn: 4 }]);
    await expect(listEvidence(world.deps, { accountId: account, limit: 3, cursor: "'; drop" })).rejects.toMatchObject({ code: "invalid_cursor" });
  });
});
