import { afterEach } from "vitest";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { DialDeps, DialSettings } from "../../src/dial/ports.ts";
import { newSpacing } from "../../src/dial/spacing.ts";
import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import type { CallFact } from "../../src/domain/call-fact.ts";
import type { Clock } from "../../src/domain/clock.ts";
import type { DefinitionSource } from "../../src/domain/definition.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../../src/domain/ids.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import type { Vault } from "../../src/domain/vault.ts";
import { type ManualClock, manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type RecordingLog, recordingLog } from "../support/log.ts";
import { rowWriter, testDefinition, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import { callerNumber } from "./caller-number.ts";
import { fakeCarrier, type FakeCarrier } from "./fake-carrier.ts";

/** A Tuesday morning inside every calling window. */
export const morning = "2026-12-01T11:00";

export interface DialWorld {
  database: TestDatabase;
  clock: ManualClock;
  carrier: FakeCarrier;
  log: RecordingLog;
  deps: DialDeps;
  vault: Vault;
  rows: ReturnType<typeof rowWriter>;
  accountId: AccountId;
  campaignId: CampaignId;
  /** Attempts that were told to be final, or revised, in order. */
  told: AttemptId[];
  /** A further campaign of the same account. */
  campaign(definition?: Partial<DefinitionSource>): Promise<CampaignId>;
  /** A contact with a planned attempt. */
  planned(tail: number, campaignId?: CampaignId): Promise<{ attemptId: AttemptId; contactId: ContactId; number: E164 }>;
  attempt(id: AttemptId): Promise<AttemptNow>;
  contact(id: ContactId): Promise<{ state: string; waiting_because: string | null; blocked_reason: string | null; next_attempt_at: Date | null }>;
  /** The same deployment seen from another process. */
  otherProcess(name: string, more?: Partial<DialDeps>): DialDeps;
}

type AttemptNow = Awaited<ReturnType<typeof readAttempt>>;

export interface WorldOptions {
  at?: string;
  definition?: Partial<DefinitionSource>;
  settings?: Partial<DialSettings>;
  clock?: Clock;
  maxConnections?: number;
}

const open: TestDatabase[] = [];
afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});

/** A database, one running campaign, a carrier in memory and a clock that stands still. */
export async function dialWorld(options: WorldOptions = {}): Promise<DialWorld> {
  const database = await testDatabase({ maxConnections: options.maxConnections ?? 10 });
  open.push(database);
  const clock = manualClock(options.at ?? morning);
  const log = recordingLog();
  const vault = testVault(database.db);
  const carrier = fakeCarrier(options.clock ?? clock);
  const rows = rowWriter(database.db, clock, vault);
  const accountId = await rows.account();
  const told: AttemptId[] = [];
  const settings: DialSettings = {
    processName: "dialer-1",
    callsPerSecond: 100,
    maxConcurrentCalls: 1_000,
    fromNumbers: [callerNumber],
    acknowledged: acknowledgeableCodes,
    worstCasePerMinutePaise: 500,
    ...options.settings,
  };
  const runs = options.clock ?? clock;
  const deps: DialDeps = {
    db: database.db,
    clock: runs,
    random: systemRandom,
    log,
    vault,
    carrier,
    settings,
    spacing: newSpacing(runs),
    onEnded: async ({ attemptId }) => void told.push(attemptId),
  };
  const campaign = (definition: Partial<DefinitionSource> = {}) =>
    rows.campaign(accountId, { definitionSource: testDefinition({ limits: { cps: 100, concurrency: 1_000 }, ...definition }) });
  const campaignId = await campaign(options.definition);
  return {
    database,
    clock,
    carrier,
    log,
    deps,
    vault,
    rows,
    accountId,
    campaignId,
    told,
    campaign,
    async planned(tail, ofCampaign) {
      const number = testNumber(tail);
      const contactId = await rows.contact(accountId, ofCampaign ?? campaignId, number, { state: "planned" });
      return { contactId, number, attemptId: await rows.attempt(contactId) };
    },
    attempt: (id) => readAttempt(database, id),
    contact: (id) =>
      database.db.selectFrom("contacts").where("id", "=", id).select(["state", "waiting_because", "blocked_reason", "next_attempt_at"]).executeTakeFirstOrThrow(),
    otherProcess: (name, more) => ({ ...deps, settings: { ...settings, processName: name }, spacing: newSpacing(more?.clock ?? runs), ...more }),
  };
}

function readAttempt(database: TestDatabase, id: AttemptId) {
  return database.db.selectFrom("attempts").where("id", "=", id).selectAll().executeTakeFirstOrThrow();
}

type FactBody<F> = F extends CallFact ? Omit<F, "callSid" | "authority" | "sequence" | "atMs"> : never;

/** A fact of a call, as the carrier tells it now. */
export function fact(world: { clock: Clock }, callSid: string, sequence: number, body: FactBody<CallFact>): CallFact {
  return { ...body, callSid, authority: "carrier", sequence, atMs: world.clock.nowMs() };
}

export function endedAs(ending: "completed" | "busy" | "no_answer" | "failed" | "canceled", durationSeconds: number | null = null): FactBody<Extract<CallFact, { kind: "ended" }>> {
  return { kind: "ended", ending, durationSeconds, carrierCode: null, pricePaise: null };
}
