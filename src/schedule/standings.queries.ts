import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import type { Standings } from "./standings.ts";

/** Where everybody stood after the last tick, whichever process made it. */
export async function loadStandings(tx: Tx): Promise<Standings> {
  const rows = await tx.selectFrom("planner_standings").selectAll().execute();
  const accounts = new Map<AccountId, number>();
  const campaigns: Standings["campaigns"] = new Map(
    rows.flatMap((row) => {
      if (row.campaign_id !== null) {
        const passedOver = { retry: row.passed_over_retry, fresh: row.passed_over_fresh };
        return [[row.campaign_id, { accountId: row.account_id, pass: row.pass, passedOver }] as const];
      }
      accounts.set(row.account_id, row.pass);
      return [];
    }),
  );
  return { accounts, campaigns };
}

interface Row {
  accountId: AccountId;
  campaignId: CampaignId | null;
  pass: number;
  retry: number;
  fresh: number;
}

/** Stores the standings, writing only what changed. */
export async function saveStandings(tx: Tx, before: Standings, after: Standings): Promise<void> {
  const known = new Map(rowsOf(before).map((row) => [keyOf(row), row]));
  const wanted = rowsOf(after);
  const keys = new Set(wanted.map(keyOf));
  const changed = wanted.filter((row) => !sameRow(known.get(keyOf(row)), row));
  const gone = [...known.values()].filter((row) => !keys.has(keyOf(row)));
  if (gone.length > 0) {
    await sql`
      delete from planner_standings s
      using unnest(${gone.map((row) => row.accountId)}::uuid[], ${gone.map((row) => row.campaignId)}::uuid[]) as g (account_id, campaign_id)
      where s.account_id = g.account_id and s.campaign_id is not distinct from g.campaign_id
    `.execute(tx);
  }
  if (changed.length === 0) return;
  await sql`
    insert into planner_standings (account_id, campaign_id, pass, passed_over_retry, passed_over_fresh)
    select * from unnest(${changed.map((row) => row.accountId)}::uuid[], ${changed.map((row) => row.campaignId)}::uuid[],
      ${changed.map((row) => row.pass)}::float8[], ${changed.map((row) => row.retry)}::int[], ${changed.map((row) => row.fresh)}::int[])
    on conflict (account_id, campaign_id) do update
      set pass = excluded.pass, passed_over_retry = excluded.passed_over_retry, passed_over_fresh = excluded.passed_over_fresh
  `.execute(tx);
}

function rowsOf(standings: Standings): Row[] {
  return [
    ...[...standings.accounts].map(([accountId, pass]) => ({ accountId, campaignId: null, pass, retry: 0, fresh: 0 })),
    ...[...standings.campaigns].map(([campaignId, { accountId, pass, passedOver }]) => ({ accountId, campaignId, pass, ...passedOver })),
  ];
}

function keyOf(row: Row): string {
  return `${row.accountId}/${row.campaignId ?? ""}`;
}

function sameRow(one: Row | undefined, other: Row): boolean {
  return one !== undefined && one.pass === other.pass && one.retry === other.retry && one.fresh === other.fresh;
}
