import { moveAttempt } from "../db/attempt-state.ts";
import { VendorError } from "../domain/errors.ts";
import { type E164, readCallerNumber } from "../domain/phone-number.ts";
import { boundCallSids, countUnresolved, type DueCheck, setNextCheck, takeDueChecks } from "./due-checks.queries.ts";
import { foldAttempt } from "./fold-attempt.ts";
import type { CallSighting, DialDeps } from "./ports.ts";
import { receiveFacts } from "./receive-fact.ts";
import { firstReconcileMs } from "./record-result.ts";

/** When the carrier's list is read after a request without an answer; after the last of these the attempt is `held`. */
const readingsMs = [firstReconcileMs, 15_000, 60_000, 300_000] as const;
/** When an attempt without any trace is closed, once the list could be read one last time. */
export const closeAfterMs = 1_200_000;
/** The carrier's clock and ours may differ by this much. */
const clockSlackMs = 5_000;
const listRetryMs = 15_000;
const unreadableRetryMs = 60_000;
const alarmAfterMs = 600_000;
/** Nobody else looks at the attempt meanwhile. */
const holdMs = 45_000;

/**
 * Finds out what became of requests whose answer was lost: by the carrier's own call list, which may lag, then by the
 * addresses it called back. With proof the attempt goes on as `dialed`; without any it is `held` and after twenty minutes
 * `closed_unknown`. It is never dialed again meanwhile, and while the list cannot be read it is not closed either. An attempt
 * that cannot be worked on is put off by itself; the run fails only when not even that can be written.
 */
export async function reconcileAmbiguous(deps: DialDeps, input: { limit?: number } = {}): Promise<number> {
  const due = await takeDueChecks(deps.db, { states: ["ambiguous", "held"], nowMs: deps.clock.nowMs(), holdMs, limit: input.limit ?? 50 });
  for (const attempt of due) {
    try {
      await reconcile(deps, attempt);
    } catch (error) {
      if (error instanceof VendorError) await listFailed(deps, attempt, error);
      else await unreadable(deps, attempt, error);
    }
  }
  if (deps.metrics) deps.metrics.ambiguousOpen(await countUnresolved(deps.db));
  return due.length;
}

async function reconcile(deps: DialDeps, attempt: DueCheck): Promise<void> {
  const sightings = await unboundSightings(deps, attempt);
  const callSid = await oursAmong(deps, attempt, sightings);
  if (callSid === undefined) return withoutProof(deps, attempt, sightings.length);
  await foldAttempt(deps, { token: attempt.token, known: { callSids: [callSid] }, boundBy: "reconciled" });
  deps.log.info("found the call of an attempt whose answer was lost", { attemptId: attempt.id, callSid });
  const reading = await deps.carrier.fetch(callSid);
  if (reading) await receiveFacts(deps, { token: attempt.token, facts: reading.facts });
}

/** Calls of the list that could be this attempt's: same numbers, made since, and not known to belong to another. */
async function unboundSightings(deps: DialDeps, attempt: DueCheck): Promise<readonly CallSighting[]> {
  const numbers = await numbersOf(deps, attempt);
  if (!numbers) return [];
  const sightings = await deps.carrier.findCalls({ ...numbers, sinceMs: attempt.sent_ms - clockSlackMs });
  if (sightings.length === 0) return [];
  const bound = await boundCallSids(
    deps.db,
    sightings.map((each) => each.callSid),
  );
  return sightings.filter((each) => !bound.has(each.callSid));
}

/** One call is ours, because no other open attempt has this number; of several, the one that called our addresses back. */
async function oursAmong(deps: DialDeps, attempt: DueCheck, sightings: readonly CallSighting[]): Promise<string | undefined> {
  const [only, ...others] = sightings;
  if (only === undefined || others.length === 0) return only?.callSid;
  for (const { callSid } of sightings) {
    const tokens = await deps.carrier.attemptTokens(callSid);
    if (tokens.includes(attempt.token)) return callSid;
  }
  return undefined;
}

async function numbersOf(deps: DialDeps, attempt: DueCheck): Promise<{ to: E164; from: E164 } | undefined> {
  if (attempt.number_sealed === null || attempt.from_number === null) return undefined;
  const vault = await deps.vault.forAccount(attempt.account_id);
  const to = readCallerNumber(vault.open("contacts.number", attempt.contact_id, attempt.number_sealed));
  const from = readCallerNumber(attempt.from_number);
  return to !== undefined && from !== undefined ? { to, from } : undefined;
}

async function withoutProof(deps: DialDeps, attempt: DueCheck, candidates: number): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const now = new Date(nowMs);
  const checks = attempt.checks + 1;
  if (attempt.state === "held") {
    if (nowMs >= attempt.sent_ms + closeAfterMs) return close(deps, attempt, candidates, now);
    await setNextCheck(deps.db, attempt, { atMs: attempt.sent_ms + closeAfterMs, checks });
    return;
  }
  const nextReadingMs = readingsMs[checks];
  if (nextReadingMs !== undefined) {
    await setNextCheck(deps.db, attempt, { atMs: Math.max(attempt.sent_ms + nextReadingMs, nowMs + 1_000), checks });
    return;
  }
  const atMs = Math.max(attempt.sent_ms + closeAfterMs, nowMs + 1_000);
  await moveAttempt(deps.db, { id: attempt.id, from: ["ambiguous"], to: "held", now, facts: { checks, check_after: new Date(atMs) } });
}

async function close(deps: DialDeps, attempt: DueCheck, candidates: number, now: Date): Promise<void> {
  const moved = await moveAttempt(deps.db, {
    id: attempt.id,
    from: ["held"],
    to: "closed_unknown",
    now,
    facts: { check_after: null, failure_class: "carrier" },
  });
  if (!moved) return;
  deps.log.error("closed an attempt whose fate is unknown; it counts as an attempt", { attemptId: attempt.id, candidates });
  await deps.onEnded({ attemptId: attempt.id, accountId: attempt.account_id });
}

/** One attempt that cannot be read must not keep the others from being found. */
async function unreadable(deps: DialDeps, attempt: DueCheck, error: unknown): Promise<void> {
  deps.log.error("an attempt of unknown fate could not be looked up; it stays open and is tried again", { attemptId: attempt.id, error });
  await setNextCheck(deps.db, attempt, { atMs: deps.clock.nowMs() + unreadableRetryMs, checks: attempt.checks });
}

/** A reading that did not happen proves nothing: the count of readings stays. */
async function listFailed(deps: DialDeps, attempt: DueCheck, error: VendorError): Promise<void> {
  const ageMs = deps.clock.nowMs() - attempt.sent_ms;
  const sentence = "the carrier's list cannot be read; an attempt of unknown fate stays open";
  if (ageMs >= alarmAfterMs) deps.log.error(sentence, { attemptId: attempt.id, ageMs, error });
  else deps.log.warn(sentence, { attemptId: attempt.id, ageMs, error });
  await setNextCheck(deps.db, attempt, { atMs: deps.clock.nowMs() + listRetryMs, checks: attempt.checks });
}
