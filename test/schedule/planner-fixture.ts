import type { AccountId, AttemptId } from "../../src/domain/ids.ts";
import type { JobName, JobPayload } from "../../src/domain/jobs.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import { seededRandom } from "../../src/domain/random.ts";
import type { Vault } from "../../src/domain/vault.ts";
import { definitionCache } from "../../src/schedule/definition-cache.ts";
import type { Capacity, PlannerDeps } from "../../src/schedule/ports.ts";
import type { TestDatabase } from "../support/database.ts";
import { type ManualClock, manualClock } from "../support/clock.ts";
import { type RecordingLog, recordingLog } from "../support/log.ts";

/** A vault for stages that seal nothing here: what it seals is readable. */
export const openVault: Vault = {
  numberKey: () => {
    throw new Error("expected no number to be hashed");
  },
  textKey: () => {
    throw new Error("expected no text to be hashed");
  },
  forAccount: (_: AccountId) => Promise.resolve({ seal: (_field, _row, text) => Buffer.from(text), open: (_field, _row, sealed) => sealed.toString() }),
  newDataKey: () => Buffer.alloc(32),
};

let seeds = 0;

export interface PlannerWorld extends PlannerDeps {
  clock: ManualClock;
  log: RecordingLog;
  /** Every attempt id announced, in order. */
  announced: AttemptId[];
  /** While set, announcing fails. */
  queueDown: { now: boolean };
}

/** A planner on a real database, with a clock that stands at eleven on a working day and a queue that only listens. */
export function plannerWorld(database: Pick<TestDatabase, "db">, change: { capacity?: Partial<Capacity>; at?: string } = {}): PlannerWorld {
  const announced: AttemptId[] = [];
  const queueDown = { now: false };
  return {
    db: database.db,
    clock: manualClock(change.at ?? "2026-11-24T11:00"),
    random: seededRandom((seeds += 1)),
    log: recordingLog(),
    vault: openVault,
    definitions: definitionCache(),
    capacity: { callsPerSecond: 100, concurrentCalls: 1_000, ...change.capacity },
    worstCasePaise: (maxCallSeconds) => Math.ceil(maxCallSeconds / 60) * 1_000,
    callerNumbers: ["+14155550100" as E164],
    acknowledged: [],
    announced,
    queueDown,
    queue: {
      announce: <N extends JobName>(_: N, payloads: readonly JobPayload<N>[]) => {
        if (queueDown.now) return Promise.reject(new Error("the queue is away"));
        for (const payload of payloads) if ("attemptId" in payload) announced.push(payload.attemptId);
        return Promise.resolve();
      },
    },
  };
}
