import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { readCallerNumber } from "../domain/phone-number.ts";
import type { CallerStanding } from "./choose-caller.ts";
import type { FlowPace, PaceState } from "./pace.ts";

/** What stands against further calls at this instant. Campaigns and accounts without a call or a cap may be missing. */
export interface Capacity {
  /** Live calls of the deployment. */
  liveEverywhere: number;
  liveOfCampaign: ReadonlyMap<CampaignId, number>;
  /** Money of campaigns and accounts that have a cap; spent of an account counts from midnight in India. */
  moneyOfCampaign: ReadonlyMap<CampaignId, Money>;
  moneyOfAccount: ReadonlyMap<AccountId, Money>;
  pace: PaceState;
  /** The carrier's "too many requests" since it last took a call. */
  strikes: number;
  callers: ReadonlyMap<string, CallerStanding>;
}

export interface Money {
  spentPaise: number;
  reservedPaise: number;
}

/** "dialing takes a slot": the one lock under which slots, pace and budget are counted and taken. */
const slotLock = 5_201_917;

/**
 * Waits for the right to count and take slots. Held until the transaction ends; the count must be a later statement,
 * because a statement sees only what was committed before it began. A holder that falls silent loses its connection, and
 * with it the lock, after ten seconds.
 */
export async function lockSlots(tx: Tx): Promise<void> {
  await sql`/* prepared: lock_slots */ select pg_advisory_xact_lock(${slotLock}), set_config('idle_in_transaction_session_timeout', '10s', true)`.execute(tx);
}

export interface CapacityQuestion {
  /** Campaigns and accounts whose caps must be kept; the others' money is not asked for. */
  cappedCampaigns: readonly CampaignId[];
  cappedAccounts: readonly AccountId[];
  paceKeys: readonly string[];
  callers: readonly { accountId: AccountId; number: string }[];
  now: Date;
}

interface CapacityRow {
  live: { campaign_id: CampaignId; calls: number }[];
  campaigns: { id: CampaignId; spent: number; reserved: number }[];
  accounts: { id: AccountId; spent: number; reserved: number }[];
  pace: { key: string; next_ms: number; even_ms: number; strikes: number }[];
  callers: { account_id: AccountId; number: string; last_used_ms: number | null; cooling_until_ms: number | null }[];
}

/**
 * Counts slots from the attempts that may have a live call, so there is no counter that could leak.
 * An attempt whose fate is unknown gives its slot back once the carrier's list, read a minute later, showed no call for it:
 * it keeps the number, not the slot. One round trip for any number of campaigns.
 */
export async function readCapacity(tx: Tx, input: CapacityQuestion): Promise<Capacity> {
  const { rows } = await sql<CapacityRow>`
    /* prepared: capacity */
    select
      (select coalesce(json_agg(json_build_object('campaign_id', campaign_id, 'calls', calls)), '[]') from (
        select campaign_id, count(*) as calls from attempts
        where state in ('claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing', 'in_progress')
          and (state not in ('ambiguous', 'held') or checks < ${checksBeforeSlotIsFree})
        group by campaign_id) open) as live,
      (select coalesce(json_agg(json_build_object('id', asked.id,
          'spent', (select coalesce(sum(amount_paise), 0) from spend where campaign_id = asked.id),
          'reserved', (select coalesce(sum(reserved_paise), 0) from attempts where campaign_id = asked.id and account_id = p.account_id and reserved_paise > 0))), '[]')
        from unnest(${[...input.cappedCampaigns]}::uuid[]) as asked (id) join campaigns p on p.id = asked.id) as campaigns,
      (select coalesce(json_agg(json_build_object('id', asked.id,
          'spent', (select coalesce(sum(amount_paise), 0) from spend
                    where account_id = asked.id and day = (${input.now}::timestamptz at time zone 'Asia/Kolkata')::date),
          'reserved', (select coalesce(sum(reserved_paise), 0) from attempts where account_id = asked.id and reserved_paise > 0))), '[]')
        from unnest(${[...input.cappedAccounts]}::uuid[]) as asked (id)) as accounts,
      (select coalesce(json_agg(json_build_object('key', key, 'next_ms', (extract(epoch from next_at) * 1000)::float8,
                                                  'even_ms', (extract(epoch from even_at) * 1000)::float8, 'strikes', strikes)), '[]')
        from pace where key = any(${[...input.paceKeys]}::text[])) as pace,
      (select coalesce(json_agg(json_build_object('account_id', c.account_id, 'number', c.number, 'last_used_ms', (extract(epoch from c.last_used_at) * 1000)::float8,
                                                  'cooling_until_ms', (extract(epoch from c.cooling_until) * 1000)::float8)), '[]')
        from unnest(${input.callers.map((each) => each.accountId)}::uuid[], ${input.callers.map((each) => each.number)}::text[]) as asked (account_id, number)
        join caller_numbers c on c.account_id = asked.account_id and c.number = asked.number) as callers`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error("expected one row of capacity, got none");
  return {
    liveEverywhere: row.live.reduce((sum, each) => sum + each.calls, 0),
    liveOfCampaign: new Map(row.live.map((each) => [each.campaign_id, each.calls])),
    moneyOfCampaign: new Map(row.campaigns.map((each) => [each.id, { spentPaise: each.spent, reservedPaise: each.reserved }])),
    moneyOfAccount: new Map(row.accounts.map((each) => [each.id, { spentPaise: each.spent, reservedPaise: each.reserved }])),
    pace: new Map(row.pace.map((each) => [each.key, { nextMs: each.next_ms, evenMs: each.even_ms }])),
    strikes: row.pace.find((each) => each.key === "carrier")?.strikes ?? 0,
    callers: new Map(row.callers.map((each) => [callerKey(each.account_id, each.number), callerStanding(each)])),
  };
}

