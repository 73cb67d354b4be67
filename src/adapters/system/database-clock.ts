import type pg from "pg";
import type { Clock, WallClock } from "../../domain/clock.ts";
import type { Log } from "../../domain/log.ts";
import { type RunningClock, runningClock } from "./clock.ts";

/** Disagreement of the machine's and the database's clocks that is worth a warning, and one nobody may dial under. */
const warnBeyondMs = 2_000;
const refuseBeyondMs = 30_000;
/** The wall clock and the monotonic one run apart by so much only when the machine slept, or somebody set its clock. */
const sleptBeyondMs = 1_000;
const defaultEveryMs = 30_000;
const samples = 5;

export interface DatabaseClock extends Clock {
  /** Measures again and follows; answers by how many milliseconds the clock was moved. */
  follow(): Promise<number>;
  /**
   * Whether the machine and the database agree well enough to judge calling windows. False from the moment the machine wakes
   * from a sleep, in which this clock stood still, until it has been measured again; asking sets that off.
   */
  readonly agrees: boolean;
  /** The database's real time, which `CLOCK_START` does not shift. */
  readonly wall: WallClock;
  close(): void;
}

export interface DatabaseClockDeps {
  pool: pg.Pool;
  log: Log;
  /** `CLOCK_START`: where the clock starts instead of the present; it then runs in real time. For trials. */
  startAtMs?: number;
  /** Milliseconds between measurements, default 30,000. */
  everyMs?: number;
  /** The machine's wall clock, for tests of disagreement. */
  machineNowMs?: () => number;
}

/**
 * A clock that follows the database's `clock_timestamp()`, so that every process on one database agrees on deadlines,
 * leases and calling windows, however wrong its own machine's clock is. Throws when machine and database disagree by
 * more than 30 s at start: one of them is wrong, and a call could fall outside its window.
 */
export async function databaseClock(deps: DatabaseClockDeps): Promise<DatabaseClock> {
  const { pool, log, machineNowMs = Date.now } = deps;
  const clock: RunningClock = runningClock();
  const first = await measure(pool, clock);
  const shiftMs = deps.startAtMs === undefined ? 0 : deps.startAtMs - first.databaseMs;
  let agrees = true;
  const aheadMs = (): number => machineNowMs() - clock.nowMs();
  let measuredAheadMs = aheadMs();

  const compare = (databaseMs: number): void => {
    const apartMs = Math.round(machineNowMs() - databaseMs);
    agrees = Math.abs(apartMs) <= refuseBeyondMs;
    if (!agrees) log.error("the machine's clock and the database's are too far apart to dial", { apartMs });
    else if (Math.abs(apartMs) > warnBeyondMs) log.warn("the machine's clock differs from the database's, which is followed", { apartMs });
  };
  const apply = ({ databaseMs, ownMs }: Measurement): number => {
    const byMs = databaseMs + shiftMs - ownMs;
    clock.correctBy(byMs);
    measuredAheadMs = aheadMs();
    return byMs;
  };

  compare(first.databaseMs);
  if (!agrees) {
    const apartSeconds = Math.round(Math.abs(machineNowMs() - first.databaseMs) / 1000);
    throw new Error(`expected this machine's clock and the database's to agree within 30 s, but they are ${apartSeconds} s apart. Set the wrong one right (NTP).`);
  }
  apply(first);

  let following: Promise<number> | undefined;
  const follow = (): Promise<number> => {
    following ??= measure(pool, clock)
      .then((measurement) => {
        compare(measurement.databaseMs);
        return apply(measurement);
      })
      .finally(() => {
        following = undefined;
      });
    return following;
  };
  const followOrTell = (): void => {
    follow().catch((error: unknown) => log.warn("the database's clock could not be read; the own clock runs on", { error }));
  };
  const slept = (): boolean => {
    if (Math.abs(aheadMs() - measuredAheadMs) <= sleptBeyondMs) return false;
    if (following === undefined) {
      log.warn("the machine slept or its clock was set; nobody is dialed before the database was asked for the time");
      followOrTell();
    }
    return true;
  };
  const interval = setInterval(followOrTell, deps.everyMs ?? defaultEveryMs);
  interval.unref();

  return {
    now: clock.now,
    nowMs: clock.nowMs,
    setTimer: clock.setTimer,
    follow,
    get agrees() {
      return agrees && !slept();
    },
    wall: { nowMs: () => clock.nowMs() - shiftMs },
    close: () => clearInterval(interval),
  };
}

interface Measurement {
  databaseMs: number;
  /** What our clock read in the middle of the same round trip. */
  ownMs: number;
}

/** The quickest of a few round trips: the database read its clock about half-way through it. */
async function measure(pool: pg.Pool, clock: Clock): Promise<Measurement> {
  const client = await pool.connect();
  try {
    let best: Measurement | undefined;
    let bestTripMs = Number.POSITIVE_INFINITY;
    for (let sample = 0; sample < samples; sample++) {
      const beganMs = clock.nowMs();
      const answer = await client.query<{ ms: number }>("select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms");
      const tripMs = clock.nowMs() - beganMs;
      const databaseMs = answer.rows[0]?.ms;
      if (databaseMs === undefined || tripMs >= bestTripMs) continue;
      bestTripMs = tripMs;
      best = { databaseMs, ownMs: beganMs + tripMs / 2 };
    }
    if (!best) throw new Error("expected the database to tell its time");
    return best;
  } finally {
    client.release();
  }
}
