import type { Db } from "../db/database.ts";
import { forgetFuturePlaces } from "../dial/pace.queries.ts";
import { istFromMs, type Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";

/** Processes of one deployment agree far better than this; what lies further ahead was written under another clock. */
const behindMs = 60_000;

/**
 * Says so when the clock is behind what the database has seen, as after a trial that began in the future (`CLOCK_START`).
 * The newest evidence is asked: every decision about a call leaves a line there. The carrier's pace, which would let
 * nothing leave until then, is begun anew; what stands in contacts and attempts is left as it is.
 */
export async function noticeClockBehind(deps: { db: Db; clock: Clock; log: Log }): Promise<void> {
  const newest = await deps.db.selectFrom("evidence").select("at").orderBy("id", "desc").limit(1).executeTakeFirst();
  const nowMs = deps.clock.nowMs();
  if (!newest || newest.at.getTime() - nowMs <= behindMs) return;
  const pacesForgotten = await forgetFuturePlaces(deps.db, new Date(nowMs + behindMs));
  const until = istFromMs(newest.at.getTime()).toISO({ suppressMilliseconds: true });
  deps.log.warn(
    `the clock reads ${istFromMs(nowMs).startOf("second").toISO({ suppressMilliseconds: true })}, but this database has decided about calls until ${until}: retries, callbacks, leases, breakers and caps written then wait until that time. Start with a CLOCK_START after it, or with another DATA_DIR`,
    { pacesForgotten },
  );
}
