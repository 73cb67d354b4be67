import { VendorError } from "../domain/errors.ts";
import { carrierGraceSeconds } from "./worst-case.ts";
import { type DueCheck, takeDueChecks } from "./due-checks.queries.ts";
import { inProgressLookMs } from "./next-check.ts";
import type { CallReading, DialDeps } from "./ports.ts";
import { receiveFact, receiveFacts } from "./receive-fact.ts";

/** A call in progress whose media socket has been gone for this long has nobody to talk to. */
const socketGoneMs = 20_000;
/** From hearing of the pickup to the first stream: a spoken notice and a yes or no fit in. */
const firstStreamMs = 60_000;
/** Between two readings of one call. */
const readAgainMs = 60_000;
/** After the carrier's own limit nobody can be talking any more. */
const afterLimitMs = 60_000;
const failedReadingMs = [5_000, 15_000, 60_000] as const;
const alarmAfterReadings = 12;
/** Longer than any call may last: a person must look. */
const pageAfterMs = 4 * 3_600_000 + 300_000;
/** After the first reading for its price, an ended call is asked for again so much later each time, then the estimate stands. */
const morePriceReadingsMs = [900_000, 3_600_000] as const;
/** A call the carrier has no record of is given up as failed, by inference, after this. */
const unknownCallMs = 600_000;
const holdMs = 45_000;

/**
 * Fetches what callbacks never told: every open call has a deadline by which the carrier is asked. A call in progress whose
 * conversation is alive costs no request; one whose media socket is gone, or that has outlived its limit, is ended. Silence is
 * judged by when things reached us: the carrier's clock is not ours. What a reading proves goes the way of every fact, through
 * the inbox. A call that cannot be worked on is put off by itself; the run fails only when not even that can be written.
 */
export async function sweepAttempts(deps: DialDeps, input: { limit?: number } = {}): Promise<number> {
  const due = await takeDueChecks(deps.db, {
    states: ["dialed", "ringing", "in_progress", "ended", "closed_unknown"],
    nowMs: deps.clock.nowMs(),
    holdMs,
    limit: input.limit ?? 100,
  });
  await Promise.all(lanes(due, 8).map((lane) => sweepLane(deps, lane)));
  return due.length;
}

async function sweepLane(deps: DialDeps, lane: readonly DueCheck[]): Promise<void> {
  for (const attempt of lane) {
    try {
      await sweep(deps, attempt);
    } catch (error) {
      if (error instanceof VendorError) await readingFailed(deps, attempt, error);
      else await unreadable(deps, attempt, error);
    }
  }
}

async function sweep(deps: DialDeps, attempt: DueCheck): Promise<void> {
  const nowMs = deps.clock.nowMs();
  if (attempt.call_sid === null) return lookAgain(deps, attempt, { atMs: null, checks: 0 });
  const lost = attempt.state === "in_progress" && conversationLost(attempt, nowMs);
  if (attempt.state === "in_progress" && attempt.stream_opened_ms !== null && !lost && !outlived(attempt, nowMs)) {
    return lookAgain(deps, attempt, { atMs: nowMs + inProgressLookMs, checks: 0 });
  }
  if (attempt.state !== "ended" && nowMs - attempt.sent_ms > pageAfterMs) deps.log.error("a call is open for more than four hours", { attemptId: attempt.id });
  const reading = await deps.carrier.fetch(attempt.call_sid);
  if (!reading) return noSuchCall(deps, attempt, nowMs);
  // First the next look, then the facts: a fact that moves the row sets a look of its own.
  await lookAgain(deps, attempt, attempt.state === "ended" ? nextPriceReading(attempt, reading, nowMs) : { atMs: nowMs + readAgainMs, checks: 0 });
  await receiveFacts(deps, { token: attempt.token, facts: reading.facts });
  if (reading.live && (lost || outlived(attempt, nowMs))) await endIt(deps, attempt, reading);
}

async function endIt(deps: DialDeps, attempt: DueCheck, reading: CallReading): Promise<void> {
  deps.log.warn("hanging up a call that nobody talks in", { attemptId: attempt.id });
  await deps.db.updateTable("attempts").set({ hangup_by: "platform" }).where("id", "=", attempt.id).where("hangup_by", "is", null).execute();
  await deps.carrier.hangUp(reading.callSid);
  const after = await deps.carrier.fetch(reading.callSid);
  if (after) await receiveFacts(deps, { token: attempt.token, facts: after.facts });
}

