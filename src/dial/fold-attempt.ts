import type { AttemptFacts } from "../db/attempt-state.ts";
import type { AttemptState } from "../domain/attempt.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import type { CallFold } from "./fold.ts";
import { foldAttempts } from "./fold-attempts.ts";
import type { DialDeps } from "./ports.ts";

/** What folding did, for the caller to act on once the transaction is committed. */
export interface Folded {
  attemptId: AttemptId;
  accountId: AccountId;
  state: AttemptState;
  /** The attempt became final now, or a late fact raised its revision. */
  tell: boolean;
  /** Calls that must not be: a second call of this attempt, or one for an attempt that never sent any. */
  strayCallSids: readonly string[];
}

export interface FoldInput {
  token: string;
  /** What is known beside the inbox: the answer to our own request, a line of the carrier's call list. */
  known?: Partial<CallFold>;
  boundBy: "answer" | "callback" | "reconciled" | "stream";
  set?: AttemptFacts;
}

/**
 * Folds every waiting fact of a token into its attempt, together with those of others that are folded at this moment, and
 * acts on what came of it. Answers undefined when no attempt has the token. Repeating it changes nothing.
 */
export async function foldAttempt(deps: DialDeps, input: FoldInput): Promise<Folded | undefined> {
  return foldBy(deps, input, () => deps.spacing.folds(input, (inputs) => foldAttempts(deps, inputs)));
}

/** The same in a transaction of its own, so that a failure is this token's and nobody else's. */
export async function foldAlone(deps: DialDeps, input: FoldInput): Promise<Folded | undefined> {
  return foldBy(deps, input, async () => (await foldAttempts(deps, [input]))[0]);
}

async function foldBy(deps: DialDeps, input: FoldInput, fold: () => Promise<Folded | undefined>): Promise<Folded | undefined> {
  const folded = await fold();
  if (!folded) deps.log.warn("a fact names no attempt of this deployment", { boundBy: input.boundBy });
  else await actOn(deps, folded);
  return folded;
}

async function actOn(deps: DialDeps, folded: Folded): Promise<void> {
  for (const callSid of folded.strayCallSids) {
    deps.log.error("hanging up a call that should not exist", { attemptId: folded.attemptId, callSid });
    try {
      await deps.carrier.hangUp(callSid);
    } catch (error) {
      deps.log.error("could not hang up a call that should not exist", { attemptId: folded.attemptId, callSid, error });
    }
  }
  if (folded.tell) await deps.onEnded({ attemptId: folded.attemptId, accountId: folded.accountId });
}
