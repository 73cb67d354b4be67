import { sql } from "kysely";
import { z } from "zod";
import type { Db, Tx } from "../db/database.ts";
import type { AccountId, CampaignId, ImportId } from "../domain/ids.ts";
import { readCallerNumber } from "../domain/phone-number.ts";
import type { Tally } from "./diagnose.ts";

/** An arm that is open or on trial. */
export interface Breaker {
  key: string;
  cause: string;
  untilMs: number;
  /** For how long it was opened; doubled when the trial fails. */
  forMs: number;
  /** Calls sent from then on are its trial. */
  trialFromMs: number;
}

const detailOf = z.looseObject({ for_ms: z.number(), trial_from_ms: z.number() });

/** Opens an arm, or opens it anew. */
export async function openBreaker(
  db: Db,
  input: { key: string; accountId: AccountId | null; cause: string; nowMs: number; forMs: number; detail: Record<string, unknown> },
): Promise<void> {
  const untilMs = input.nowMs + input.forMs;
  const detail = JSON.stringify({ ...input.detail, for_ms: input.forMs, trial_from_ms: untilMs });
  await sql`
    insert into breakers (key, account_id, opened_at, until, cause, detail)
    values (${input.key}, ${input.accountId}, ${new Date(input.nowMs)}, ${new Date(untilMs)}, ${input.cause}, ${detail}::jsonb)
    on conflict (key) do update
      set opened_at = excluded.opened_at, until = excluded.until, cause = excluded.cause, detail = excluded.detail`.execute(db);
}

export async function closeBreaker(db: Db, key: string): Promise<void> {
  await db.deleteFrom("breakers").where("key", "=", key).execute();
}

export async function listBreakers(db: Db): Promise<Breaker[]> {
  const rows = await db.selectFrom("breakers").select(["key", "cause", "until", "detail"]).execute();
  return rows.map((row) => {
    const detail = detailOf.parse(row.detail);
    return { key: row.key, cause: row.cause, untilMs: row.until.getTime(), forMs: detail.for_ms, trialFromMs: detail.trial_from_ms };
  });
}

/** Puts off, until `until`, those of these arms whose time is up at `now`; answers how many they were. */
export async function putOffBreakers(tx: Tx, input: { keys: readonly string[]; now: Date; until: Date }): Promise<number> {
  const { rows } = await sql`
    update breakers set until = ${input.until}
    where key = any(${[...input.keys]}::text[]) and until <= ${input.now}
    returning key`.execute(tx);
  return rows.length;
}

const breakerLock = 5_201_919;

/** Whether this process tends the breakers now; the lock ends with the transaction. */
export async function tendingIsMine(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${breakerLock}) as mine`.execute(tx);
  return rows[0]?.mine === true;
}

interface TallyRow {
  account_id: AccountId;
  campaign_id: CampaignId;
  import_id: ImportId | null;
  from_number: string;
  decided: number;
  carrier_faults: number;
  our_faults: number;
  list_faults: number;
  answered: number;
  unheard: number;
  broken_talks: number;
}

/** How the calls sent since an instant fared. Cost goes with the pace of the last minutes, never with the size of a campaign. */
export async function recentTallies(db: Db, since: Date): Promise<Tally[]> {
  const { rows } = await sql<TallyRow>`
    select a.account_id, a.campaign_id, c.import_id, a.from_number,
      count(*)::int as decided,
      (count(*) filter (where a.state in ('ambiguous', 'held', 'closed_unknown') or (a.state = 'ended' and a.ending = 'failed' and a.failure_class = 'carrier')))::int as carrier_faults,
      (count(*) filter (where a.state = 'rejected' and a.failure_class = 'platform'))::int as our_faults,
      (count(*) filter (where (a.state = 'rejected' and a.failure_class = 'callee') or (a.state = 'ended' and a.ending = 'failed' and a.failure_class = 'callee')))::int as list_faults,
      (count(*) filter (where a.answered_at is not null))::int as answered,
      (count(*) filter (where a.state = 'ended' and a.answered_at is not null and a.stream_opened_at is null and a.recording_consent is null))::int as unheard,
      (count(*) filter (where v.end_reason = 'technical_failure'))::int as broken_talks
    from attempts a
    join contacts c on c.id = a.contact_id
    left join conversations v on v.attempt_id = a.id
    where a.sent_at > ${since} and a.from_number is not null
      and a.state in ('ambiguous', 'held', 'ended', 'rejected', 'closed_unknown')
    group by a.account_id, a.campaign_id, c.import_id, a.from_number`.execute(db);
  return rows.flatMap((row) => {
    const fromNumber = readCallerNumber(row.from_number);
    if (fromNumber === undefined) return [];
    return [
      {
        accountId: row.account_id,
        campaignId: row.campaign_id,
        importId: row.import_id,
        fromNumber,
        decided: row.decided,
        carrierFaults: row.carrier_faults,
        ourFaults: row.our_faults,
        listFaults: row.list_faults,
        answered: row.answered,
        unheard: row.unheard,
        brokenTalks: row.broken_talks,
      },
    ];
  });
}

/** Lets a caller number rest, and notes how it fared; false when it rests already. */
export async function coolCaller(
  db: Db,
  input: { accountId: AccountId; number: string; because: string; now: Date; until: Date; sample: number; failures: number },
): Promise<boolean> {
  const { rows } = await sql`
    insert into caller_numbers (account_id, number, cooling_until, cooling_because, recent_calls, recent_failures)
    values (${input.accountId}, ${input.number}, ${input.until}, ${input.because}, ${input.sample}, ${input.failures})
    on conflict (account_id, number) do update
      set cooling_until = excluded.cooling_until, cooling_because = excluded.cooling_because,
          recent_calls = excluded.recent_calls, recent_failures = excluded.recent_failures
      where caller_numbers.cooling_until is null or caller_numbers.cooling_until <= ${input.now}
    returning number`.execute(db);
  return rows.length > 0;
}
