import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { runningClock } from "../adapters/system/clock.ts";
import { systemLog } from "../adapters/system/log.ts";
import { startPhoneWorld } from "./phone-world.ts";
import { worldLatencies } from "./world-latencies.ts";
import type { WorldThreadOptions } from "./world-thread.ts";

const told = z.discriminatedUnion("kind", [z.object({ kind: z.literal("jump"), epochMs: z.number() }), z.object({ kind: z.literal("summary") })]);

const port = parentPort;
if (!port) throw new Error("expected to run as a worker thread");
const { clock: reading, ...options } = workerData as WorldThreadOptions;
const sinceMs = performance.timeOrigin + performance.now() - reading.atSystemMs;
const clock = runningClock({ startMs: reading.startMs + sinceMs * reading.rate, rate: reading.rate });
const world = await startPhoneWorld({ ...options, clock, log: systemLog({ level: "silent" }) });
port.on("message", (message: unknown) => {
  const wish = told.parse(message);
  if (wish.kind === "jump") return clock.jumpTo(wish.epochMs);
  const calls = world.ledger.calls();
  const errors = world.ledger.errors.map(({ code, detail }) => ({ code, detail }));
  port.postMessage({ kind: "summary", summary: { calls: calls.length, rang: calls.filter((call) => call.ringingAtMs !== null).length, errors, latencies: worldLatencies(world.ledger) } });
});
port.postMessage({ kind: "started", origin: world.origin });
