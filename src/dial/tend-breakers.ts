import { assertNever } from "../domain/exhaustive.ts";
import type { Tx } from "../db/database.ts";
import { type Breaker, closeBreaker, coolCaller, listBreakers, openBreaker, recentTallies, tendingIsMine } from "./breakers.queries.ts";
import { diagnose, type Diagnosis, type Tally } from "./diagnose.ts";
import type { DialDeps } from "./ports.ts";

/** Failures are counted over this time. */
const windowMs = 120_000;
const firstOpenMs = 60_000;
const longestOpenMs = 600_000;
/** A number that the carrier blocks rests for an hour, one that nobody picks up for the rest of half a day. */
const coolForMs = { blocked: 3_600_000, unanswered: 6 * 3_600_000 } as const;
/** Trial calls that must end well before an arm is closed. */
const goodTrials = 3;

/**
 * Looks at how the last minutes' calls fared, opens the arm that fails and names its cause, and closes or reopens arms by
 * their trial calls. One process does it at a time; the others find the work taken and leave it.
 */
export async function tendBreakers(deps: DialDeps): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    if (!(await tendingIsMine(tx))) return;
    const nowMs = deps.clock.nowMs();
    const breakers = await listBreakers(tx);
    for (const breaker of breakers) if (breaker.trialFromMs <= nowMs) await judgeTrial(tx, deps, breaker, nowMs);
    const known = new Set(breakers.map((breaker) => breaker.key));
    for (const diagnosis of diagnose(await recentTallies(tx, new Date(nowMs - windowMs)))) await shed(tx, deps, diagnosis, known, nowMs);
  });
}

async function shed(tx: Tx, deps: DialDeps, diagnosis: Diagnosis, known: ReadonlySet<string>, nowMs: number): Promise<void> {
  const { cause, share, sample } = diagnosis;
  if (diagnosis.arm === "caller") {
    const { accountId, number } = diagnosis;
    const until = new Date(nowMs + coolForMs[diagnosis.cause]);
    const rests = await coolCaller(tx, { accountId, number, because: cause, now: new Date(nowMs), until, sample, failures: Math.round(share * sample) });
    if (rests) deps.log.warn("a caller number rests", { accountId, cause, share, sample });
    return;
  }
  const key = keyOf(diagnosis);
  if (known.has(key)) return;
  const accountId = diagnosis.arm === "carrier" ? null : diagnosis.accountId;
  await openBreaker(tx, { key, accountId, cause, nowMs, forMs: firstOpenMs, detail: { share, sample } });
  deps.log.error("dialing is held back: too many calls fail", { key, cause, share, sample });
}

function keyOf(diagnosis: Exclude<Diagnosis, { arm: "caller" }>): string {
  switch (diagnosis.arm) {
    case "carrier":
      return "carrier";
    case "segment":
      return `segment:${diagnosis.importId}`;
    case "agent":
      return `agent:${diagnosis.campaignId}`;
    default:
      return assertNever(diagnosis, "failing arm");
  }
}

/** An arm whose trial calls end well is closed; one failure among them opens it again, for twice as long. */
async function judgeTrial(tx: Tx, deps: DialDeps, breaker: Breaker, nowMs: number): Promise<void> {
  const trials = (await recentTallies(tx, new Date(breaker.trialFromMs))).filter((tally) => belongsTo(tally, breaker.key));
  const decided = trials.reduce((count, tally) => count + tally.decided, 0);
  const failed = trials.reduce((count, tally) => count + failuresFor(tally, breaker.cause), 0);
  if (failed > 0) {
    const forMs = Math.min(longestOpenMs, breaker.forMs * 2);
    await openBreaker(tx, { key: breaker.key, accountId: null, cause: breaker.cause, nowMs, forMs, detail: { failed, decided } });
    deps.log.error("a trial call failed; dialing is held back longer", { key: breaker.key, cause: breaker.cause, forMs });
  } else if (decided >= goodTrials) {
    await closeBreaker(tx, breaker.key);
    deps.log.info("calls succeed again; dialing goes on", { key: breaker.key });
  }
}

function belongsTo(tally: Tally, key: string): boolean {
  return key === "carrier" || key === `segment:${tally.importId ?? ""}` || key === `agent:${tally.campaignId}`;
}

function failuresFor(tally: Tally, cause: string): number {
  switch (cause) {
    case "list_segment":
      return tally.listFaults;
    case "agent":
      return tally.brokenTalks;
    case "our_side":
      return tally.ourFaults + tally.unheard;
    default:
      return tally.carrierFaults;
  }
}
