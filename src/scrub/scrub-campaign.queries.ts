import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "../db/database.ts";
import type { AccountId, CampaignId, ScrubRunId } from "../domain/ids.ts";
import { consentLastsMs } from "../rules/data/consent-clocks.ts";
import type { ConsentBasis } from "../rules/facts.ts";
import { type ScrubReason, scrubReasons } from "./scrub-reasons.ts";

/** What of the law applies to the campaign's calls. */
export interface ScrubQuestion {
  accountId: AccountId;
  campaignId: CampaignId;
  now: Date;
  ist: string;
  /** Kinds of hold that stop such calls. */
  holdKinds: readonly string[];
  /** Null: preferences and scrub do not apply to such calls. */
  preferences: { promotional: boolean; category: number | null; modes: readonly number[] } | null;
  /** The newest run; null: none, or it does not apply. */
  runId: ScrubRunId | null;
  /** The other runs of the campaign that still count: whom they block stays blocked. */
  otherRunIds: readonly ScrubRunId[];
  /** The basis such calls rest on; null: none is needed. */
  basis: ConsentBasis | null;
  /** What stands in every piece of evidence. */
  body: Record<string, unknown>;
}

/** `reason` null: all that were looked at. */
export interface ScrubCount {
  reason: ScrubReason | null;
  contacts: number;
}

/**
 * Judges every contact that waits, and every one that an earlier scrub blocked, by all that lasts: suppression, holds without
 * an end, preferences, the scrub run, consent. Set by set over the whole list; hours, caps and dates are the gate's.
 * The order of reasons is that of the rule book. Answers counts by reason, and with null how many were looked at.
 */
export async function scrubContacts(tx: Tx, question: ScrubQuestion): Promise<ScrubCount[]> {
  await sql`set local work_mem = '64MB'`.execute(tx);
  await judgeContacts(tx, question);
  await moveJudged(tx, question);
  const { rows } = await sql<ScrubCount>`
    select reason, count(*)::int as contacts from scrub_judged where reason is not null group by reason
    union all
    select null, (select count(*) from contacts c where ${judgedNow(question.campaignId)}) ::int`.execute(tx);
  await sql`drop table scrub_judged`.execute(tx);
  return rows;
}

/** Contacts that a scrub may move. */
function judgedNow(campaignId: CampaignId): RawBuilder<boolean> {
  return sql<boolean>`c.campaign_id = ${campaignId}
    and (c.state = 'waiting' or (c.state = 'blocked' and c.blocked_reason = any(${[...scrubReasons]}::text[]) and c.erased_at is null and c.number_sealed is not null))`;
}

/**
 * Notes everybody with a reason, and those blocked whose reason is gone. Reading is kept apart from writing because
 * Postgres joins on several processors only in a statement that changes nothing.
 */
async function judgeContacts(tx: Tx, question: ScrubQuestion): Promise<void> {
  await sql`
    create temp table scrub_judged on commit drop as
    select id, reason, import_id from (
      select c.id, c.state, ${reasonOf(question)} as reason, ${question.preferences ? sql`pref.import_id` : sql`null::uuid as import_id`}
      from contacts c
      ${joins(question)}
      where ${judgedNow(question.campaignId)}
    ) judged
    where reason is not null or state = 'blocked'`.execute(tx);
  await sql`analyze scrub_judged`.execute(tx);
}

/** `waiting → blocked`, `blocked → waiting`, and a new reason for those blocked for another, with evidence of every block. */
async function moveJudged(tx: Tx, { accountId, campaignId, now, ist, body }: ScrubQuestion): Promise<void> {
  await sql`
    with changed as (
      update contacts c set
        state = case when j.reason is null then 'waiting' else 'blocked' end,
        blocked_reason = j.reason,
        next_attempt_at = case when j.reason is null then greatest(c.not_before, ${now}::timestamptz) end,
        waiting_because = null, updated_at = ${now}
      from scrub_judged j
      where c.id = j.id and ((c.state = 'waiting' and j.reason is not null) or (c.state = 'blocked' and j.reason is distinct from c.blocked_reason))
      returning c.id, c.number_key, j.reason, j.import_id
    )
    insert into evidence (account_id, campaign_id, contact_id, number_key, at, ist, decision, code, body)
    select ${accountId}, ${campaignId}, id, number_key, ${now}, ${ist}, 'never', reason,
      case when reason like 'preference_%' then ${JSON.stringify(body)}::jsonb || jsonb_build_object('preference_import', import_id) else ${JSON.stringify(body)}::jsonb end
    from changed where reason is not null`.execute(tx);
}

