import { type RawBuilder, sql } from "kysely";

/**
 * Whether the person said no to all calls during the call of the attempt `a` of the query: a suppression that a call has
 * written, from its sending to a minute after its end, for what is written late. No other call reaches the number before. Holds also for what was said before
 * any conversation was opened, of which nothing else is kept.
 */
export function optedOutOnCall(): RawBuilder<boolean> {
  return sql<boolean>`exists (select from suppressions s
    where s.number_key = a.number_key and s.account_id = a.account_id and s.source in ('call', 'promotional_call', 'keypad')
      and s.created_at >= a.sent_at and (a.ended_at is null or s.created_at <= a.ended_at + interval '1 minute'))`;
}
