import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DateTime } from "luxon";
import { type RunningClock, runningClock } from "../../src/adapters/system/clock.ts";
import { pause } from "../../src/domain/clock.ts";
import { loadConfig } from "../../src/config.ts";
import type { OutcomeRow } from "../../src/report/outcome-columns.ts";
import type { Progress } from "../../src/report/progress.ts";
import { type Service, startService } from "../../src/service/start-service.ts";
import { type PhoneWorld, type PhoneWorldOptions, startPhoneWorld } from "../../src/simulator/phone-world.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

/** A whole service with its phone world, reached only as its users reach it. */
export interface JourneyWorld {
  service: Service;
  phones: PhoneWorld;
  clock: RunningClock;
  /** Sends a request with the account's key; objects go as JSON, texts as CSV. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** As `ask`, expecting success, with the JSON of the answer. */
  get<T = Record<string, unknown>>(path: string): Promise<T>;
  post<T = Record<string, unknown>>(path: string, body?: unknown): Promise<T>;
  /** Creates a campaign and uploads its list. */
  campaign(definition: Record<string, unknown>, csv: string): Promise<string>;
  progress(campaignId: string): Promise<Progress>;
  /** Resolves when nothing is live and nothing is planned; contacts may wait for a later hour. */
  quiet(campaignId: string): Promise<void>;
  /** Resolves when the campaign is finished; moves the clock over idle hours when told so. */
  finished(campaignId: string, options?: { skipIdleHours?: boolean }): Promise<void>;
  outcomes(campaignId: string): Promise<OutcomeRow[]>;
  close(): Promise<void>;
}

export interface JourneyOptions {
  /** Where the clock starts, in Indian time. */
  startAt?: string;
  /** How much faster than real time everything runs. */
  rate?: number;
  phones?: Partial<PhoneWorldOptions>;
  environment?: Record<string, string>;
}

/** Starts a service on a database of its own, with the phone world in the same process and on the same clock. */
export async function journeyWorld(options: JourneyOptions = {}): Promise<JourneyWorld> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "journey-"));
  const startMs = DateTime.fromISO(options.startAt ?? "2026-12-01T10:30", { zone: "Asia/Kolkata" }).toMillis();
  const clock = runningClock({ startMs, rate: options.rate ?? 3 });
  const apiKey = "a-key-for-journeys-of-no-other-use";
  const config = loadConfig({
    PORT: "0",
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    DATABASE_CONNECTIONS: "10",
    API_KEY: apiKey,
    CALLS_PER_SECOND: "10",
    MAX_CONCURRENT_CALLS: "60",
    LOG_LEVEL: "silent",
    ACKNOWLEDGE: "foreign_caller_number,no_sender_registration,no_a2p_declaration,no_series_for_sector,consent_basis_not_recorded",
    ...options.environment,
  });
  const worlds: PhoneWorld[] = [];
  const startWorld = async (account: { accountSid: string; authToken: string; callsPerSecond: number }): Promise<PhoneWorld> => {
    const world = await startPhoneWorld({ ...account, clock, log: silentLog, ...options.phones });
    worlds.push(world);
    return world;
  };
  const service = await startService({ config, log: silentLog, clock, startWorld });
  const [phones] = worlds;
  if (!phones) throw new Error("expected the service to start a phone world");

  const ask: JourneyWorld["ask"] = (method, path, body, headers = {}) =>
    fetch(service.origin + path, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { "content-type": typeof body === "string" ? "text/csv" : "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const answered = async <T>(response: Response): Promise<T> => {
    const text = await response.text();
    if (!response.ok) throw new Error(`expected success from ${response.url}, got ${response.status}: ${text}`);
    return JSON.parse(text === "" ? "null" : text) as T;
  };
  const get = async <T>(path: string): Promise<T> => answered<T>(await ask("GET", path));
  const post = async <T>(path: string, body: unknown = {}): Promise<T> => answered<T>(await ask("POST", path, body));
  const progress = (campaignId: string): Promise<Progress> => get(`/v1/campaigns/${campaignId}/progress`);
  const until = async (campaignId: string, reached: (seen: Progress) => boolean, meanwhile?: (seen: Progress) => void): Promise<void> => {
    for (;;) {
      const seen = await progress(campaignId);
      if (reached(seen)) return;
      meanwhile?.(seen);
      await pause(clock, 1_000);
    }
  };

  return {
    service,
    phones,
    clock,
    ask,
    get,
    post,
    progress,
    async campaign(definition, csv) {
      const { id } = await post<{ id: string }>("/v1/campaigns", definition);
      await post(`/v1/campaigns/${id}/contacts`, csv);
      return id;
    },
    quiet: (campaignId) => until(campaignId, (seen) => seen.state === "finished" || (isQuiet(seen) && seen.funnel.waiting.contacts === waitingForLater(seen))),
    finished: (campaignId, { skipIdleHours = false } = {}) =>
      until(
        campaignId,
        (seen) => seen.state === "finished",
        (seen) => {
          const idleUntil = skipIdleHours && isQuiet(seen) ? idleUntilMs(seen) : undefined;
          if (idleUntil !== undefined) clock.jumpTo(idleUntil + 60_000);
        },
      ),
    async outcomes(campaignId) {
      const text = await (await ask("GET", `/v1/campaigns/${campaignId}/outcomes.ndjson`)).text();
      return text.trim().split("\n").map((line) => JSON.parse(line) as OutcomeRow);
    },
    async close() {
      service.endCalls();
      await service.drain();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const isQuiet = (seen: Progress): boolean => seen.live_calls === 0 && seen.funnel.planned.contacts === 0;
const later = new Set(["callback_promised", "retry_wait"]);

function waitingForLater(seen: Progress): number {
  return seen.not_dialing_because.filter((reason) => later.has(reason.reason)).reduce((sum, reason) => sum + reason.contacts, 0);
}

/** The instant until which everybody waits; undefined when somebody waits for something else. */
function idleUntilMs(seen: Progress): number | undefined {
  const reasons = seen.not_dialing_because.filter((reason) => reason.contacts > 0);
  if (reasons.length === 0 || reasons.some((reason) => reason.until === null)) return undefined;
  return Math.min(...reasons.map((reason) => Date.parse(reason.until ?? "")));
}

/** The reminder campaign with every persona's dispositions, one attempt a contact. */
export const reminder = { template: "emi-reminder", overrides: { limits: { attempts: 1, cps: 10, concurrency: 60, ring_seconds: 15 } } };

/** A contact of the reminder campaign as a row of its CSV. */
export function reminderRow(number: string, more: { language?: string } = {}): string {
  const lastTwo = Number(number.slice(-2));
  return `${number},Asha,${more.language ?? ""},ref-${number},4500,2026-12-20,home,${1960 + (lastTwo % 40)}`;
}

export const reminderHeader = "phone,name,language,external_id,amount_due,due_date,loan_type,birth_year";