/**
 * When the conversation was last known to have a line; before the first stream, hearing of the pickup counts. A stream may
 * close after the next one has opened, so a conversation that says it lives is believed whatever the last closing says.
 */
function conversationLost(attempt: DueCheck, nowMs: number): boolean {
  if (attempt.stream_opened_ms === null) return nowMs - (attempt.answer_heard_ms ?? attempt.sent_ms) > firstStreamMs;
  const saysItLivesMs = attempt.conversation_ended ? 0 : (attempt.conversation_alive_ms ?? 0);
  return nowMs - Math.max(attempt.stream_opened_ms, attempt.stream_closed_ms ?? 0, saysItLivesMs) > socketGoneMs;
}

function outlived(attempt: DueCheck, nowMs: number): boolean {
  const limitMs = (attempt.max_call_seconds + carrierGraceSeconds) * 1_000;
  return nowMs > (attempt.answer_heard_ms ?? attempt.sent_ms) + limitMs + afterLimitMs;
}

function nextPriceReading(attempt: DueCheck, reading: CallReading, nowMs: number): { atMs: number | null; checks: number } {
  const checks = attempt.checks + 1;
  if (reading.facts.some((fact) => fact.kind === "ended" && fact.pricePaise !== null)) return { atMs: null, checks };
  const delayMs = morePriceReadingsMs[attempt.checks];
  return { atMs: delayMs === undefined ? null : nowMs + delayMs, checks };
}

/** A new call may be missing for moments; one that stays unknown to the carrier is closed by inference, never as a success. */
async function noSuchCall(deps: DialDeps, attempt: DueCheck, nowMs: number): Promise<void> {
  if (attempt.state === "ended") return lookAgain(deps, attempt, { atMs: null, checks: attempt.checks });
  if (nowMs - attempt.sent_ms < unknownCallMs) return lookAgain(deps, attempt, { atMs: nowMs + readAgainMs, checks: attempt.checks + 1 });
  deps.log.error("the carrier has no record of a call it accepted", { attemptId: attempt.id, callSid: attempt.call_sid });
  const ended = { kind: "ended", ending: "failed", durationSeconds: null, carrierCode: null, pricePaise: null } as const;
  await receiveFact(deps, { token: attempt.token, fact: { ...ended, callSid: attempt.call_sid ?? "", authority: "inferred", atMs: nowMs, sequence: 0 } });
}

async function readingFailed(deps: DialDeps, attempt: DueCheck, error: VendorError): Promise<void> {
  const delayMs = failedReadingMs[Math.min(attempt.checks, failedReadingMs.length - 1)] ?? readAgainMs;
  const sentence = "a call could not be read at the carrier";
  if (attempt.checks >= alarmAfterReadings) deps.log.error(sentence, { attemptId: attempt.id, readings: attempt.checks, error });
  else deps.log.warn(sentence, { attemptId: attempt.id, error });
  await lookAgain(deps, attempt, { atMs: deps.clock.nowMs() + delayMs, checks: attempt.checks + 1 });
}

/** One call that cannot be worked on must not keep the others from being looked after. */
async function unreadable(deps: DialDeps, attempt: DueCheck, error: unknown): Promise<void> {
  deps.log.error("a call could not be looked after; it is tried again", { attemptId: attempt.id, error });
  await lookAgain(deps, attempt, { atMs: deps.clock.nowMs() + readAgainMs, checks: attempt.checks + 1 });
}

/** Only while the row is as it was found: a callback that came meanwhile has set its own look. */
async function lookAgain(deps: DialDeps, attempt: DueCheck, next: { atMs: number | null; checks: number }): Promise<void> {
  await deps.db
    .updateTable("attempts")
    .set({ check_after: next.atMs === null ? null : new Date(next.atMs), checks: next.checks })
    .where("id", "=", attempt.id)
    .where("state", "=", attempt.state)
    .execute();
}

/** Deals things out to a number of lanes that are worked at the same time, each one after the other. */
function lanes<T>(things: readonly T[], count: number): T[][] {
  return Array.from({ length: Math.min(count, things.length) }, (_, lane) => things.filter((_thing, index) => index % count === lane));
}
