import { type AttemptFacts, moveAttempt } from "../db/attempt-state.ts";
import { moveContact } from "../db/contact-state.ts";
import type { Tx } from "../db/database.ts";
import { attemptMoves, type AttemptState, finalStates } from "../domain/attempt.ts";
import type { AccountId, AttemptId, CallSid } from "../domain/ids.ts";
import { type CallFold, emptyFold, foldOf, joinFolds, provenState, readFold } from "./fold.ts";
import { type FoldRow, lockByToken, mayReopen } from "./fold-attempt.queries.ts";
import { foldChanged, foldView } from "./fold-view.ts";
import { markFolded, unfoldedFacts } from "./inbox.queries.ts";
import { nextCheckMs } from "./next-check.ts";
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
 * Folds every waiting fact of a token into its attempt, in one transaction under the row's lock: binds the call, moves
 * the state forward as far as the facts prove, raises the revision of a finished attempt that learned something new.
 * Answers undefined when no attempt has the token. Repeating it changes nothing.
 */
export async function foldAttempt(deps: DialDeps, input: FoldInput): Promise<Folded | undefined> {
  const now = new Date(deps.clock.nowMs());
  const folded = await deps.db.transaction().execute(async (tx) => {
    const row = await lockByToken(tx, input.token);
    const facts = await unfoldedFacts(tx, input.token);
    await markFolded(tx, { ids: facts.map((each) => each.id), attemptId: row?.id ?? null, now });
    if (!row) return undefined;
    const before = readFold(row.fold);
    const after = facts.reduce((fold, each) => joinFolds(fold, foldOf(each.fact)), joinFolds(before, { ...emptyFold, ...input.known }));
    return writeFold(tx, deps, { row, before, after, input, now });
  });
  if (!folded) deps.log.warn("a fact names no attempt of this deployment", { boundBy: input.boundBy });
  else await actOn(deps, folded);
  return folded;
}

interface Writing {
  row: FoldRow;
  before: CallFold;
  after: CallFold;
  input: FoldInput;
  now: Date;
}

async function writeFold(tx: Tx, deps: DialDeps, writing: Writing): Promise<Folded> {
  const { row, before, after, input, now } = writing;
  const state = await stateAfter(tx, row, after);
  const wasFinal = isFinal(row.state);
  const changed = foldChanged(before, after);
  const moved = state !== row.state;
  const { failure_class, ...view } = foldView(after);
  const facts: AttemptFacts = {
    ...(state === "refused" || state === "rejected" ? {} : view),
    ...(moved ? { failure_class } : {}),
    ...input.set,
    fold: JSON.stringify(after),
    revision: row.revision + (wasFinal && changed ? 1 : 0),
  };
  const [callSid] = after.callSids;
  if (row.call_sid === null && callSid !== undefined && state !== "refused" && row.state !== "rejected") {
    facts.call_sid = callSid as CallSid;
    facts.bound_by = input.boundBy;
    facts.dialed_at = now;
  }
  if (moved) {
    facts.check_after = checkAfter(row, state, after, now);
    facts.checks = 0;
    if (state === "refused") facts.refusal_code = contradiction;
  } else if (state === "closed_unknown" && callSid !== undefined && row.call_sid === null) {
    facts.check_after = now;
  }
  if (moved) await moveAttempt(tx, { id: row.id, from: [row.state], to: state, now, facts });
  else await tx.updateTable("attempts").set({ ...facts, updated_at: now }).where("id", "=", row.id).execute();
  if (state === "refused" && moved) await restContact(tx, deps, row, now);
  return {
    attemptId: row.id,
    accountId: row.account_id,
    state,
    tell: (moved && isFinal(state) && state !== "refused") || (wasFinal && changed),
    strayCallSids: strays(row, after, state),
  };
}

const contradiction = "carrier_contradicted_itself";
/** A person whose phone may have rung without an attempt of ours is left alone for this long. */
const restAfterContradictionMs = 4 * 3_600_000;

/** The state that the facts prove, as far as the state machine and the uniqueness of open numbers let the row go there. */
async function stateAfter(tx: Tx, row: FoldRow, after: CallFold): Promise<AttemptState> {
  if (after.callSids.length === 0) return row.state;
  if (row.state === "planned" || row.state === "claimed") return "refused";
  const proven = provenState(after);
  if (!attemptMoves[row.state].includes(proven)) return row.state;
  if (row.state === "closed_unknown" && proven !== "ended" && !(await mayReopen(tx, row))) return row.state;
  return proven;
}

function checkAfter(row: FoldRow, state: AttemptState, fold: CallFold, now: Date): Date | null {
  const ms = nextCheckMs({ state, nowMs: now.getTime(), ringSeconds: row.ring_seconds, priced: fold.pricePaise !== null });
  return ms === null ? null : new Date(ms);
}

/** The carrier holds a call for an attempt it told us it had not taken: the person is not rung again for hours. */
async function restContact(tx: Tx, deps: DialDeps, row: FoldRow, now: Date): Promise<void> {
  deps.log.error("the carrier holds a call for an attempt that was never sent", { attemptId: row.id });
  await moveContact(tx, {
    id: row.contact_id,
    from: ["planned"],
    to: "waiting",
    now,
    set: { next_attempt_at: new Date(now.getTime() + restAfterContradictionMs), waiting_because: contradiction },
  });
}

function strays(row: FoldRow, fold: CallFold, state: AttemptState): string[] {
  if (state === "refused" || row.state === "refused" || row.state === "rejected") return fold.carrierEnd === null ? [...fold.callSids] : [];
  const own = row.call_sid ?? fold.callSids[0];
  return fold.callSids.filter((callSid) => callSid !== own);
}

function isFinal(state: AttemptState): boolean {
  return (finalStates as readonly AttemptState[]).includes(state);
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
