import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bullmqJobQueue } from "../adapters/bullmq/bullmq-job-queue.ts";
import { postgresStore } from "../adapters/bullmq/postgres-store.ts";
import { redisStore } from "../adapters/bullmq/redis-store.ts";
import { campaignTemplates } from "../adapters/system/campaign-templates.ts";
import { runningClock } from "../adapters/system/clock.ts";
import { systemMetrics } from "../adapters/system/metrics.ts";
import { systemRandom } from "../adapters/system/random.ts";
import type { Config } from "../config.ts";
import { cancelQueuedCalls } from "../dial/cancel-queued-calls.ts";
import { keepToCarrierAccount } from "../dial/carrier-account.ts";
import { recordConsentAnswer, resumeCall } from "../dial/visit-call.ts";
import { worstCasePaise } from "../dial/worst-case.ts";
import type { Clock } from "../domain/clock.ts";
import type { AccountId } from "../domain/ids.ts";
import type { JobQueue } from "../domain/jobs.ts";
import { newLiveness, stalledAfterMs } from "../domain/liveness.ts";
import type { Log } from "../domain/log.ts";
import { ensureFirstAccount } from "../http/auth/first-account.ts";
import { carrierWebhooks } from "../http/carrier-webhooks.ts";
import { createApi } from "../http/create-api.ts";
import { operatorRoutes } from "../http/operator-routes.ts";
import { failAbandonedImports } from "../intake/fail-abandoned-imports.ts";
import { definitionCache } from "../schedule/definition-cache.ts";
import type { LifecycleDeps } from "../schedule/ports.ts";
import { startPlanner } from "../schedule/start-planner.ts";
import { pauseForCause } from "../schedule/stop-campaign.ts";
import { recordHold } from "../scrub/holds.ts";
import { recordOptOut } from "../scrub/record-opt-out.ts";
import { scrubCampaign } from "../scrub/scrub-campaign.ts";
import { noticeClockBehind } from "./clock-behind.ts";
import { databaseReadiness } from "./database-readiness.ts";
import { accountInUse, openCarrier } from "./open-carrier.ts";
import { openStorage, type Storage } from "./open-storage.ts";
import { operatorUseCases } from "./operator-use-cases.ts";
import { listenError, PortTaken } from "./port-taken.ts";
import { startChores } from "./start-chores.ts";
import { type StartWorld, vendorAccounts } from "./vendor-accounts.ts";
import { wireDialing } from "./wire-dialing.ts";
import { wireTalk } from "./wire-talk.ts";

export interface ServiceOptions {
  config: Config;
  log: Log;
  /** Used instead of the database's clock: trials move it, tests run it faster. */
  clock?: Clock;
  /** Starts the phone world when no carrier is configured; default: one in this process. */
  startWorld?: StartWorld;
  /** Throws the embedded database away at the end. */
  passing?: boolean;
}

/** A running service. */
export interface Service {
  /** "http://127.0.0.1:PORT" */
  origin: string;
  /** The first account's key, when it was made just now; shown once. */
  newApiKey: string | null;
  accountId: AccountId;
  clock: Clock;
  storage: Storage;
  /** Takes no new calls, lets live ones finish up to the configured time, then stops. */
  drain(): Promise<void>;
  /** Ends live calls with a goodbye; a drain under way then ends soon. */
  endCalls(): void;
}

const campaignsFolder = new URL("../../campaigns/", import.meta.url).pathname;

