import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { DueClass } from "../domain/contact.ts";
import type { AccountId, CampaignId, ImportId } from "../domain/ids.ts";

/** "the planner plans": whoever holds this advisory lock is the leader of one tick. */
const plannerLock = 5_201_918;

/**
 * Whether this process leads this tick; held until the transaction ends, also by a crash. Never waits. A leader that falls silent in
 * the middle of a tick loses it after ten seconds.
 */
export async function takeLead(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ led: boolean }>`select pg_try_advisory_xact_lock(${plannerLock}) as led`.execute(tx);
  if (rows[0]?.led !== true) return false;
  await sql`set local idle_in_transaction_session_timeout = '10s'`.execute(tx);
  return true;
}

export interface RunningCampaign {
  id: CampaignId;
  account_id: AccountId;
  kind: "list" | "single_calls";
  weight: number;
  account_weight: number;
  day_cap_paise: number | null;
  acknowledged: string[];
  /** Changes with every change of the row. */
  version: string;
}

/**
 * The running campaigns, each locked against being paused until the tick ends; one that is being changed at this moment
 * is left to the next tick.
 */
export async function lockRunningCampaigns(tx: Tx): Promise<RunningCampaign[]> {
  const { rows } = await sql<RunningCampaign>`
    select c.id, c.account_id, c.kind, c.weight, c.acknowledged, c.xmin::text as version, a.weight as account_weight, a.day_cap_paise
    from campaigns c join accounts a on a.id = c.account_id
    where c.state = 'running'
    order by c.id
    for share of c skip locked
  `.execute(tx);
  return rows;
}

export interface AttemptCounts {
  campaign_id: CampaignId;
  account_id: AccountId;
  planned: number;
  open: number;
  /** Planned attempts that should have had their turn by now, had a dialer taken them. */
  untaken: number;
  /** Planned attempts due for half a minute. */
  stuck: number;
}

/**
 * Planned and open attempts by campaign; grows with the calls under way, not with the lists. An attempt whose fate is
 * unknown gives its slot back after three readings of the carrier's list without a trace of it.
 */
export async function countAttempts(tx: Tx, input: { nowMs: number; turnMs: number; stuckMs: number; horizonSeconds: number }): Promise<AttemptCounts[]> {
  const { horizonSeconds } = input;
  const ago = (ms: number): Date => new Date(input.nowMs - ms);
  // A slow campaign plans at least one call, and each waits as long as its pace asks.
  const turns = sql`ceil(${horizonSeconds}::float8 * p.cps) / p.cps`;
  const { rows } = await sql<AttemptCounts>`
    select campaign_id, account_id, sum(planned)::int as planned, sum(open)::int as open, sum(untaken)::int as untaken, sum(stuck)::int as stuck from (
      select a.campaign_id, a.account_id, 1 as planned, 0 as open,
        (a.due_at < least(${ago(input.turnMs)}, ${ago(0)}::timestamptz - ${turns} * interval '1.4 seconds'))::int as untaken,
        (a.due_at < ${ago(input.stuckMs)})::int as stuck
      from attempts a
      join (select id, coalesce((definition -> 'limits' ->> 'cps')::float8, 1) as cps from campaigns) p on p.id = a.campaign_id
      where a.state = 'planned'
      union all
      select campaign_id, account_id, 0, 1, 0, 0 from attempts
      where state in ('claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing', 'in_progress')
        and (state not in ('ambiguous', 'held') or checks < 3)
    ) each group by campaign_id, account_id
  `.execute(tx);
  return rows;
}

export interface DueRow {
  campaign_id: CampaignId;
  due_class: DueClass;
  due: number;
  next_due_at: Date | null;
}

/** Due contacts by campaign and class, counted up to `bound`, and when the next one falls due: a walk along an index, whatever the list's length. */
export async function countDue(tx: Tx, input: { campaignIds: readonly CampaignId[]; bound: number; shedImports: readonly ImportId[]; now: Date }): Promise<DueRow[]> {
  if (input.campaignIds.length === 0) return [];
  const { rows } = await sql<DueRow>`
    select c.id as campaign_id, k.due_class, due.due, later.next_due_at
    from unnest(${[...input.campaignIds]}::uuid[]) as c (id)
    cross join (values ('callback'), ('retry'), ('fresh')) as k (due_class)
    cross join lateral (
      select count(*)::int as due from (
        select 1 from contacts
        where campaign_id = c.id and due_class = k.due_class and state = 'waiting' and next_attempt_at <= ${input.now}
          ${notShed(input.shedImports)}
        order by next_attempt_at, id limit ${input.bound}) first) due
    left join lateral (
      select next_attempt_at as next_due_at from contacts
      where campaign_id = c.id and due_class = k.due_class and state = 'waiting' and next_attempt_at > ${input.now}
      order by next_attempt_at, id limit 1) later on true
  `.execute(tx);
  return rows;
}

/** Leaves out contacts of lists whose arm is open; while none is open nothing is asked. */
export function notShed(imports: readonly ImportId[]) {
  return imports.length === 0 ? sql`` : sql`and (import_id is null or import_id <> all(${[...imports]}::uuid[]))`;
}

/** What lists brought, and to which campaign. */
export function importsOf(tx: Tx, importIds: readonly ImportId[]) {
  if (importIds.length === 0) return Promise.resolve([]);
  return tx.selectFrom("imports").where("id", "in", [...importIds]).select(["id", "campaign_id", "accepted"]).execute();
}

export interface MoneyRow {
  campaign_id: CampaignId;
  campaign_spent: number;
  campaign_reserved: number;
  account_spent_today: number;
  account_reserved: number;
}

/** What each campaign, and its account today, has spent and reserved. */
export async function readMoney(tx: Tx, campaignIds: readonly CampaignId[], now: Date): Promise<MoneyRow[]> {
  if (campaignIds.length === 0) return [];
  const { rows } = await sql<MoneyRow>`
    select c.id as campaign_id,
      (select coalesce(sum(s.amount_paise), 0)::bigint from spend s where s.campaign_id = c.id) as campaign_spent,
      (select coalesce(sum(a.reserved_paise), 0)::bigint from attempts a where a.account_id = c.account_id and a.campaign_id = c.id and a.reserved_paise > 0) as campaign_reserved,
      (select coalesce(sum(s.amount_paise), 0)::bigint from spend s
        where s.account_id = c.account_id and s.day = (${now}::timestamptz at time zone 'Asia/Kolkata')::date) as account_spent_today,
      (select coalesce(sum(a.reserved_paise), 0)::bigint from attempts a where a.account_id = c.account_id and a.reserved_paise > 0) as account_reserved
    from campaigns c where c.id = any(${[...campaignIds]}::uuid[])
  `.execute(tx);
  return rows;
}

/** Caller numbers that rest at this instant. */
export function coolingNumbers(tx: Tx, accountIds: readonly AccountId[], now: Date) {
  if (accountIds.length === 0) return Promise.resolve([]);
  return tx
    .selectFrom("caller_numbers")
    .where("account_id", "in", [...accountIds])
    .where("cooling_until", ">", now)
    .select(["account_id", "number", "cooling_until"])
    .execute();
}

/** Breakers that are open at this instant: of the carrier, of a campaign (`agent:…`), of a list (`segment:…`). */
export function openBreakers(tx: Tx, now: Date) {
  return tx.selectFrom("breakers").where("until", ">", now).select(["key", "until", "cause"]).execute();
}
