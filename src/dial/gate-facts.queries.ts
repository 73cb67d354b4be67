import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AttemptState } from "../domain/attempt.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { ContactState } from "../domain/contact.ts";
import type { Language } from "../domain/definition.ts";
import type { AccountId, AttemptId, CampaignId, ContactId, ImportId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

/** Everything the gate asks the database about one attempt. Instants are epoch milliseconds. */
export interface GateRow {
  attempt_id: AttemptId;
  state: AttemptState;
  token: string;
  account_id: AccountId;
  campaign_id: CampaignId;
  contact_id: ContactId;
  number_key: NumberKey;
  fold: unknown;
  due_ms: number;
  /** As JSON text; `readDefinition` reads it. */
  definition: string;
  campaign_state: CampaignState;
  campaign_acknowledged: string[];
  account_state: "active" | "stopped";
  day_cap_paise: number | null;
  contact_state: ContactState;
  import_id: ImportId | null;
  number_sealed: Buffer | null;
  variables_sealed: Buffer | null;
  language: Language;
  not_before_ms: number | null;
  not_after_ms: number | null;
  added_ms: number;
  number_busy: boolean;
  suppression: { scope: "account" | "platform"; reason: string; since_ms: number } | null;
  opted_out_ms: number | null;
  preference: unknown;
  scrub_run: unknown;
  scrub_result: "clear" | "blocked" | "not_covered" | null;
  consents: unknown;
  holds: unknown;
  papers: unknown;
  sent_ms: number[];
  unknown_sent_ms: number | null;
  complaints_ms: number[];
  promotional_opt_outs_ms: number[];
  /** Null unless the campaign counts them. */
  opt_outs_ms: number[] | null;
  breakers: BreakerRow[];
}

export interface BreakerRow {
  key: string;
  until_ms: number;
  cause: string;
}

const ms = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`);

/** The accounts of those of these attempts that are still planned. */
export async function accountsOfPlanned(db: Db, attemptIds: readonly AttemptId[]): Promise<AccountId[]> {
  const { rows } = await sql<{ account_id: AccountId }>`
    /* prepared: accounts_of_planned */
    select distinct account_id from attempts where id = any(${[...attemptIds]}::uuid[]) and state = 'planned'`.execute(db);
  return rows.map((row) => row.account_id);
}

/**
 * Attempts with every fact their judgement needs, in one round trip. `lock: true` locks them until the transaction ends and
 * leaves out those that are not planned and those that another process holds: whoever has the slot lock may write to attempts
 * under way, and must not wait for somebody who waits for that lock.
 */
export async function loadGateRows(db: Db, input: { attemptIds: readonly AttemptId[]; nowMs: number; lock: boolean }): Promise<GateRow[]> {
  const now = new Date(input.nowMs);
  const query = sql<GateRow>`
    ${input.lock ? sql.raw("/* prepared: gate_facts_locked */") : sql.raw("/* prepared: gate_facts */")}
    select a.id as attempt_id, a.state, a.token, a.account_id, a.campaign_id, a.contact_id, a.number_key, a.fold, ${ms("a.due_at")} as due_ms,
      p.definition::text as definition, p.state as campaign_state, p.acknowledged as campaign_acknowledged,
      o.state as account_state, o.day_cap_paise,
      c.state as contact_state, c.import_id, c.number_sealed, c.variables_sealed, c.language,
      ${ms("c.not_before")} as not_before_ms, ${ms("c.not_after")} as not_after_ms, ${ms("c.added_at")} as added_ms,
      exists (select 1 from attempts other
              where other.number_key = a.number_key and other.id <> a.id
                and (other.state in ('claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing', 'in_progress')
                     or (other.state = 'closed_unknown' and other.call_sid is not null and other.ended_at is null))) as number_busy,
      suppression.found as suppression, opted_out.at_ms as opted_out_ms, preference.found as preference,
      run.found as scrub_run, covered.said as scrub_result,
      consents.are as consents, holds.are as holds, papers.are as papers,
      sent.at_ms as sent_ms, unknown.at_ms as unknown_sent_ms,
      complaints.at_ms as complaints_ms, promotional_opt_outs.at_ms as promotional_opt_outs_ms, opt_outs.at_ms as opt_outs_ms,
      open_breakers.are as breakers
    from attempts a
    join campaigns p on p.id = a.campaign_id
    join accounts o on o.id = a.account_id
    join contacts c on c.id = a.contact_id
    left join lateral (
      select json_build_object('scope', case when s.account_id is null then 'platform' else 'account' end,
                               'reason', s.reason, 'since_ms', ${ms("s.created_at")}) as found
      from suppressions s
      where s.number_key = a.number_key and s.lifted_at is null and (s.account_id is null or s.account_id = a.account_id)
      order by s.account_id is null desc limit 1) suppression on true
    left join lateral (
      select ${ms("max(s.created_at)")} as at_ms from suppressions s
      where s.number_key = a.number_key and s.account_id = a.account_id
        and (s.source in ('call', 'promotional_call', 'keypad') or s.lifted_at is null or s.lifted_at > s.created_at + interval '1 day')) opted_out on true
    left join lateral (
      select json_build_object('scheme', f.scheme, 'categories', f.categories, 'modes', f.modes, 'bands', f.bands,
                               'days', f.days, 'importId', f.import_id) as found
      from preferences f where f.account_id = a.account_id and f.number_key = a.number_key) preference on true
    left join lateral (
      select r.id, json_build_object('provider', r.provider, 'reference', r.reference, 'listHash', r.list_hash, 'category', r.category,
                               'scrubbedAtMs', ${ms("r.scrubbed_at")}, 'expiresAtMs', ${ms("r.expires_at")}) as found
      from scrub_runs r where r.campaign_id = a.campaign_id order by r.scrubbed_at desc, r.id desc limit 1) run on true
    left join lateral (
      select case when bool_or(t.blocked) then 'blocked' when bool_or(t.run_id = run.id) then 'clear' end as said
      from scrub_runs v join scrub_results t on t.run_id = v.id and t.number_key = a.number_key
      where v.campaign_id = a.campaign_id and (v.id = run.id or v.expires_at > ${now}::timestamptz)) covered on true
    left join lateral (
      select coalesce(json_agg(json_build_object('basis', k.basis, 'reference', k.reference, 'registeredOnDlt', k.registered_on_dlt,
        'givenAtMs', ${ms("k.given_at")}, 'endsAtMs', ${ms("k.ends_at")}, 'revokedAtMs', ${ms("k.revoked_at")})), '[]') as are
      from consents k where k.account_id = a.account_id and k.number_key = a.number_key) consents on true
    left join lateral (
      select coalesce(json_agg(json_build_object('kind', h.kind, 'startsAtMs', ${ms("h.starts_at")}, 'endsAtMs', ${ms("h.ends_at")}, 'detail', h.detail)), '[]') as are
      from contact_holds h where h.account_id = a.account_id and h.number_key = a.number_key) holds on true
    left join lateral (
      select coalesce(json_agg(json_build_object('kind', q.kind, 'reference', q.reference, 'callerNumbers', q.caller_numbers, 'dates', q.dates,
        'validFromMs', ${ms("q.valid_from")}, 'validUntilMs', ${ms("q.valid_until")})), '[]') as are
      from sender_papers q where q.account_id = a.account_id) papers on true
    left join lateral (
      select coalesce(json_agg(${ms("e.sent_at")} order by e.sent_at desc), '[]') as at_ms
      from attempts e
      where e.number_key = a.number_key and e.account_id = a.account_id and e.id <> a.id
        and e.sent_at > ${now}::timestamptz - interval '8 days' and e.state not in ('planned', 'claimed', 'refused', 'rejected')) sent on true
    left join lateral (
      select ${ms("max(u.sent_at)")} as at_ms
      from attempts u
      where u.number_key = a.number_key and u.account_id = a.account_id and u.id <> a.id
        and u.sent_at > ${now}::timestamptz - interval '8 days' and u.state in ('closed_unknown', 'held')) unknown on true
    left join lateral (
      select coalesce(json_agg(${ms("latest.at")} order by latest.at desc), '[]') as at_ms from (
        select max(h.starts_at) as at from contact_holds h
        where h.account_id = a.account_id and h.kind = 'complaint' and h.starts_at > ${now}::timestamptz - interval '10 days' and h.starts_at <= ${now}::timestamptz
          and coalesce(h.detail ->> 'about', '') <> 'service'
        group by h.number_key order by 1 desc limit 5) latest) complaints on true
    left join lateral (
      select coalesce(json_agg(${ms("latest.at")} order by latest.at desc), '[]') as at_ms from (
        select max(s.created_at) as at from suppressions s
        where s.account_id = a.account_id and s.source = 'promotional_call' and s.created_at > ${now}::timestamptz - interval '10 days'
        group by s.number_key order by 1 desc limit 5) latest) promotional_opt_outs on true
    left join lateral (
      select coalesce(json_agg(${ms("latest.at")} order by latest.at desc), '[]') as at_ms from (
        select max(s.created_at) as at from suppressions s
        where s.account_id = a.account_id and s.source in ('call', 'promotional_call', 'keypad') and s.created_at > ${now}::timestamptz - interval '10 days'
        group by s.number_key order by 1 desc limit 20) latest
      having p.definition -> 'limits' ? 'opt_outs_in_ten_days') opt_outs on true
    left join lateral (
      select coalesce(json_agg(json_build_object('key', b.key, 'until_ms', ${ms("b.until")}, 'cause', b.cause)), '[]') as are
      from breakers b
      where b.key in ('carrier', 'agent:' || a.campaign_id, 'segment:' || c.import_id)) open_breakers on true
    where a.id = any(${[...input.attemptIds]}::uuid[])
    ${input.lock ? sql`and (a.state = 'planned') is true for update of a skip locked` : sql``}`;
  const { rows } = await query.execute(db);
  return rows;
}