/** How many readings of the carrier's list, each without a trace of the call, free the slot of an ambiguous attempt: the third comes a minute after sending. */
export const checksBeforeSlotIsFree = 3;

/** One caller number as one account uses it. */
export function callerKey(accountId: AccountId, number: string): string {
  return `${accountId} ${number}`;
}

function callerStanding(row: CapacityRow["callers"][number]): CallerStanding {
  const number = readCallerNumber(row.number);
  if (number === undefined) throw new Error("expected a caller number in E.164 form in caller_numbers");
  return { number, lastUsedMs: row.last_used_ms, coolingUntilMs: row.cooling_until_ms };
}

/** Where these flows stand. Under the slot lock only. */
export async function readPace(tx: Tx, keys: readonly string[]): Promise<PaceState> {
  const { rows } = await sql<{ key: string; next_ms: number; even_ms: number }>`
    /* prepared: pace */
    select key, (extract(epoch from next_at) * 1000)::float8 as next_ms, (extract(epoch from even_at) * 1000)::float8 as even_ms
    from pace where key = any(${[...keys]}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.key, { nextMs: row.next_ms, evenMs: row.even_ms }]));
}

/** Notes where the pace of flows stands now. Under the slot lock only. The carrier's wish to be left alone is never shortened. */
export async function takePace(tx: Tx, places: readonly ({ key: string } & FlowPace)[]): Promise<void> {
  if (places.length === 0) return;
  await sql`
    /* prepared: take_pace */
    insert into pace (key, next_at, even_at)
    select key, to_timestamp(next_ms / 1000.0), to_timestamp(even_ms / 1000.0)
    from unnest(${places.map((place) => place.key)}::text[], ${places.map((place) => place.nextMs)}::float8[], ${places.map((place) => place.evenMs)}::float8[])
      as place (key, next_ms, even_ms)
    on conflict (key) do update set next_at = greatest(pace.next_at, excluded.next_at), even_at = excluded.even_at`.execute(tx);
}

/** Notes that caller numbers were used, for rotation. */
export async function noteCallerUse(tx: Tx, input: { callers: readonly { accountId: AccountId; number: string }[]; at: Date }): Promise<void> {
  if (input.callers.length === 0) return;
  await sql`
    /* prepared: note_caller_use */
    insert into caller_numbers (account_id, number, last_used_at)
    select distinct account_id, number, ${input.at}::timestamptz
    from unnest(${input.callers.map((each) => each.accountId)}::uuid[], ${input.callers.map((each) => each.number)}::text[]) as used (account_id, number)
    on conflict (account_id, number) do update set last_used_at = excluded.last_used_at`.execute(tx);
}
