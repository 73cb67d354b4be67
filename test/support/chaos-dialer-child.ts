import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
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
import { carrierWebhooks } from "../../src/http/carrier-webhooks.ts";
import { callerNumber } from "../dial/caller-number.ts";
import { type ChaosDialerOptions, chaosDialerOptions } from "./chaos-dialer.ts";
import { silentLog } from "./log.ts";
import { testVault } from "./vault.ts";

// One dialer process of a chaos run: its own door, the real adapter, and nothing that would soften a kill -9.
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
    carrier: twilioCarrier({ accountSid, authToken, apiBaseUrl: options.carrierOrigin, publicUrl, clock, exchangeRates: {}, timeoutMs: 1_500 }),
    settings: { processName: options.name, callsPerSecond: 20, maxConcurrentCalls: 1_000, fromNumbers: [callerNumber], acknowledged: acknowledgeableCodes, worstCasePerMinutePaise: 500 },
    spacing: newSpacing(clock),
    onEnded: () => Promise.resolve(),
    crashPoint: (point) => {
      if (point === options.dieAt) process.kill(process.pid, "SIGKILL");
    },
  };
  server.on(
    "request",
    express().use(
      carrierWebhooks({
        dialect: twilioDialect({ accountSid, authTokens: [authToken], publicUrl }),
        clock,
        log: silentLog,
        intake: newFactIntake(deps),
        recordConsentAnswer: (input) => recordConsentAnswer(deps, input),
        resumeCall: (input) => resumeCall(deps, input),
        ackDeadlineMs: 2_000,
      }),
    ),
  );
  if (options.attemptId !== null) {
    await placeAttempt(deps, { attemptId: options.attemptId as AttemptId });
    // A point that comes with the callbacks is still ahead; one that never comes ends here all the same.
    await pause(clock, options.lingerMs);
    process.kill(process.pid, "SIGKILL");
    return;
  }
  startDialLoops(deps);
  repeat({ clock, log: silentLog }, "place what is due", 1_000, async () => {
    const due = await db.selectFrom("attempts").where("state", "=", "planned").where("due_at", "<=", new Date(clock.nowMs())).select("id").execute();
    for (const { id } of due) await placeAttempt(deps, { attemptId: id });
  });
  process.send?.("ready");
}
