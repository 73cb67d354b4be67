import { type AttemptFacts, moveAttempts, type NewFacts, noteAttempts } from "../db/attempt-state.ts";
import { moveContact } from "../db/contact-state.ts";
import type { Tx } from "../db/database.ts";
import { attemptMoves, type AttemptState, finalStates } from "../domain/attempt.ts";
import type { CallSid } from "../domain/ids.ts";
import { type CallFold, emptyFold, foldOf, joinFolds, provenState, readFold } from "./fold.ts";
import type { Folded, FoldInput } from "./fold-attempt.ts";
import { type FoldRow, lockByTokens, mayReopen } from "./fold-attempt.queries.ts";
import { foldChanged, foldView } from "./fold-view.ts";
import { markFolded, unfoldedFacts } from "./inbox.queries.ts";
import { nextCheckMs } from "./next-check.ts";
import type { DialDeps } from "./ports.ts";

/**
 * Folds every waiting fact of each token into its attempt, under the rows' locks: binds the call, moves the state forward
 * as far as the facts prove, raises the revision of a finished attempt that learned something new. One transaction for
 * all; a token that comes twice has its second turn in a further one. Answers in the order of the inputs.
 */
export async function foldAttempts(deps: DialDeps, inputs: readonly FoldInput[]): Promise<(Folded | undefined)[]> {
  const folded = new Map<FoldInput, Folded>();
  for (let left = inputs; left.length > 0; ) {
    const turn = new Map(left.toReversed().map((input) => [input.token, input]));
    for (const [input, each] of await foldOnce(deps, turn)) folded.set(input, each);
    left = left.filter((input) => turn.get(input.token) !== input);
  }
  return inputs.map((input) => folded.get(input));
}

async function foldOnce(deps: DialDeps, inputs: ReadonlyMap<string, FoldInput>): Promise<Map<FoldInput, Folded>> {
  const now = new Date(deps.clock.nowMs());
  const tokens = [...inputs.keys()];
  return deps.db.transaction().execute(async (tx) => {
    const rows = await lockByTokens(tx, tokens);
    const facts = await unfoldedFacts(tx, tokens);
    const attemptOf = new Map(rows.map((row) => [row.token, row.id]));
    await markFolded(
      tx,
      facts.map(({ id, token }) => ({ id, attemptId: attemptOf.get(token) ?? null })),
      now,
    );
    const writings: Writing[] = [];
    for (const row of rows) {
      const input = inputs.get(row.token);
      if (!input) continue;
      const before = readFold(row.fold);
      const told = facts.filter((each) => each.token === row.token);
      const after = told.reduce((fold, each) => joinFolds(fold, foldOf(each.fact)), joinFolds(before, { ...emptyFold, ...input.known }));
      writings.push(writingOf({ row, before, after, input, now, state: await stateAfter(tx, row, after) }));
    }
    await write(tx, writings, now);
    for (const { row, moved, folded } of writings) if (moved && folded.state === "refused") await restContact(tx, deps, row, now);
    return new Map(writings.map(({ input, folded }) => [input, folded]));
  });
}

interface Writing {
  row: FoldRow;
  input: FoldInput;
  facts: AttemptFacts;
  moved: boolean;
  folded: Folded;
}

function writingOf(given: { row: FoldRow; before: CallFold; after: CallFold; input: FoldInput; now: Date; state: AttemptState }): Writing {
  const { row, before, after, input, now, state } = given;
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
  if (before.answeredAtMs === null && after.answeredAtMs !== null) facts.answer_heard_at = now;
  if (moved) {
    facts.check_after = checkAfter(row, state, after, now);
    facts.checks = 0;
    if (state === "refused") facts.refusal_code = contradiction;
  } else if (state === "closed_unknown" && callSid !== undefined && row.call_sid === null) {
    facts.check_after = now;
  }
  const folded: Folded = {
    attemptId: row.id,
    accountId: row.account_id,
    state,
    tell: (moved && isFinal(state) && state !== "refused") || (wasFinal && changed),
    strayCallSids: strays(row, after, state),
  };
  return { row, input, facts, moved, folded };
}

/** Rows that change alike are written by one statement; calls that were just placed all do. */
async function write(tx: Tx, writings: readonly Writing[], now: Date): Promise<void> {
  const alike = new Map<string, Writing[]>();
  for (const writing of writings) {
    const key = [writing.moved, writing.row.state, writing.folded.state, ...Object.keys(writing.facts)].join();
    alike.set(key, [...(alike.get(key) ?? []), writing]);
  }
  for (const group of alike.values()) {
    const rows: NewFacts[] = group.map(({ row, facts }) => ({ id: row.id, facts }));
    for (const { moved, row, folded } of group.slice(0, 1)) {
      if (moved) await moveAttempts(tx, { from: [row.state], to: folded.state, now, rows });
      else await noteAttempts(tx, { rows, now });
    }
  }
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
