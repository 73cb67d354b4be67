import type { Db } from "../db/database.ts";
import type { Clock } from "../domain/clock.ts";
import type { AttemptId } from "../domain/ids.ts";
import type { Log } from "../domain/log.ts";
import { endAbandoned, findAbandoned } from "./conversation.queries.ts";

/** A conversation of which nothing was heard for this long has no process any more. */
const abandonedAfterMs = 45_000;
const batch = 100;

/**
 * Ends conversations whose process died and whose call is over: with what was written of them, as `line_lost`. Safe to
 * run anywhere, any number of times. Answers how many were ended.
 */
export async function sweepConversations(deps: { db: Db; clock: Clock; log: Log; onEnded(attemptId: AttemptId): Promise<void> }): Promise<number> {
  const nowMs = deps.clock.nowMs();
  const aliveBefore = new Date(nowMs - abandonedAfterMs);
  let ended = 0;
  for (const attemptId of await findAbandoned(deps.db, { aliveBefore, limit: batch })) {
    if (!(await endAbandoned(deps.db, { attemptId, aliveBefore, at: new Date(nowMs) }))) continue;
    ended += 1;
    deps.log.warn("conversation was abandoned by its process", { attemptId });
    await deps.onEnded(attemptId);
  }
  return ended;
}