/** Builds everything in story order and opens the doors last. Whatever was built is closed again when a later part fails. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, log } = options;
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await build(options, closers, closeAll);
  } catch (error) {
    if (error instanceof PortTaken) log.error(error.message);
    else log.error("the service could not start", { error, roles: [...config.roles] });
    await closeAll();
    throw error;
  }
}

async function build(options: ServiceOptions, closers: (() => Promise<void>)[], closeAll: () => Promise<void>): Promise<Service> {
  const { config, log } = options;
  const random = systemRandom;
  const storage = await openStorage({ config, log, clock: options.clock, passing: options.passing });
  closers.push(() => storage.close());
  const { clock, vault, database } = storage;
  const { db, pool } = database;
  await noticeClockBehind({ db, clock, log });

  const server = createServer({ keepAliveTimeout: keepAliveMs }, notYet);
  const port = await listen(server, config.port, config.host);
  closers.push(() => closeServer(server));
  const origin = `http://127.0.0.1:${port}`;
  const accounts = await vendorAccounts({ config, clock, log, startWorld: options.startWorld }, config.publicUrl ?? origin);
  closers.push(async () => accounts.world?.close());
  const carrier = openCarrier({ config, clock }, accounts.carrier);

  const scrub = { db, pool, vault, clock, random, log: log.child({ part: "scrub" }) };
  const intake = { db, pool, vault, clock, random, log: log.child({ part: "intake" }) };
  const lifecycle: LifecycleDeps = {
    db,
    clock,
    random,
    log: log.child({ part: "schedule" }),
    templates: campaignTemplates(campaignsFolder),
    scrub: (input) => scrubCampaign(scrub, input),
    cancelQueuedCalls: (input) => cancelQueuedCalls(dialing.deps, input),
    callerNumbers: carrier.fromNumbers,
    acknowledged: config.acknowledged,
  };
  const metrics = systemMetrics();
  // Real time, whatever the service's own clock does.
  const liveness = newLiveness(runningClock());
  const dialing = wireDialing({
    config,
    storage,
    carrier,
    random,
    log,
    liveness,
    protection: {
      optOut: ({ accountId, attemptId }) => recordOptOut(scrub, { accountId, attemptId, how: "said" }),
      hold: (input) => recordHold(scrub, input),
    },
    stopDialing: { pauseCampaign: async (input) => void (await pauseForCause(lifecycle, input)) },
    metrics: metrics.dial,
    news: {
      placed: (call) => (config.roles.has("media") ? talking.live.prepare(call) : undefined),
      ended: (attemptId) => talking.live.forget(attemptId),
    },
  });
  const talking = wireTalk({ config, storage, accounts, dial: dialing.deps, scrub, settle: dialing.settle, log });

  metrics.watch("live_conversations", "Conversations under way in this process", () => talking.live.live);
  metrics.watchEach("loop_seconds_since_run", "Since a run of each background loop of this process last ended", "loop", () => new Map([...liveness.msSinceRun()].map(([loop, ms]) => [loop, ms / 1_000])));

  const first = await ensureFirstAccount({ db, clock, random, vault }, { apiKey: config.apiKey });
  await keepToCarrierAccount({ db, clock, vault }, accountInUse(accounts.carrier));
  const queue = await openQueue(config, storage, log);
  let queueStopped: Promise<void> | undefined;
  const stopQueue = (): Promise<void> => (queueStopped ??= queue.stop());
  closers.push(stopQueue);
  let stopping = false;
  const queueSilentMs = (): number => queue.msSinceProgress() ?? 0;
  metrics.watch("queue_seconds_since_progress", "Since a job or a probe last came through the queue; 0 in a process that takes no jobs", () => queueSilentMs() / 1_000);
  const readiness = databaseReadiness({
    db,
    clock,
    isStopping: () => stopping,
    clockAgrees: () => storage.clockAgrees(),
    loopsGoRound: () => liveness.stalled().length === 0,
    queueMoves: () => queueSilentMs() <= stalledAfterMs,
  });
  const api = createApi({
    db,
    clock,
    random,
    log: log.child({ part: "http" }),
    vault,
    registry: metrics.registry,
    routes: config.roles.has("api") ? operatorRoutes({ db, clock, random }, operatorUseCases({ config, storage, lifecycle, scrub, intake })) : [],
    readiness,
    otherDoors: carrierWebhooks({
      dialect: carrier.dialect,
      clock,
      log: log.child({ part: "carrier door" }),
      intake: dialing.facts,
      recordConsentAnswer: (visit) => recordConsentAnswer({ ...dialing.deps, facts: dialing.facts, optOut: (input) => recordOptOut(scrub, input) }, visit),
      resumeCall: (visit) => resumeCall({ ...dialing.deps, facts: dialing.facts }, visit),
    }),
  });
  let mediaClosed = false;
  const door = config.roles.has("media") ? talking.openDoor(server, () => mediaClosed) : undefined;
  server.off("request", notYet);
  server.on("request", api);

  // The doors are open: what is dialed from here on can be heard of.
  const placing: { stop(): Promise<unknown> }[] = [];
  if (config.roles.has("dialer")) {
    const planner = startPlanner({
      db,
      definitions: definitionCache(),
      clock,
      random,
      log: log.child({ part: "planner" }),
      liveness,
      vault,
      queue,
      capacity: { callsPerSecond: config.callsPerSecond, concurrentCalls: config.maxConcurrentCalls },
      worstCasePaise: (maxCallSeconds) => worstCasePaise(maxCallSeconds, config.prices.worstCasePerMinutePaise),
      callerNumbers: carrier.fromNumbers,
      acknowledged: config.acknowledged,
    });
    await dialing.takeJobs(queue);
    placing.push(planner, { stop: stopQueue });
  }
  const chores = startChores({ storage, random, log, liveness, dialing, scrub, intake, allowLoopback: !config.production });
  await failAbandonedImports(intake);

  const hurry = new AbortController();
  const endCalls = (): void => {
    hurry.abort();
    talking.live.endAll();
  };
  const drain = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    dialing.deps.spacing.standDown();
    if (talking.live.live > 0) log.info("calls are live; press Ctrl-C again (or send SIGTERM) to end them now, with a goodbye", { liveConversations: talking.live.live });
    const patience = clock.setTimer(config.drainMs, endCalls);
    await Promise.all(placing.map((part) => part.stop()));
    // Whoever picks up now was rung by us and must not hear silence.
    await talking.live.noneRinging(hurry.signal);
    mediaClosed = true;
    door?.close();
    await talking.live.idle();
    patience.cancel();
    await dialing.facts.idle();
    await chores.stop();
    talking.live.close();
    await closeAll();
  };
  return { origin, newApiKey: first.newKey, accountId: first.accountId, clock, storage, drain, endCalls };
}

/** The queue counts on real time, whatever the service's own clock does. */
function openQueue(config: Config, storage: Storage, log: Log): Promise<JobQueue> {
  const store = config.redisUrl === null ? postgresStore({ connectionString: storage.databaseUrl }) : redisStore({ url: config.redisUrl });
  return bullmqJobQueue({ store, clock: runningClock(), random: systemRandom, log: log.child({ part: "queue" }) });
}

/** Longer than load balancers keep an idle connection (commonly 60 s): they must be the ones who close it, or a callback meets a closed door. */
const keepAliveMs = 75_000;

/** Whoever asks while the parts are still being built is told to come again; without an answer the request would hang for ever. */
function notYet(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { "retry-after": "1", connection: "close" }).end();
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(listenError(error, port));
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}
