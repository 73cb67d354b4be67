import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { readCallerNumber } from "../domain/phone-number.ts";
import type { CallerStanding } from "./choose-caller.ts";
import type { PaceState } from "./pace.ts";

/** What stands against a further call at this instant. */
export interface Capacity {
  /** Live calls of the deployment, of the account and of the campaign. */
  liveEverywhere: number;
  liveOfCampaign: number;
  campaignSpentPaise: number;
  campaignReservedPaise: number;
  accountSpentTodayPaise: number;
  accountReservedPaise: number;
  pace: PaceState;
  /** The carrier's "too many requests" since it last took a call. */
  strikes: number;
  callers: ReadonlyMap<string, CallerStanding>;
}

/** "dialing takes a slot": the one lock under which slots, pace and budget are counted and taken. */
const slotLock = 5_201_917;

/**
 * Waits for the right to count and take slots. Held until the transaction ends; the count must be a later statement,
 * because a statement sees only what was committed before it began. A holder that falls silent loses its connection, and
 * with it the lock, after ten seconds.
 */
export async function lockSlots(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${slotLock}), set_config('idle_in_transaction_session_timeout', '10s', true)`.execute(tx);
}

interface CapacityRow {
  live_everywhere: number;
  live_of_campaign: number;
  campaign_spent: number;
  campaign_reserved: number;
  account_spent_today: number;
  account_reserved: number;
  pace: { key: string; next_ms: number; strikes: number }[];
  callers: { number: string; last_used_ms: number | null; cooling_until_ms: number | null }[];
}

/**
 * Counts slots from the attempts that may have a live call, so there is no counter that could leak (reliability.md §3.3).
 * An attempt whose fate is unknown gives its slot back once the carrier's list, read a minute later, showed no call for it:
 * it keeps the number, not the slot.
 */
export async function readCapacity(
  tx: Tx,
  input: { accountId: AccountId; campaignId: CampaignId; paceKeys: readonly string[]; callers: readonly string[]; now: Date },
): Promise<Capacity> {
  const { rows } = await sql<CapacityRow>`
    /* prepared: capacity */
    select live.everywhere as live_everywhere, live.of_campaign as live_of_campaign,
      (select coalesce(sum(amount_paise), 0)::float8 from spend where campaign_id = ${input.campaignId}) as campaign_spent,
      (select coalesce(sum(reserved_paise), 0)::float8 from attempts where account_id = ${input.accountId} and campaign_id = ${input.campaignId} and reserved_paise > 0) as campaign_reserved,
      (select coalesce(sum(amount_paise), 0)::float8 from spend
        where account_id = ${input.accountId} and day = (${input.now}::timestamptz at time zone 'Asia/Kolkata')::date) as account_spent_today,
      (select coalesce(sum(reserved_paise), 0)::float8 from attempts where account_id = ${input.accountId} and reserved_paise > 0) as account_reserved,
      (select coalesce(json_agg(json_build_object('key', key, 'next_ms', (extract(epoch from next_at) * 1000)::float8, 'strikes', strikes)), '[]')
        from pace where key = any(${input.paceKeys}::text[])) as pace,
      (select coalesce(json_agg(json_build_object('number', number, 'last_used_ms', (extract(epoch from last_used_at) * 1000)::float8,
                                                  'cooling_until_ms', (extract(epoch from cooling_until) * 1000)::float8)), '[]')
        from caller_numbers where account_id = ${input.accountId} and number = any(${input.callers}::text[])) as callers
    from (select count(*)::int as everywhere, (count(*) filter (where campaign_id = ${input.campaignId}))::int as of_campaign
          from attempts
          where state in ('claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing', 'in_progress')
            and (state not in ('ambiguous', 'held') or checks < ${checksBeforeSlotIsFree})) live`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error("expected one row of capacity, got none");
  return {
    liveEverywhere: row.live_everywhere,
    liveOfCampaign: row.live_of_campaign,
    campaignSpentPaise: row.campaign_spent,
    campaignReservedPaise: row.campaign_reserved,
    accountSpentTodayPaise: row.account_spent_today,
    accountReservedPaise: row.account_reserved,
    pace: new Map(row.pace.map((each) => [each.key, each.next_ms])),
    strikes: row.pace.find((each) => each.key === "carrier")?.strikes ?? 0,
    callers: new Map(row.callers.map((each) => [each.number, callerStanding(each)])),
  };
}

/** How many readings of the carrier's list, each without a trace of the call, free the slot of an ambiguous attempt: the third comes a minute after sending. */
export const checksBeforeSlotIsFree = 3;

function callerStanding(row: CapacityRow["callers"][number]): CallerStanding {
  const number = readCallerNumber(row.number);
  if (number === undefined) throw new Error("expected a caller number in E.164 form in caller_numbers");
  return { number, lastUsedMs: row.last_used_ms, coolingUntilMs: row.cooling_until_ms };
}

/** Takes a place in the pace of each flow: the next call of a flow leaves no sooner than `nextMs`. */
export async function takePace(tx: Tx, places: readonly { key: string; nextMs: number }[]): Promise<void> {
  await sql`
    insert into pace (key, next_at)
    select key, to_timestamp(next_ms / 1000.0)
    from unnest(${places.map((place) => place.key)}::text[], ${places.map((place) => place.nextMs)}::float8[]) as place (key, next_ms)
    on conflict (key) do update set next_at = greatest(pace.next_at, excluded.next_at)`.execute(tx);
}

/** Notes that a caller number was used, for rotation. */
export async function noteCallerUse(tx: Tx, input: { accountId: AccountId; number: string; at: Date }): Promise<void> {
  await tx
    .insertInto("caller_numbers")
    .values({ account_id: input.accountId, number: input.number, last_used_at: input.at, cooling_because: null })
    .onConflict((conflict) => conflict.columns(["account_id", "number"]).doUpdateSet({ last_used_at: input.at }))
    .execute();
}
