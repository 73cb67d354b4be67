import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AttemptId, ImportId } from "../domain/ids.ts";
import { notShed } from "./planner-board.queries.ts";
import type { Grant } from "./share-capacity.ts";

/** Id and token of an attempt that is about to be written. */
export interface AttemptName {
  id: AttemptId;
  token: string;
}

/**
 * Plans the grants in one statement: takes the contacts due longest of each campaign and class, `waiting → planned`, and
 * writes an attempt `planned` for each with the names given, at most one per name. Contacts that another transaction
 * holds, those with an attempt under way, and those of `shedImports` are left out. Answers the attempts written in the order
 * in which they should be dialed: promised callbacks, due retries, fresh contacts, of each class the longest due first.
 */
export async function planAttempts(
  db: Db,
  input: { grants: readonly Grant[]; names: readonly AttemptName[]; shedImports: readonly ImportId[]; now: Date },
): Promise<AttemptId[]> {
  if (input.grants.length === 0) return [];
  const { rows } = await sql<{ id: AttemptId }>`
    with granted as (
      select * from unnest(
        ${input.grants.map((grant) => grant.campaignId)}::uuid[],
        ${input.grants.map((grant) => grant.dueClass)}::text[],
        ${input.grants.map((grant) => grant.count)}::int[]) as g (campaign_id, due_class, count)
    ),
    picked as materialized (
      select contact.id from granted cross join lateral (
        select c.id from contacts c
        where c.campaign_id = granted.campaign_id and c.due_class = granted.due_class and c.state = 'waiting' and c.next_attempt_at <= ${input.now}
          ${notShed(input.shedImports)}
          and not exists (
            select 1 from attempts u
            where u.contact_id = c.id and u.state not in ('ended', 'rejected', 'refused', 'closed_unknown'))
        order by c.next_attempt_at, c.id limit granted.count
        for update skip locked) contact
    ),
    moved as (
      update contacts c set state = 'planned', waiting_because = null, updated_at = ${input.now}
      where c.id = any(array(select id from picked)) and c.state = 'waiting'
      returning c.id, c.account_id, c.campaign_id, c.number_key, c.due_class, c.next_attempt_at
    ),
    numbered as (
      select moved.*, row_number() over (order by array_position(array['callback', 'retry', 'fresh'], moved.due_class), moved.next_attempt_at, moved.id) as place
      from moved
    ),
    named as (
      select * from unnest(${input.names.map((name) => name.id)}::uuid[], ${input.names.map((name) => name.token)}::text[])
        with ordinality as n (attempt_id, token, place)
    ),
    written as (
      insert into attempts (id, account_id, campaign_id, contact_id, number_key, ordinal, due_class, token, state, planned_at, due_at, announced_at, updated_at)
      select named.attempt_id, numbered.account_id, numbered.campaign_id, numbered.id, numbered.number_key,
             (select coalesce(max(earlier.ordinal), 0) + 1 from attempts earlier where earlier.contact_id = numbered.id),
             numbered.due_class, named.token, 'planned', ${input.now}, ${input.now}, ${input.now}, ${input.now}
      from numbered join named using (place)
      returning id
    )
    select id from named join written on written.id = named.attempt_id order by place
  `.execute(db);
  return rows.map((row) => row.id);
}

/**
 * Planned attempts of running campaigns whose announcement is so old that the queue must have lost it, or that were
 * never announced, the longest due first; marks them as announced now.
 */
export async function takeUnannounced(db: Db, input: { announcedBefore: Date; limit: number; now: Date }): Promise<AttemptId[]> {
  const { rows } = await sql<{ id: AttemptId }>`
    with taken as (
      update attempts set announced_at = ${input.now}
      where id in (
        select a.id from attempts a join campaigns c on c.id = a.campaign_id
        where a.state = 'planned' and a.due_at <= ${input.now} and c.state = 'running'
          and (a.announced_at is null or a.announced_at < ${input.announcedBefore})
        order by a.due_at, a.id limit ${input.limit}
        for update of a skip locked)
      returning id, due_at
    )
    select id from taken order by due_at, id
  `.execute(db);
  return rows.map((row) => row.id);
}
