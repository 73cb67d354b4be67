import { sql } from "kysely";
import { moveAttempt } from "../db/attempt-state.ts";
import type { Db } from "../db/database.ts";
import type { AttemptState } from "../domain/attempt.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { ContactState } from "../domain/contact.ts";
import type { AttemptId } from "../domain/ids.ts";
import type { Claim } from "./claim.ts";

/**
 * `claimed → sending`, the last word before the carrier is asked. One statement checks that the claim is still ours, that
 * the campaign runs, that the contact is still to be called and that nobody suppressed the number since the gate.
 */
export async function beginSending(db: Db, claim: Claim, input: { now: Date; leaseUntil: Date }): Promise<boolean> {
  return moveAttempt(db, {
    id: claim.attemptId,
    from: ["claimed"],
    to: "sending",
    now: input.now,
    facts: { sent_at: input.now, lease_until: input.leaseUntil },
    provided: sql<boolean>`attempts.lease_owner = ${claim.leaseOwner}
      and exists (select 1 from campaigns p where p.id = attempts.campaign_id and p.state = 'running')
      and exists (select 1 from accounts o where o.id = attempts.account_id and o.state = 'active')
      and exists (select 1 from contacts c where c.id = attempts.contact_id and c.state = 'planned')
      and not exists (select 1 from suppressions s
                      where s.number_key = attempts.number_key and s.lifted_at is null
                        and (s.account_id is null or s.account_id = attempts.account_id))`,
  });
}

/** `sending → planned` by the process that knows it sent nothing; false when its lease was taken meanwhile. */
export async function takeBackUnsent(db: Db, claim: Claim, input: { now: Date; code: string }): Promise<boolean> {
  return moveAttempt(db, {
    id: claim.attemptId,
    from: ["sending"],
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

/** Puts the carrier account to rest until an instant; every dialer finds it in the pace. Answers the strikes so far. */
export async function backOffCarrier(db: Db, until: Date): Promise<void> {
  await sql`
    insert into pace (key, next_at, strikes) values ('carrier', ${until}, 1)
    on conflict (key) do update set next_at = greatest(pace.next_at, excluded.next_at), strikes = pace.strikes + 1`.execute(db);
}

/** The carrier took a call again. */
export async function forgetStrikes(db: Db): Promise<void> {
  await db.updateTable("pace").set({ strikes: 0 }).where("key", "=", "carrier").where("strikes", ">", 0).execute();
}
