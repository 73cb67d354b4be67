import { runningClock } from "../../src/adapters/system/clock.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { Database } from "../../src/db/database.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import type { DialDeps } from "../../src/dial/ports.ts";
import { newSpacing } from "../../src/dial/spacing.ts";
import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import { callerNumber } from "../dial/caller-number.ts";
import { fakeCarrier } from "../dial/fake-carrier.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter, testDefinition, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

export interface ClaimRaceReport {
  contacts: number;
  calls: number;
  /** Numbers with more than one call. */
  rungTwice: number;
  /** Claims made while another claim of the attempt stood. */
  claimedTwice: number;
  claimsPerSecond: number;
  claimP99Ms: number;
}

const startMs = Date.parse("2026-12-01T11:00:00+05:30");
const ofOneCampaign = 1_000;
/** Jobs a dispatcher has in hand at once. */
const jobsAtOnce = 4;

/**
 * Gives every due contact to every dispatcher at once and asks the carrier what came of it (docs/reliability.md R1.2). Two and two
 * begin at the same place, so that each contact is asked for by two at once; the others come to it when it has long been called.
 */
export async function claimRace(database: Database, options: { dispatchers: number; contacts: number }): Promise<ClaimRaceReport> {
  const { db } = database;
  const clock = runningClock({ startMs });
  const vault = testVault(db);
  const rows = rowWriter(db, clock, vault);
  const account = await rows.account();
  const attempts: AttemptId[] = [];
  // The fake carrier's calls never end, and a campaign has at most five thousand at once.
  while (attempts.length < options.contacts) {
    const campaign = await rows.campaign(account, { definitionSource: testDefinition({ limits: { cps: 100, concurrency: 5_000 } }) });
    const untilNow = attempts.length;
    for (let n = untilNow; n < Math.min(options.contacts, untilNow + ofOneCampaign); n += 1) {
      attempts.push(await rows.attempt(await rows.contact(account, campaign, testNumber(n), { state: "planned" })));
    }
  }
  const carrier = fakeCarrier(clock);
  const standing = new Set<string>();
  let claimedTwice = 0;
  let lastClaimMs = 0;
  const tookMs: number[] = [];
  const dispatcher = (name: string): DialDeps => ({
    ...{ db, clock, random: systemRandom, log: silentLog, vault, carrier, spacing: newSpacing(clock), onEnded: () => Promise.resolve() },
    settings: { processName: name, callsPerSecond: 100_000, maxConcurrentCalls: 1_000_000, fromNumbers: [callerNumber], acknowledged: acknowledgeableCodes, worstCasePerMinutePaise: 500 },
  });
  const dispatch = async (name: string, jobs: AttemptId[]): Promise<void> => {
    const deps = dispatcher(name);
    const work = async (): Promise<void> => {
      for (let attemptId = jobs.pop(); attemptId !== undefined; attemptId = jobs.pop()) {
        const beganMs = performance.now();
        let claimed = "";
        const crashPoint: DialDeps["crashPoint"] = (point, { token }) => {
          if (point !== "after_claim" || token === undefined) return;
          lastClaimMs = performance.now();
          tookMs.push(lastClaimMs - beganMs);
          claimed = token;
          if (standing.has(token)) claimedTwice += 1;
          standing.add(token);
        };
        const placing = await placeAttempt({ ...deps, crashPoint }, { attemptId });
        if (placing.kind !== "postponed") continue;
        // Given back, by a process that was held up or for want of a place: whoever comes next may have it.
        standing.delete(claimed);
        jobs.unshift(attemptId);
      }
    };
    await Promise.all(Array.from({ length: jobsAtOnce }, work));
  };
  const beganMs = performance.now();
  await Promise.all(Array.from({ length: options.dispatchers }, (_, n) => dispatch(`dispatcher-${n}`, turned(attempts, Math.floor((Math.floor(n / 2) * attempts.length) / Math.ceil(options.dispatchers / 2))))));
  const seconds = (lastClaimMs - beganMs) / 1_000;
  const perNumber = new Map<string, number>();
  for (const call of carrier.calls) perNumber.set(call.order.to, (perNumber.get(call.order.to) ?? 0) + 1);
  tookMs.sort((a, b) => a - b);
  return {
    contacts: attempts.length,
    calls: carrier.calls.length,
    rungTwice: [...perNumber.values()].filter((calls) => calls > 1).length,
    claimedTwice,
    claimsPerSecond: tookMs.length / seconds,
    claimP99Ms: tookMs[Math.floor(tookMs.length * 0.99)] ?? 0,
  };
}

/** The same jobs, beginning elsewhere. */
function turned<T>(things: readonly T[], by: number): T[] {
  return [...things.slice(by), ...things.slice(0, by)];
}