function reasonOf({ preferences, runId, otherRunIds, basis }: ScrubQuestion): RawBuilder<string | null> {
  const cases = [sql`when supp.number_key is not null then 'suppressed'`, sql`when held.kind is not null then 'hold_' || held.kind`];
  if (preferences) {
    const open = sql`coalesce(given.on_dlt, false)`;
    const whole = preferences.promotional ? sql`('full_block', 'block_promo', 'legacy')` : sql`('full_block', 'block_promo', 'legacy', 'partial')`;
    cases.push(sql`when pref.scheme in ${whole} and not ${open} then 'preference_' || pref.scheme`);
    if (preferences.promotional) {
      const category = preferences.category === null ? sql`cardinality(pref.categories) > 0` : sql`${preferences.category}::smallint = any(pref.categories)`;
      cases.push(sql`when pref.scheme = 'partial' and ${category} and not ${open} then 'preference_category'`);
      cases.push(sql`when pref.scheme = 'partial' and pref.modes && ${[...preferences.modes]}::smallint[] and not ${open} then 'preference_mode'`);
    }
  }
  if (runId && otherRunIds.length > 0) cases.push(sql`when other_run.number_key is not null then 'scrub_blocked'`);
  if (runId) cases.push(sql`when run.blocked then 'scrub_blocked'`, sql`when run.number_key is null then 'not_scrubbed'`);
  if (basis === "inferred") cases.push(sql`when given.recorded and not given.lives then 'consent_lapsed'`);
  else if (basis) cases.push(sql`when given.recorded and not given.lives then 'consent_lapsed'`, sql`when not coalesce(given.lives, false) then 'no_consent'`);
  return sql<string | null>`case ${sql.join(cases, sql` `)} end`;
}

function joins({ accountId, now, holdKinds, preferences, runId, otherRunIds, basis }: ScrubQuestion): RawBuilder<unknown> {
  const parts = [
    sql`left join (select distinct number_key from suppressions where lifted_at is null and (account_id is null or account_id = ${accountId})) supp on supp.number_key = c.number_key`,
    sql`left join (
      select distinct on (number_key) number_key, kind from contact_holds
      where account_id = ${accountId} and kind = any(${[...holdKinds]}::text[]) and starts_at <= ${now} and ends_at is null
      order by number_key, array_position(${[...holdKinds]}::text[], kind)
    ) held on held.number_key = c.number_key`,
  ];
  if (preferences) parts.push(sql`left join preferences pref on pref.account_id = ${accountId} and pref.number_key = c.number_key`);
  if (runId) parts.push(sql`left join scrub_results run on run.run_id = ${runId} and run.number_key = c.number_key`);
  if (runId && otherRunIds.length > 0) {
    parts.push(sql`left join (select distinct number_key from scrub_results where run_id = any(${[...otherRunIds]}::uuid[]) and blocked) other_run on other_run.number_key = c.number_key`);
  }
  if (preferences || basis) {
    parts.push(sql`left join (
      select number_key, bool_or(lives and registered_on_dlt and reference is not null and basis <> 'inferred') as on_dlt,
        bool_or(lives and basis = ${basis}) as lives, bool_or(basis = ${basis}) as recorded
      from (select *, ${consentLives(now)} as lives from consents where account_id = ${accountId}) k group by number_key
    ) given on given.number_key = c.number_key`);
  }
  return sql.join(parts, sql` `);
}

/** The clocks of `rules/consent-life`, over the rows of `consents`. */
function consentLives(now: Date): RawBuilder<boolean> {
  const lasts = Object.entries(consentLastsMs).flatMap(([basis, ms]) => (ms === null ? [] : [sql`when ${basis} then ${ms}`]));
  return sql<boolean>`(revoked_at is null and given_at <= ${now} and (ends_at is null or ends_at > ${now})
    and coalesce(${now}::timestamptz < given_at + make_interval(secs => (case basis ${sql.join(lasts, sql` `)} end)::float8 / 1000), true))`;
}

/** The campaign to be scrubbed, with its newest run and the others that still count at `now`. */
export async function campaignToScrub(db: Db, campaignId: CampaignId, now: Date) {
  const { rows } = await sql<{ account_id: AccountId; definition: unknown; run_id: ScrubRunId | null; other_run_ids: ScrubRunId[]; provider: string | null; reference: string | null; list_hash: string | null }>`
    select p.account_id, p.definition, r.id as run_id, r.provider, r.reference, r.list_hash,
      array(select v.id from scrub_runs v where v.campaign_id = p.id and v.id <> r.id and v.expires_at > ${now}) as other_run_ids
    from campaigns p
    left join lateral (select * from scrub_runs r where r.campaign_id = p.id order by r.scrubbed_at desc, r.id desc limit 1) r on true
    where p.id = ${campaignId}`.execute(db);
  return rows[0];
}
