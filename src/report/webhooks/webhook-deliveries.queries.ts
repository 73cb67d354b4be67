import { sql } from "kysely";
import type { Db, Tx } from "../../db/database.ts";
import type { AccountId, WebhookEndpointId } from "../../domain/ids.ts";

/**
 * Hands new events out to the endpoints that subscribed to them, `limit` events at a time; answers how many events. An event is handed
 * out once, in one transaction, however many processes do it.
 */
export async function fanOutEvents(db: Db, input: { limit: number; now: Date }): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    with fresh as (
      select id, account_id, type from webhook_events where fanned_out_at is null order by id limit ${input.limit} for update skip locked
    ),
    handed as (
      insert into webhook_deliveries (event_id, endpoint_id, account_id, state, next_try_at)
      select f.id, e.id, f.account_id, 'waiting', ${input.now}
      from fresh f join webhook_endpoints e on e.account_id = f.account_id
      where e.deleted_at is null and e.state = 'active' and f.type = any(e.events)
      on conflict do nothing
    )
    update webhook_events set fanned_out_at = ${input.now} where id = any(array(select id from fresh)) returning id
  `.execute(db);
  return rows.length;
}

/** One delivery that this process may now make. */
export interface ClaimedDelivery {
  event_id: string;
  endpoint_id: WebhookEndpointId;
  account_id: AccountId;
  tries: number;
  url: string;
  secret_sealed: Buffer;
  failing_since: Date | null;
  type: string;
  sequence: number;
  body: unknown;
  body_sealed: Buffer | null;
  occurred_at: Date;
}

export interface ClaimInput {
  /** Most deliveries in all. */
  limit: number;
  /** Most of one endpoint, unless `rooms` says less. */
  perEndpoint: number;
  /** Endpoints for which less is allowed now. */
  rooms: ReadonlyMap<WebhookEndpointId, number>;
  now: Date;
  leaseUntil: Date;
}

/**
 * Takes due deliveries under a lease, one of every endpoint that has any before a second of one, and first of those that have the
 * most room: what piles up before some endpoints stands in nobody else's way. A delivery whose holder died is due again when its lease ends.
 */
export async function claimDeliveries(db: Db, input: ClaimInput): Promise<ClaimedDelivery[]> {
  const rooms = [...input.rooms];
  const { rows } = await sql<ClaimedDelivery>`
    with due as materialized (
      select one.*, coalesce(less.room, ${input.perEndpoint}::int) as room
      from webhook_endpoints e
      left join unnest(${rooms.map(([id]) => id)}::uuid[], ${rooms.map(([, room]) => room)}::int[]) as less (endpoint_id, room) on less.endpoint_id = e.id
      cross join lateral (
        select w.event_id, w.endpoint_id, w.next_try_at from webhook_deliveries w
        where w.endpoint_id = e.id and w.state = 'waiting' and w.next_try_at <= ${input.now}
          and (w.lease_until is null or w.lease_until <= ${input.now})
        order by w.next_try_at, w.event_id
        limit coalesce(less.room, ${input.perEndpoint}::int)
        for update skip locked) one
      where e.deleted_at is null and e.state = 'active'
    ),
    picked as materialized (
      select event_id, endpoint_id
      from (select due.*, row_number() over (partition by endpoint_id order by next_try_at, event_id) - room as turn from due) taken
      order by turn, next_try_at, event_id
      limit ${input.limit}
    ),
    leased as (
      update webhook_deliveries d set lease_until = ${input.leaseUntil}
      from picked where d.event_id = picked.event_id and d.endpoint_id = picked.endpoint_id and d.state = 'waiting'
      returning d.event_id, d.endpoint_id, d.account_id, d.tries
    )
    select leased.*, e.url, e.secret_sealed, e.failing_since, v.type, v.sequence, v.body, v.body_sealed, v.occurred_at
    from leased join webhook_endpoints e on e.id = leased.endpoint_id join webhook_events v on v.id = leased.event_id
    order by leased.event_id
  `.execute(db);
  return rows;
}

export type DeliveryResult =
  | { state: "delivered"; status: number }
  | { state: "waiting"; nextTryAt: Date; status: number | null; error: string }
  | { state: "failed"; status: number | null; error: string };

/**
 * Writes how one try ended, then since when the endpoint has been failing. Two statements and no transaction on purpose: tries of
 * one endpoint end at the same moment, and nobody may hold one of these rows while waiting for the other.
 */
export async function recordTry(db: Db, of: Pick<ClaimedDelivery, "event_id" | "endpoint_id">, result: DeliveryResult, now: Date): Promise<void> {
  const delivered = result.state === "delivered";
  await db
    .updateTable("webhook_deliveries")
    .set((e) => ({
      state: result.state,
      tries: e("tries", "+", 1),
      next_try_at: result.state === "waiting" ? result.nextTryAt : null,
      lease_until: null,
      last_status: result.status,
      last_error: delivered ? null : result.error,
      delivered_at: delivered ? now : null,
    }))
    .where("event_id", "=", of.event_id)
    .where("endpoint_id", "=", of.endpoint_id)
    .where("state", "=", "waiting")
    .execute();
  await db
    .updateTable("webhook_endpoints")
    .set({ failing_since: delivered ? null : now })
    .where("id", "=", of.endpoint_id)
    .where("failing_since", delivered ? "is not" : "is", null)
    .execute();
}

/** Ends a delivery that can never be made. */
export async function giveUpDelivery(db: Db, of: Pick<ClaimedDelivery, "event_id" | "endpoint_id">, because: string): Promise<void> {
  await db
    .updateTable("webhook_deliveries")
    .set({ state: "failed", next_try_at: null, lease_until: null, last_error: because })
    .where("event_id", "=", of.event_id)
    .where("endpoint_id", "=", of.endpoint_id)
    .where("state", "=", "waiting")
    .execute();
}

/** Makes past events due again for one endpoint, whether they were delivered or not; answers how many. */
export async function replayEvents(
  tx: Tx,
  input: { accountId: AccountId; endpointId: WebhookEndpointId; events: readonly string[]; eventId: string | null; from: Date | null; to: Date | null; limit: number; now: Date },
): Promise<number> {
  let query = tx
    .selectFrom("webhook_events")
    .where("account_id", "=", input.accountId)
    .where("type", "in", [...input.events])
    .where("fanned_out_at", "is not", null)
    .select("id")
    .orderBy("id")
    .limit(input.limit);
  if (input.eventId !== null) query = query.where("id", "=", input.eventId);
  if (input.from !== null) query = query.where("occurred_at", ">=", input.from);
  if (input.to !== null) query = query.where("occurred_at", "<", input.to);
  const events = await query.execute();
  if (events.length === 0) return 0;
  await tx
    .insertInto("webhook_deliveries")
    .values(events.map(({ id }) => ({ event_id: id, endpoint_id: input.endpointId, account_id: input.accountId, state: "waiting" as const, next_try_at: input.now, last_status: null, last_error: null })))
    .onConflict((conflict) =>
      conflict.columns(["event_id", "endpoint_id"]).doUpdateSet({ state: "waiting", tries: 0, next_try_at: input.now, lease_until: null, delivered_at: null }),
    )
    .execute();
  return events.length;
}

/** Forgets events that nobody waits for any more; answers how many. */
export async function forgetEvents(db: Db, input: { before: Date; limit: number }): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    delete from webhook_events where id in (
      select v.id from webhook_events v
      where v.occurred_at < ${input.before} and v.fanned_out_at is not null
        and not exists (select 1 from webhook_deliveries d where d.event_id = v.id and d.state = 'waiting')
      order by v.id limit ${input.limit} for update skip locked)
    returning id
  `.execute(db);
  return rows.length;
}
