import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { CampaignId } from "../domain/ids.ts";
import type { BrakeFacts, PaperFacts, ScrubRunFacts } from "../rules/facts.ts";

/** What the law must know of a campaign and its sender and that lies in the database. */
export interface LegalStanding {
  accountState: "active" | "stopped";
  papers: readonly PaperFacts[];
  scrubRun: ScrubRunFacts | null;
  brake: BrakeFacts;
}

const brakeDays = 10;

/** The standing of each of the given campaigns, in one round trip. */
export async function legalStandings(db: Db, campaignIds: readonly CampaignId[], now: Date): Promise<Map<CampaignId, LegalStanding>> {
  if (campaignIds.length === 0) return new Map();
  const since = new Date(now.getTime() - brakeDays * 86_400_000);
  const { rows } = await sql<{ campaign_id: CampaignId } & Row>`
    with asked as (select c.id, c.account_id, c.definition -> 'limits' ? 'opt_outs_in_ten_days' as counts_opt_outs from campaigns c where c.id = any(${[...campaignIds]}::uuid[])),
    senders as (
      select a.id, a.state,
        (select coalesce(json_agg(json_build_object('kind', p.kind, 'reference', p.reference, 'callerNumbers', p.caller_numbers, 'dates', p.dates,
                  'validFromMs', ${epochMs("p.valid_from")}, 'validUntilMs', ${epochMs("p.valid_until")}) order by p.valid_from, p.id), '[]')
         from sender_papers p where p.account_id = a.id) as papers,
        array(select max(${epochMs("h.starts_at")}) from contact_holds h
              where h.account_id = a.id and h.kind = 'complaint' and h.starts_at > ${since} and h.starts_at <= ${now}
                and h.detail ->> 'about' is distinct from 'service'
              group by h.number_key order by 1 desc limit 5) as complaints,
        array(select max(${epochMs("s.created_at")}) from suppressions s
              where s.account_id = a.id and s.source = 'promotional_call' and s.created_at > ${since} and s.created_at <= ${now}
              group by s.number_key order by 1 desc limit 5) as promotional_opt_outs,
        case when a.id in (select account_id from asked where counts_opt_outs) then
          array(select max(${epochMs("s.created_at")}) from suppressions s
                where s.account_id = a.id and s.source in ('call', 'promotional_call', 'keypad') and s.created_at > ${since} and s.created_at <= ${now}
                group by s.number_key order by 1 desc limit 20) end as opt_outs
      from accounts a where a.id in (select account_id from asked)
    )
    select asked.id as campaign_id, senders.state, senders.papers, senders.complaints, senders.promotional_opt_outs,
      case when asked.counts_opt_outs then senders.opt_outs end as opt_outs,
      (select json_build_object('provider', r.provider, 'reference', r.reference, 'listHash', r.list_hash, 'category', r.category,
                'scrubbedAtMs', ${epochMs("r.scrubbed_at")}, 'expiresAtMs', ${epochMs("r.expires_at")})
       from scrub_runs r where r.campaign_id = asked.id order by r.scrubbed_at desc, r.id desc limit 1) as scrub_run
    from asked join senders on senders.id = asked.account_id
  `.execute(db);
  return new Map(rows.map((row) => [row.campaign_id, standingOf(row)]));
}

interface Row {
  state: "active" | "stopped";
  papers: PaperFacts[];
  complaints: number[];
  promotional_opt_outs: number[];
  /** Null unless the campaign counts them. */
  opt_outs: number[] | null;
  scrub_run: ScrubRunFacts | null;
}

function standingOf(row: Row): LegalStanding {
  return {
    accountState: row.state,
    papers: row.papers,
    scrubRun: row.scrub_run,
    brake: {
      complaintsAtMs: row.complaints.map(Number),
      promotionalOptOutsAtMs: row.promotional_opt_outs.map(Number),
      optOutsAtMs: row.opt_outs?.map(Number) ?? "unknown",
    },
  };
}

/** A column's instant as whole epoch milliseconds. */
function epochMs(column: string) {
  return sql`floor(extract(epoch from ${sql.ref(column)}) * 1000)::bigint`;
}

/** Waiting contacts of a campaign that its newest scrub run does not cover. */
export async function contactsNotScrubbed(db: Db, campaignId: CampaignId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from contacts c
    where c.campaign_id = ${campaignId} and c.state = 'waiting'
      and not exists (
        select 1 from scrub_results s
        where s.run_id = (select r.id from scrub_runs r where r.campaign_id = ${campaignId} order by r.scrubbed_at desc, r.id desc limit 1)
          and s.number_key = c.number_key)
  `.execute(db);
  return rows[0]?.count ?? 0;
}
