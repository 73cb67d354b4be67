import { performance } from "node:perf_hooks";
import { sql } from "kysely";
import type { Database } from "../../src/db/database.ts";
import { passGates } from "../../src/dial/pass-gates.ts";
import type { AccountId, AttemptId, CampaignId } from "../../src/domain/ids.ts";
import { fakeCarrier } from "../dial/fake-carrier.ts";
import type { ManualClock } from "../support/clock.ts";
import { rowWriter, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import { benchDialDeps } from "./dial-bench-world.ts";

export interface GateSubject {
  database: Database;
  clock: ManualClock;
  accountId: AccountId;
  campaignId: CampaignId;
}

/**
 * What a list leaves behind once half of it has been called: for each contact that is done an ended call of the last four
 * weeks, the evidence of it and a row of the register, and for one in fifty a suppression.
 */
export async function addHistory({ database: { db }, clock, accountId, campaignId }: GateSubject): Promise<void> {
  const now = new Date(clock.nowMs());
  await sql`
    insert into attempts (id, account_id, campaign_id, contact_id, number_key, ordinal, due_class, token, state, planned_at, due_at, sent_at, ended_at, ending,
                          duration_seconds, settled_at, settled_revision, call_sid, updated_at)
    select gen_random_uuid(), c.account_id, c.campaign_id, c.id, c.number_key, 1, 'fresh', c.id::text, 'ended', at, at, at, at, 'completed', 40, at, 0, 'CA' || c.id::text, at
    from (select *, ${now}::timestamptz - interval '1 hour' - random() * interval '28 days' as at from contacts where campaign_id = ${campaignId} and state = 'done') c`.execute(db);
  await sql`
    insert into evidence (account_id, campaign_id, contact_id, attempt_id, number_key, at, ist, decision, code, caller_number, body)
    select account_id, campaign_id, contact_id, id, number_key, sent_at, sent_at::text, 'call', 'allowed', '+14155550100', '{"rule_book": "bench", "findings": [], "carrier": "fake"}'
    from attempts where campaign_id = ${campaignId}`.execute(db);
  await sql`
    insert into preferences (account_id, number_key, scheme, categories, updated_at)
    select account_id, number_key, 'partial', '{3}', ${now} from attempts where campaign_id = ${campaignId}`.execute(db);
  await sql`
    insert into suppressions (id, account_id, number_key, reason, source, created_at)
    select gen_random_uuid(), ${accountId}, md5(random()::text || n), 'asked', 'import', ${now}
    from generate_series(1, (select count(*) / 50 from attempts where campaign_id = ${campaignId})) n`.execute(db);
}

/** Puts one attempt before the gate that it will let through; answers how long the gate took over it. */
export async function gateTurn({ database, clock, accountId, campaignId }: GateSubject, turn: number): Promise<number> {
  const { db } = database;
  const vault = testVault(db);
  const rows = rowWriter(db, clock, vault);
  const attemptId = await rows.attempt(await rows.contact(accountId, campaignId, testNumber(turn), { state: "planned", next_attempt_at: null }));
  const deps = benchDialDeps({ db, clock, vault, carrier: fakeCarrier(clock), callsPerSecond: 1_000_000 });
  await vault.forAccount(accountId);
  const startMs = performance.now();
  const [outcome] = await passGates(deps, [{ attemptId, cameEarly: 0 }]);
  const ms = performance.now() - startMs;
  if (outcome?.kind !== "claimed") throw new Error(`expected the gate to let the attempt through, got ${JSON.stringify(outcome)}`);
  await giveBack(database, attemptId);
  return ms;
}

/** The slot is free again and the money with it, so that the next attempt meets the same gate. */
async function giveBack({ db }: Database, attemptId: AttemptId): Promise<void> {
  await sql`
    with over as (update attempts set state = 'refused', reserved_paise = 0 where id = ${attemptId} returning contact_id)
    update contacts set state = 'done', disposition = 'promise_to_pay' where id = any(array(select contact_id from over))`.execute(db);
}
