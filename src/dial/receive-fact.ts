import type { CallFact } from "../domain/call-fact.ts";
import { foldAlone, foldAttempt } from "./fold-attempt.ts";
import { foldFailed } from "./fold-failed.ts";
import { storeFacts, tokensWaiting } from "./inbox.queries.ts";
import { countParkedFacts } from "./parked-facts.queries.ts";
import type { DialDeps } from "./ports.ts";

/** Takes in one verified fact: stored first, then folded. A fact that was taken in before changes nothing. */
export async function receiveFact(deps: DialDeps, input: { token: string; fact: CallFact }): Promise<void> {
  await receiveFacts(deps, { token: input.token, facts: [input.fact] });
}

/** The same for everything one reading of a call proves. */
export async function receiveFacts(deps: DialDeps, input: { token: string; facts: readonly CallFact[] }): Promise<void> {
  if (input.facts.length === 0) return;
  await storeFacts(
    deps.db,
    input.facts.map((fact) => ({ token: input.token, fact })),
    new Date(deps.clock.nowMs()),
  );
  await deps.crashPoint?.("fact_stored", input);
  await foldAttempt(deps, { token: input.token, boundBy: "callback" });
  await deps.crashPoint?.("fact_folded", input);
}

/**
 * Folds what a process stored and did not live to fold, or could not. Facts that fail wait longer each time. Safe in many processes: the attempt's lock
 * puts them in line. Answers how many tokens were tried.
 */
export async function foldInbox(deps: DialDeps, input: { olderThanMs?: number; limit?: number } = {}): Promise<number> {
  const nowMs = deps.clock.nowMs();
  const before = new Date(nowMs - (input.olderThanMs ?? 1_000));
  const tokens = await tokensWaiting(deps.db, { before, now: new Date(nowMs), limit: input.limit ?? 200 });
  for (const token of tokens) {
    try {
      await foldAlone(deps, { token, boundBy: "callback" });
    } catch (error) {
      await foldFailed(deps, token, error);
    }
  }
  if (deps.metrics) deps.metrics.factsParked(await countParkedFacts(deps.db));
  return tokens.length;
}
