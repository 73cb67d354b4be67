import { sql } from "kysely";
import { moveAttempt, moveAttempts } from "../db/attempt-state.ts";
import type { Db } from "../db/database.ts";
import type { AttemptState } from "../domain/attempt.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { ContactState } from "../domain/contact.ts";
import type { AttemptId, CallSid } from "../domain/ids.ts";
import type { Claim } from "./claim.ts";
import { emptyFold } from "./fold.ts";

/** A claim whose place has come. */
export interface Sending {
  attemptId: AttemptId;
  leaseOwner: string;
  leaseUntil: Date;
}

/**
 * `claimed → sending`, the last word before the carrier is asked, for all calls whose place has come: one statement, one
 * commit. Row by row it checks that the claim is still ours, that the campaign runs, that the contact is still to be called
 * and that nobody suppressed the number since the gate. Answers whether each may be sent, in their order.
 */
export async function beginSending(db: Db, calls: readonly Sending[], now: Date): Promise<boolean[]> {
  const moved = await moveAttempts(db, {
    from: ["claimed"],
    to: "sending",
    plan: "begin_sending",
    now,
    rows: calls.map(({ attemptId, leaseOwner, leaseUntil }) => ({ id: attemptId, facts: { lease_owner: leaseOwner, sent_at: now, lease_until: leaseUntil } })),
    provided: sql<boolean>`attempts.lease_owner = moves.lease_owner and ${stillToCall}`,
  });
  return calls.map(({ attemptId }) => moved.has(attemptId));
}

/** What the carrier named a call that it has just taken. */
export interface Answered {
  attemptId: AttemptId;
  callSid: CallSid;
  queueTimeMs: number | null;
  checkAfter: Date;
}

/**
 * `sending → dialed` for calls of which nothing is known yet but the carrier's answer: what folding that answer would write, by
 * one statement for all of them. Answers, in their order, which were bound so; the others have heard of their call by another
 * way and must be folded.
 */
export async function bindAnswered(db: Db, calls: readonly Answered[], now: Date): Promise<boolean[]> {
  const moved = await moveAttempts(db, {
    from: ["sending"],
    to: "dialed",
    plan: "bind_answered",
    now,
    rows: calls.map(({ attemptId, callSid, queueTimeMs, checkAfter }) => ({
      id: attemptId,
      facts: {
        call_sid: callSid,
        bound_by: "answer",
        dialed_at: now,
        queue_time_ms: queueTimeMs,
        check_after: checkAfter,
        checks: 0,
        fold: JSON.stringify({ ...emptyFold, callSids: [callSid] }),
      },
    })),
    provided: sql<boolean>`attempts.call_sid is null and attempts.fold = '{}'::jsonb and attempts.carrier_code is null
      and not exists (select 1 from webhook_inbox f where f.token = attempts.token and f.folded_at is null)`,
  });
  return calls.map(({ attemptId }) => moved.has(attemptId));
}

/** That the campaign runs, the account is active, the contact is still to be called and the number is not suppressed. */
const stillToCall = sql<boolean>`exists (select 1 from campaigns p where p.id = attempts.campaign_id and p.state = 'running')
      and exists (select 1 from accounts o where o.id = attempts.account_id and o.state = 'active')
      and exists (select 1 from contacts c where c.id = attempts.contact_id and c.state = 'planned')
      and not exists (select 1 from suppressions s
                      where s.number_key = attempts.number_key and s.lifted_at is null
                        and (s.account_id is null or s.account_id = attempts.account_id))`;

/**
 * Notes the new place of a call of which nothing was sent yet and holds its lease on. The same is checked as when it began
 * to be sent; false: it may not be sent any more, or is not ours.
 */
export async function keepSending(db: Db, call: Sending & { sendAfter: Date }, now: Date): Promise<boolean> {
  const result = await db
    .updateTable("attempts")
    .set({ send_after: call.sendAfter, lease_until: call.leaseUntil, updated_at: now })
    .where("id", "=", call.attemptId)
    .where("state", "=", "sending")
    .where("lease_owner", "=", call.leaseOwner)
    .where(stillToCall)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** `claimed` or `sending → planned` by the process that knows it sent nothing; false when its lease was taken meanwhile. */
export async function takeBackUnsent(db: Db, claim: Claim, input: { now: Date; code: string }): Promise<boolean> {
  return moveAttempt(db, {
    id: claim.attemptId,
    from: ["claimed", "sending"],
    to: "planned",
    now: input.now,
    facts: { ...unclaimed, due_at: input.now, refusal_code: input.code },
    provided: sql<boolean>`attempts.lease_owner = ${claim.leaseOwner}`,
  });
}

/** The columns of an attempt of which nothing was sent, as if it had never been claimed. */
export const unclaimed = {
  announced_at: null,
  claimed_at: null,
  sent_at: null,
  send_after: null,
  from_number: null,
  lease_owner: null,
  lease_until: null,
  reserved_paise: 0,
} as const;

/** Where a claim stands now: read after a compare-and-set was lost, or when its answer was. */
export interface Standing {
  state: AttemptState;
  lease_owner: string | null;
  campaign_state: CampaignState;
  contact_state: ContactState;
  suppressed: boolean;
}

export async function standingOf(db: Db, attemptId: AttemptId): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`
    select a.state, a.lease_owner, p.state as campaign_state, c.state as contact_state,
      exists (select 1 from suppressions s where s.number_key = a.number_key and s.lifted_at is null
              and (s.account_id is null or s.account_id = a.account_id)) as suppressed
    from attempts a join campaigns p on p.id = a.campaign_id join contacts c on c.id = a.contact_id
    where a.id = ${attemptId}`.execute(db);
  return rows[0];
}

/** Puts the carrier account to rest until an instant; every dialer finds it in the pace. */
export async function backOffCarrier(db: Db, until: Date): Promise<void> {
  await sql`
    insert into pace (key, next_at, even_at, strikes) values ('carrier', ${until}, ${until}, 1)
    on conflict (key) do update set next_at = greatest(pace.next_at, excluded.next_at), strikes = pace.strikes + 1`.execute(db);
}

/** The carrier took a call again. */
export async function forgetStrikes(db: Db): Promise<void> {
  await db.updateTable("pace").set({ strikes: 0 }).where("key", "=", "carrier").where("strikes", ">", 0).execute();
}
