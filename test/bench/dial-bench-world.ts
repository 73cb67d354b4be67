import { sql } from "kysely";
import { runningClock } from "../../src/adapters/system/clock.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { CallOrder, DialDeps } from "../../src/dial/ports.ts";
import { newSpacing } from "../../src/dial/spacing.ts";
import type { Database } from "../../src/db/database.ts";
import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import type { Clock } from "../../src/domain/clock.ts";
import type { AttemptId, CampaignId } from "../../src/domain/ids.ts";
import { callerNumber } from "../dial/caller-number.ts";
import { fakeCarrier } from "../dial/fake-carrier.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter, testDefinition, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

export interface DialBenchWorld {
  deps: DialDeps;
  clock: Clock;
  /** Planned attempts, each of a contact of its own, the campaigns taking turns. */
  attempts: readonly AttemptId[];
  /** When each request reached the carrier, in the order of arrival, in epoch milliseconds. */
  placedAtMs: readonly number[];
}

export interface DialBenchOptions {
  calls: number;
  campaigns: number;
  /** Of the carrier account. */
  callsPerSecond: number;
}

/** One account with running campaigns at the highest pace a definition may ask for, planned attempts, and a carrier that answers at once. */
export async function dialBenchWorld({ db }: Database, options: DialBenchOptions): Promise<DialBenchWorld> {
  const morning = manualClock("2026-12-01T11:00");
  const vault = testVault(db);
  const rows = rowWriter(db, morning, vault);
  const accountId = await rows.account();
  const campaigns: CampaignId[] = [];
  for (let n = 0; n < options.campaigns; n += 1) {
    campaigns.push(await rows.campaign(accountId, { definitionSource: testDefinition({ limits: { cps: 100, concurrency: 5_000 } }) }));
  }
  const planned = async (n: number): Promise<AttemptId[]> => {
    const campaignId = campaigns[n % campaigns.length];
    if (campaignId === undefined) throw new Error("expected at least one campaign");
    return [await rows.attempt(await rows.contact(accountId, campaignId, testNumber(n), { state: "planned" }))];
  };
  const attempts: AttemptId[] = [];
  for (let at = 0; at < options.calls; at += 100) {
    attempts.push(...(await Promise.all(Array.from({ length: Math.min(100, options.calls - at) }, (_, n) => planned(at + n)))).flat());
  }
  await sql`vacuum analyze`.execute(db);
  const clock = runningClock({ startMs: morning.nowMs() + 1_000 });
  const placedAtMs: number[] = [];
  const carrier = fakeCarrier(clock);
  const place = (order: CallOrder) => {
    placedAtMs.push(clock.nowMs());
    return carrier.place(order);
  };
  return { deps: benchDialDeps({ db, clock, vault, carrier: { ...carrier, place }, callsPerSecond: options.callsPerSecond }), clock, attempts, placedAtMs };
}

/** A dialer that nothing but the pace of the carrier account holds back. */
export function benchDialDeps(of: Pick<DialDeps, "db" | "clock" | "vault" | "carrier"> & { callsPerSecond: number }): DialDeps {
  const { callsPerSecond, ...parts } = of;
  const settings = {
    processName: "bench",
    callsPerSecond,
    maxConcurrentCalls: 1_000_000,
    fromNumbers: [callerNumber],
    acknowledged: acknowledgeableCodes,
    worstCasePerMinutePaise: 500,
  };
  return { ...parts, random: systemRandom, log: silentLog, settings, spacing: newSpacing(of.clock), onEnded: () => Promise.resolve() };
}
