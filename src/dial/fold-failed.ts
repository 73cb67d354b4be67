import { brokenConstraint } from "./database-errors.ts";
import { noteFoldFailure } from "./parked-facts.queries.ts";
import type { DialDeps } from "./ports.ts";

/**
 * What follows when the facts of a token could not be folded: they wait longer after each failure. Facts that break a
 * constraint of the database time after time are set aside, said once as an error and counted in the metrics; a person
 * must look at them, and the attempt goes on without them.
 */
export async function foldFailed(deps: DialDeps, token: string, error: unknown): Promise<void> {
  const constraint = brokenConstraint(error);
  const noted = await noteFoldFailure(deps.db, { token, constraint, now: new Date(deps.clock.nowMs()) });
  const parked = noted.filter((fact) => fact.retry_at === null).length;
  if (parked > 0) deps.log.error("facts of a call are set aside: folding them breaks the same constraint every time", { constraint, facts: parked, error });
  const [mostTried] = noted.filter((fact) => fact.retry_at !== null);
  if (mostTried) deps.log.warn("could not fold a stored fact; it is tried again later", { constraint, failures: mostTried.failures, retryAt: mostTried.retry_at, error });
}
