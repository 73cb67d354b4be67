import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { runningClock } from "./adapters/system/clock.ts";
import { systemLog } from "./adapters/system/log.ts";
import { loadConfig } from "./config.ts";
import { apiClient } from "./demo/api-client.ts";
import { accountFor, addsUp, closingReport } from "./demo/closing-report.ts";
import { firstMorning } from "./demo/first-morning.ts";
import { latencyLines } from "./demo/latency-lines.ts";
import { newScreen } from "./demo/screen.ts";
import { type DemoCampaign, prepareCampaign, recordScrub, startCampaign, suppress } from "./demo/steps.ts";
import { clockText, watchCampaigns } from "./demo/watch-campaigns.ts";
import { type Service, startService } from "./service/start-service.ts";
import type { WorldAccount } from "./service/vendor-accounts.ts";
import { startWorldThread, type WorldThread } from "./simulator/world-thread.ts";

/** How much faster than real time the demo runs: half a minute of talk takes ten seconds. */
const rate = 3;
const outcomesFile = "demo-outcomes.csv";
/** Papers of a sender that a simulated one cannot have. */
const vouchedFor = ["foreign_caller_number", "no_sender_registration", "no_a2p_declaration", "no_series_for_sector", "consent_basis_not_recorded"];
/** Asked us not to call: on the suppression list before the campaigns start. */
const suppressed = ["6000001023", "6000001048", "6000001073", "6000001098", "6000001123", "6000001503"];
/** What today's pass through the DND register blocks of the promotional list. */
const onRegister = ["6000001500", "6000001507", "6000001511", "6000001519", "6000001524", "6000001530", "6000001536"];

const screen = newScreen(process.stdout);
/** The event loop's lateness is sampled this often; a sample includes the interval itself. */
const sampleEveryMs = 5;
const lateness = monitorEventLoopDelay({ resolution: sampleEveryMs });
const lateMs = (percentile: number): number => Math.max(0, lateness.percentile(percentile) / 1e6 - sampleEveryMs);

async function run(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "dialer-demo-"));
  const log = systemLog({ level: "silent" });
  const startMs = firstMorning(Date.now());
  const atSystemMs = performance.timeOrigin + performance.now();
  const clock = runningClock({ startMs, rate });
  lateness.enable();
  screen.say("A lender's EMI reminder and a shop's festive offer, dialed in a simulated phone world: no keys, nobody is rung.");
  screen.say(`The clock of this demo starts at ${clockText(clock.nowMs())} IST, inside the calling window, and skips idle hours.\n`);
  const config = loadConfig({ PORT: "0", DATA_DIR: dataDir, CALLS_PER_SECOND: "12", MAX_CONCURRENT_CALLS: "80", LOG_LEVEL: "silent" });
  const worlds: WorldThread[] = [];
  const startWorld = async (account: WorldAccount): Promise<WorldThread> => {
    const world = await startWorldThread({ ...account, seed: 1, clock: { startMs, atSystemMs, rate } });
    worlds.push(world);
    return world;
  };
  const service = await startService({ config, log, clock, startWorld, passing: true });
  const [world] = worlds;
  if (!world) throw new Error("expected the service to start a phone world");
  try {
    await campaigns(service, world);
  } finally {
    service.endCalls();
    await service.drain();
    await rm(dataDir, { recursive: true, force: true });
  }

  async function campaigns(running: Service, phones: WorldThread): Promise<void> {
    if (running.newApiKey === null) throw new Error("expected a fresh account to come with a key");
    const api = apiClient(running.origin, running.newApiKey);
    const reminder = await prepareCampaign(api, { template: "emi-reminder", overrides: { limits: { attempts: 2, ring_seconds: 12 }, retry: { voicemail: [], failed: [], not_reached: ["30m"] } } });
    const offer = await prepareCampaign(api, { template: "festive-offer", overrides: { limits: { attempts: 1, ring_seconds: 15, per_number_per_day: 2, per_number_per_week: 3 } } });
    await suppress(api, suppressed);
    await recordScrub(api, offer, clock, onRegister);
    const all: DemoCampaign[] = [reminder, offer];
    for (const campaign of all) {
      const { rows, accepted } = campaign.list;
      screen.say(`${campaign.name}: ${rows} rows read, ${accepted} accepted, ${rows - accepted} rejected with a reason each`);
      await startCampaign(api, campaign, vouchedFor);
    }
    screen.say("");
    await watchCampaigns({
      api,
      clock,
      campaigns: all,
      show: (nowMs, views) => screen.progress(nowMs, all, views),
      async scrubAgain(campaign) {
        screen.say(`${clockText(clock.nowMs())}: a new day; ${campaign.name} is promotional and may not dial before its list is scrubbed again`);
        await recordScrub(api, campaign, clock, onRegister);
      },
      jumpTo: (epochMs) => {
        clock.jumpTo(epochMs);
        phones.jumpTo(epochMs);
      },
      skipped: (fromMs, toMs, because) => screen.say(`${clockText(fromMs)}: nothing to do before ${clockText(toMs)} (${because}); the clock is moved there`),
    });
    await closeBooks(phones, api, all);
  }

  async function closeBooks(phones: WorldThread, api: ReturnType<typeof apiClient>, all: readonly DemoCampaign[]): Promise<void> {
    const exports = await Promise.all(all.map((campaign) => api.text(`/v1/campaigns/${campaign.id}/outcomes.csv`)));
    const accounts = all.map((campaign, index) => accountFor(campaign, exports[index] ?? ""));
    for (const [index, campaign] of all.entries()) {
      const accounting = accounts[index];
      if (accounting) screen.say(`\n${await closingReport(api, campaign, accounting)}`);
    }
    const [first = "", ...others] = exports;
    await writeFile(outcomesFile, first + others.map((text) => text.slice(text.indexOf("\r\n") + 2)).join(""));
    const { calls, rang, errors, latencies } = await phones.summary();
    // A callback that a busy machine answered 503 is sent again by the carrier: late, but not a mistake.
    const mistakes = errors.filter((error) => error.code !== "webhook_failed");
    screen.say(`\nThe phone world's own ledger: ${calls} calls, ${rang} phones rang, ${mistakes.length === 0 ? "nothing wrong with any of them" : `${mistakes.length} errors`}.`);
    for (const error of mistakes.slice(0, 10)) screen.say(`  ${error.code}: ${error.detail}`);
    for (const line of latencyLines({ world: latencies, rate, lateP50Ms: lateMs(50), lateP99Ms: lateMs(99) })) screen.say(line);
    screen.say(`Every contact's outcome is in ${outcomesFile}.`);
    if (mistakes.length > 0 || !accounts.every(addsUp)) process.exitCode = 1;
  }
}

await run();
