import { createServer } from "node:http";
import { flushCompileCache } from "node:module";
import type { AddressInfo } from "node:net";
import express from "express";
import { sql } from "kysely";
import { runningClock } from "../../src/adapters/system/clock.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import { twilioCarrier } from "../../src/adapters/twilio/carrier.ts";
import { twilioDialect } from "../../src/adapters/twilio/dialect.ts";
import { openDatabase } from "../../src/db/database.ts";
import { newFactIntake } from "../../src/dial/fact-intake.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import type { DialDeps } from "../../src/dial/ports.ts";
import { repeat } from "../../src/dial/repeat.ts";
import { newSpacing } from "../../src/dial/spacing.ts";
import { startDialLoops } from "../../src/dial/start-dial-loops.ts";
import { recordConsentAnswer, resumeCall } from "../../src/dial/visit-call.ts";
import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import { pause } from "../../src/domain/clock.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import type { JobQueue } from "../../src/domain/jobs.ts";
import { carrierWebhooks } from "../../src/http/carrier-webhooks.ts";
import { announceAgainAfterMs } from "../../src/schedule/plan-tick.ts";
import { takeUnannounced } from "../../src/schedule/planned-attempts.queries.ts";
import { callerNumber } from "../dial/caller-number.ts";
import { chaosDialerMessage, type ChaosDialerOptions, chaosDialerOptions } from "./chaos-dialer.ts";
import { openChaosQueue } from "./chaos-queue.ts";
import { silentLog } from "./log.ts";
import { testVault } from "./vault.ts";

// One dialer process of a chaos run: its own door, the real adapter, and nothing that would soften a kill -9.
// It does not outlive whoever started it.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
await run(chaosDialerOptions.parse(JSON.parse(process.env["CHAOS_DIALER"] ?? "{}")));

async function run(options: ChaosDialerOptions): Promise<void> {
  const sinceStartMs = (performance.timeOrigin + performance.now() - options.realStartMs) * options.rate;
  const clock = runningClock({ startMs: options.startMs + sinceStartMs, rate: options.rate });
  const { db } = openDatabase(options.databaseUrl, { maxConnections: 5 });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { accountSid, authToken } = options;
  const deps: DialDeps = {
    db,
    clock,
    random: systemRandom,
    log: silentLog,
    vault: testVault(db),
    carrier: twilioCarrier({ accountSid, authToken, apiBaseUrl: options.carrierOrigin, publicUrl, clock, exchangeRates: {}, timeoutMs: options.carrierTimeoutMs }),
    settings: { processName: options.name, callsPerSecond: 20, maxConcurrentCalls: 1_000, fromNumbers: [callerNumber], acknowledged: acknowledgeableCodes, worstCasePerMinutePaise: 500 },
    spacing: newSpacing(clock),
    onEnded: () => Promise.resolve(),
    crashPoint: (point) => {
      if (point === options.dieAt) process.kill(process.pid, "SIGKILL");
    },
  };
  const facts = newFactIntake(deps);
  server.on(
    "request",
    express().use(
      carrierWebhooks({
        dialect: twilioDialect({ accountSid, authTokens: [authToken], publicUrl }),
        clock,
        log: silentLog,
        intake: facts,
        recordConsentAnswer: (input) => recordConsentAnswer({ ...deps, facts, optOut: () => Promise.resolve() }, input),
        resumeCall: (input) => resumeCall({ ...deps, facts }, input),
        ackDeadlineMs: 2_000,
      }),
    ),
  );
  flushCompileCache();
  const take = (queue: JobQueue, place: (attemptId: AttemptId) => Promise<unknown>): Promise<void> =>
    queue.start({ place_attempt: async ({ attemptId }) => void (await place(attemptId)), probe: () => Promise.resolve() }, 4);
  if (options.part === "victim") {
    const [queue] = await openQueues(options);
    await take(queue, async (attemptId) => {
      await placeAttempt(deps, { attemptId });
      // A point that comes with the callbacks is still ahead; one that never comes ends here all the same.
      await pause(clock, options.lingerMs);
      process.kill(process.pid, "SIGKILL");
    });
    return;
  }
  startDialLoops(deps);
  const takeOver = async (): Promise<void> => {
    const queues = await openQueues(options);
    for (const queue of queues) await take(queue, (attemptId) => placeAttempt(deps, { attemptId }));
    repeat({ clock, log: silentLog }, "announce what is due", 1_000, async () => {
      const now = new Date(clock.nowMs());
      const due = await takeUnannounced(db, { announcedBefore: new Date(now.getTime() - announceAgainAfterMs), limit: 500, now });
      // Through every queue: a job more changes nothing.
      for (const queue of queues) await queue.announce("place_attempt", due.map((attemptId) => ({ attemptId })));
    });
  };
  // Answered only when the database has come round to it, behind what the jump set off: time goes no faster than the work.
  const jump = async (byMs: number): Promise<void> => {
    clock.jumpTo(clock.nowMs() + byMs);
    await sql`select 1`.execute(db);
  };
  process.on("message", (raw) => {
    const message = chaosDialerMessage.parse(raw);
    void (message.kind === "jump" ? jump(message.byMs) : takeOver()).then(() => process.send?.(message.kind));
  });
}

async function openQueues({ queue: { redisUrl, names }, databaseUrl }: ChaosDialerOptions): Promise<[JobQueue, ...JobQueue[]]> {
  const [first, ...others] = await Promise.all(names.map((name) => openChaosQueue({ redisUrl, databaseUrl }, name)));
  if (!first) throw new Error("expected at least one queue");
  return [first, ...others];
}
