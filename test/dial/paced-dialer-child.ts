import { runningClock } from "../../src/adapters/system/clock.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import { openDatabase } from "../../src/db/database.ts";
import type { DialDeps } from "../../src/dial/ports.ts";
import { newSpacing } from "../../src/dial/spacing.ts";
import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import { silentLog } from "../support/log.ts";
import { testVault } from "../support/vault.ts";
import { callerNumber } from "./caller-number.ts";
import { fakeCarrier } from "./fake-carrier.ts";
import { pacedDialerOptions } from "./paced-dialer.ts";
import { placeAll } from "./place-all.ts";

const options = pacedDialerOptions.parse(JSON.parse(process.env["PACED_DIALER"] ?? "{}"));
const clock = runningClock({ startMs: options.startMs + performance.timeOrigin + performance.now() - options.realStartMs });
const database = openDatabase(options.databaseUrl, { maxConnections: 5 });
const leftAtMs: number[] = [];
const deps: DialDeps = {
  db: database.db,
  clock,
  random: systemRandom,
  log: silentLog,
  vault: testVault(database.db),
  carrier: {
    ...fakeCarrier(clock),
    // The fake carriers of two processes would give their calls the same names.
    async place() {
      leftAtMs.push(clock.nowMs());
      return { kind: "accepted", callSid: `CA-${options.name}-${leftAtMs.length}`, queueTimeMs: 0 };
    },
  },
  settings: { processName: options.name, callsPerSecond: options.callsPerSecond, maxConcurrentCalls: 1_000_000, fromNumbers: [callerNumber], acknowledged: acknowledgeableCodes, worstCasePerMinutePaise: 500 },
  spacing: newSpacing(clock),
  onEnded: () => Promise.resolve(),
};

let over = false;
function stall(): void {
  if (over || options.stallMs === 0) return;
  clock.setTimer(options.stallEveryMs, () => {
    const untilMs = performance.now() + options.stallMs;
    while (performance.now() < untilMs);
    stall();
  });
}
stall();
await placeAll(deps, { attemptIds: options.attemptIds as AttemptId[], width: options.width });
over = true;
await database.close();
process.send?.(leftAtMs, () => process.exit(0));
