import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { runningClock } from "../../src/adapters/system/clock.ts";
import type { Clock } from "../../src/domain/clock.ts";
import type { EventOf } from "../../src/simulator/ledger-events.ts";
import { type PhoneWorld, startPhoneWorld } from "../../src/simulator/phone-world.ts";
import { callerNumber } from "../dial/caller-number.ts";
import { silentLog } from "../support/log.ts";
import { type ServiceProcess, startServiceProcess } from "../support/service-process.ts";

/** What the carrier's ledger says about a process that was told to stop. */
export interface DrainReport {
  live: number;
  /** People who were still to be called when the signal came. */
  waiting: number;
  /** Live calls that were not ended by the person called. */
  cut: string[];
  /** Calls created later than a second after the signal. */
  placedLate: number;
  /** Callbacks and questions that found no good answer, however often the carrier sent them, while calls were live. */
  failedWebhooks: number;
  /** What each person heard last. */
  lastHeard: string[];
  exitCode: number | null;
  /** From the first signal to the end of the process. */
  tookMs: number;
}

export interface DrainOptions {
  databaseUrl: string;
  liveCalls: number;
  /** Milliseconds after answering at which each person hangs up, sooner than the agent is through; absent: the signal is given a second time instead. */
  hangUpAfterMs?: number;
}

const accountSid = "AC00000000000000000000000000000000";
const authToken = "token-of-the-phone-world";
const startMs = Date.parse("2026-12-01T10:30:00+05:30");
const frameMs = 20;

/**
 * Sends SIGTERM to the service under live calls, with more people waiting to be called, and reads from the carrier's
 * ledger what became of them (docs/reliability.md R3.7).
 */
export async function drainUnderCalls(options: DrainOptions): Promise<DrainReport> {
  const clock = runningClock({ startMs });
  const world = await startPhoneWorld({ clock, log: silentLog, accountSid, authToken, seed: 37, assign: () => "pays", callsPerSecond: 1_000, concurrentRequests: 1_000 });
  const dataDir = await mkdtemp(join(tmpdir(), "drain-"));
  const plan = planOf(options);
  const service = await startServiceProcess({
    ...{ databaseUrl: options.databaseUrl, vendorsOrigin: world.origin, accountSid, authToken, fromNumber: callerNumber, startMs: clock.nowMs(), dataDir },
    environment: { CALLS_PER_SECOND: String(plan.callsPerSecond), MAX_CONCURRENT_CALLS: String(plan.concurrency) },
  });
  try {
    const numbers = Array.from({ length: plan.people }, (_, index) => `+9198765${String(40_000 + index)}`);
    const hangUpAtFrame = options.hangUpAfterMs === undefined ? undefined : options.hangUpAfterMs / frameMs;
    for (const number of numbers) world.faults.onNumber(number, hangUpAtFrame === undefined ? {} : { hangUpAtFrame });
    await callAll(service, numbers, plan);
    await speaking(world, options.liveCalls);
    return await signalled(world, clock, service, options);
  } finally {
    service.child.kill("SIGKILL");
    await service.gone;
    await world.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Plan {
  callsPerSecond: number;
  concurrency: number;
  people: number;
}

/**
 * Those who hang up by themselves are called at a pace that leaves others waiting for their place when the signal comes, with
 * slots enough for all; before a second signal everybody talks, and others wait for a slot.
 */
function planOf({ liveCalls, hangUpAfterMs }: DrainOptions): Plan {
  if (hangUpAfterMs === undefined) return { callsPerSecond: Math.min(20, liveCalls), concurrency: liveCalls, people: liveCalls * 2 };
  return { callsPerSecond: Math.max(1, liveCalls / 5), concurrency: liveCalls * 4, people: liveCalls * 2 + 10 };
}

async function callAll(service: ServiceProcess, numbers: readonly string[], { callsPerSecond, concurrency }: Plan): Promise<void> {
  const limits = { attempts: 1, cps: callsPerSecond, concurrency, ring_seconds: 15 };
  const created = (await (await service.ask("POST", "/v1/campaigns", { template: "emi-reminder", overrides: { limits } })).json()) as { id: string };
  const rows = numbers.map((number) => `${number},Asha,en-IN,ref-${number},4500,2026-12-20,home,1970`);
  await service.ask("POST", `/v1/campaigns/${created.id}/contacts`, ["phone,name,language,external_id,amount_due,due_date,loan_type,birth_year", ...rows].join("\n"));
  const started = await service.ask("POST", `/v1/campaigns/${created.id}/start`, {});
  if (!started.ok) throw new Error(`expected the campaign to start, got ${await started.text()}`);
}

/** Resolves when so many people have heard a word. */
async function speaking(world: PhoneWorld, calls: number): Promise<void> {
  const hearing = new Set<string>();
  await world.ledger.until((event) => {
    if (event.kind === "heard" && event.callSid !== null) hearing.add(event.callSid);
    return hearing.size >= calls;
  });
}

/** Resolves when the process says that it takes no more work. */
async function notReady(service: ServiceProcess): Promise<void> {
  while ((await service.ask("GET", "/readyz")).ok) await nextTurn();
}

async function signalled(world: PhoneWorld, clock: Clock, service: ServiceProcess, options: DrainOptions): Promise<DrainReport> {
  const { ledger } = world;
  const live = ledger.calls().filter((call) => call.endedAtMs === null);
  const signalAtMs = clock.nowMs();
  const called = ledger.calls().length;
  const beganMs = performance.now();
  let tookMs = 0;
  const gone = service.gone.then((code) => {
    tookMs = performance.now() - beganMs;
    return code;
  });
  service.child.kill("SIGTERM");
  if (options.hangUpAfterMs === undefined) {
    await notReady(service);
    service.child.kill("SIGTERM");
  }
  await Promise.all(live.map((call) => ledger.untilEnded(call.callSid)));
  const failedWebhooks = unanswered(ledger.eventsOf("webhook"));
  const exitCode = await gone;
  const ended = ledger.calls().filter((call) => live.some((each) => each.callSid === call.callSid));
  return {
    live: live.length,
    waiting: planOf(options).people - called,
    cut: ended.filter((call) => call.hungUpBy !== "callee").map((call) => `${call.callSid} ended by ${call.hungUpBy}`),
    placedLate: ledger.calls().filter((call) => call.createdAtMs > signalAtMs + 1_000).length,
    failedWebhooks,
    lastHeard: live.map((call) => ledger.heardUtterances(call.callSid).at(-1)?.text ?? ""),
    exitCode,
    tookMs,
  };
}

function unanswered(webhooks: readonly EventOf<"webhook">[]): number {
  const nameOf = ({ url, form }: EventOf<"webhook">): string => JSON.stringify([url, form]);
  const answered = new Set(webhooks.filter(({ status }) => status !== null && status < 300).map(nameOf));
  return new Set(webhooks.map(nameOf).filter((name) => !answered.has(name))).size;
}
