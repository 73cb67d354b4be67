import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { compactTallies, tallyOf } from "../../src/schedule/contact-tally.queries.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { addAccount, addCampaign, addContacts } from "./list-fixture.ts";

let database: TestDatabase;
let account: AccountId;
beforeAll(async () => {
  database = await testDatabase();
  account = await addAccount(database.db);
});
afterAll(() => database.close());

async function counted(campaign: CampaignId) {
  const { rows } = await sql<{ state: string; due_class: string; reason: string | null; contacts: number }>`
    select state, due_class, contact_reason(state, waiting_because, blocked_reason, disposition) as reason, count(*) as contacts
    from contacts where campaign_id = ${campaign} group by 1, 2, 3 order by 1, 2, 3
  `.execute(database.db);
  return rows;
}

test("the tally says what counting says, whatever is inserted, changed or deleted, and compacting changes nothing", async () => {
  const change = fc.oneof(
    fc.record({ do: fc.constant("insert" as const), count: fc.integer({ min: 1, max: 5 }), state: fc.constantFrom("waiting", "done") }),
    fc.record({ do: fc.constant("plan" as const), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant("block" as const), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant("delete" as const), count: fc.integer({ min: 1, max: 2 }) }),
    fc.record({ do: fc.constant("compact" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
      const campaign = await addCampaign(database.db, account);
      for (const each of changes) {
        if (each.do === "insert") await addContacts(database.db, account, campaign, each.count, { state: each.state });
        if (each.do === "plan") await pick(campaign, each.count, sql`state = 'planned', due_class = 'retry'`);
        if (each.do === "block") await pick(campaign, each.count, sql`state = 'blocked', blocked_reason = 'suppressed'`);
        if (each.do === "delete") await sql`delete from contacts where id in (select id from contacts where campaign_id = ${campaign} limit ${each.count})`.execute(database.db);
        if (each.do === "compact") await compactTallies(database.db, { campaignIds: [campaign], above: 0 });
      }
      expect(await tallyOf(database.db, campaign)).toEqual(await counted(campaign));
    }),
    { numRuns: 25 },
  );
});

async function pick(campaign: CampaignId, count: number, set: ReturnType<typeof sql>): Promise<void> {
  await sql`update contacts set ${set} where id in (select id from contacts where campaign_id = ${campaign} limit ${count})`.execute(database.db);
}
