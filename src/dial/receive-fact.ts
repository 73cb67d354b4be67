import type { CallFact } from "../domain/call-fact.ts";
import { foldAttempt } from "./fold-attempt.ts";
import { storeFacts, tokensWaiting } from "./inbox.queries.ts";
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

/** Folds what a process stored and did not live to fold. Safe in many processes: the attempt's lock puts them in line. */
export async function foldInbox(deps: DialDeps, input: { olderThanMs?: number; limit?: number } = {}): Promise<number> {
  const before = new Date(deps.clock.nowMs() - (input.olderThanMs ?? 1_000));
  const tokens = await tokensWaiting(deps.db, { before, limit: input.limit ?? 200 });
  for (const token of tokens) {
    try {
      await foldAttempt(deps, { token, boundBy: "callback" });
    } catch (error) {
      deps.log.error("could not fold a stored fact; it stays in the inbox", { error });
    }
  }
  return tokens.length;
}
