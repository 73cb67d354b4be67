import { DateTime } from "luxon";
import type { Database } from "../../src/db/database.ts";
import { cancelQueuedCalls } from "../../src/dial/cancel-queued-calls.ts";
import { receiveFact } from "../../src/dial/receive-fact.ts";
import type { CampaignId } from "../../src/domain/ids.ts";
import { seededRandom, wholeBelow } from "../../src/domain/random.ts";
import { scrubCampaign } from "../../src/scrub/scrub-campaign.ts";
import { newAgenda, type Owner } from "../chaos/simulation/agenda.ts";
import type { SimDatabase } from "../chaos/simulation/open-sim-database.ts";
import { simCarrier, type SimCarrier } from "../chaos/simulation/sim-carrier.ts";
import { silentLog } from "../support/log.ts";
import { testVault } from "../support/vault.ts";
import { backgroundWork } from "./background-work.ts";
import { callStories } from "./call-stories.ts";
import { scheduleCampaigns } from "./campaign-acts.ts";
import { emptyLaw } from "./empty-law.ts";
import { startOf } from "./oracle/ist.ts";
import { judgeCall } from "./oracle/judge-call.ts";
import type { LedgerCall, Purpose } from "./oracle/truth.ts";
import { schedulePeople } from "./people-acts.ts";
import { populate } from "./populate.ts";
import { startProcesses } from "./processes.ts";
import { daysPerStretch, firstDayOf } from "./stretch-dates.ts";
import type { World } from "./world.ts";

const dayMs = 86_400_000;

/** The database of a stretch, and plain connections to it for lists: COPY goes over no connection that is asked ahead. */
export interface StretchDatabases {
  database: SimDatabase;
  lists: Database;
}

export interface Violation {
  /** When and of which campaign, ISO 8601 with +05:30. */
  at: string;
  campaign: string;
  what: string;
}

/** What a stretch of days came to. */
export interface StretchReport {
  stretch: number;
  firstDay: string;
  lastDay: string;
  calls: number;
  callsByPurpose: Partial<Record<Purpose, number>>;
  /** Every decision against a call, by its code: which rules had something to say. */
  refusals: Readonly<Record<string, number>>;
  violations: readonly Violation[];
}

/**
 * Some days of two senders, seven campaigns and thirteen people, drawn from the seed, with everything that can go wrong
 * at the carrier, in the database, in the queue and in the processes. Every call in the carrier's ledger is judged by the oracle.
 */
export async function runStretch({ database, lists }: StretchDatabases, input: { seed: number; stretch: number }): Promise<StretchReport> {
  await emptyLaw(database);
  const random = seededRandom(input.seed * 100_003 + input.stretch);
  const firstDay = firstDayOf(input.stretch, random);
  const startMs = startOf(firstDay);
  const agenda = newAgenda(startMs);
  const outside: Owner = { name: "outside" };
  const clock = agenda.clockFor(outside, 0);
  const vault = testVault(database.db);
  const scrub = { db: database.db, pool: lists.pool, vault, clock, random, log: silentLog };
  const world: World = {
    agenda,
    outside,
    random,
    database,
    clock,
    vault,
    scrub,
    lifecycle: {
      db: database.db,
      clock,
      random,
      log: silentLog,
      templates: { load: () => Promise.resolve(undefined), names: () => Promise.resolve([]) },
      scrub: ({ campaignId }) => scrubCampaign(scrub, { campaignId }),
      cancelQueuedCalls: ({ campaignId }) => processes.inAny(({ dial }) => cancelQueuedCalls(dial, { campaignId })),
      callerNumbers: [],
      acknowledged: [],
    },
    startMs,
    endMs: startMs + daysPerStretch * dayMs,
    senders: [],
  };
  const stories = callStories(world);
  const processes = startProcesses(world, () => carrier);
  const carrier: SimCarrier = simCarrier({
    agenda,
    random,
    outside,
    deliver: (token, fact) => processes.inAny(({ dial }) => receiveFact(dial, { token, fact })),
    async pickedUp(call) {
      if (wholeBelow(random, 10) > 0) await processes.inAny(({ dial }) => stories.begin(dial, call));
    },
    hungUp: (call) => stories.end(call),
  });
  await populate(world);
  for (const name of ["alpha", "beta", "gamma"]) processes.boot(name);
  scheduleCampaigns(world);
  schedulePeople(world);
  const background = backgroundWork(world, processes, carrier);
  await background.look();

  let writesSeen = database.writes;
  const ledger: LedgerCall[] = [];
  const violations: Violation[] = [];
  await agenda.runUntil(world.endMs, async (what) => {
    for (const call of carrier.calls.slice(ledger.length)) {
      const line = await ledgerLine(world, call);
      violations.push(...judgeCall(line, ledger).map((what) => ({ at: istOf(line.receivedAtMs), campaign: line.campaign.name, what })));
      ledger.push(line);
    }
    if (operatorsOwn.has(what)) background.planSoon();
    if (database.writes !== writesSeen || background.due()) await background.look();
    writesSeen = database.writes;
  });
  return {
    stretch: input.stretch,
    firstDay,
    lastDay: istOf(world.endMs - dayMs).slice(0, 10),
    calls: ledger.length,
    callsByPurpose: Object.fromEntries(Object.entries(Object.groupBy(ledger, ({ campaign }) => campaign.purpose)).map(([purpose, calls]) => [purpose, calls.length])),
    refusals: await refusalsOf(database),
    violations,
  };
}

/** Acts after which calls may begin that could not before. */
const operatorsOwn: ReadonlySet<string> = new Set(["start", "resume", "scrub", "other hours", "other caps", "new contact", "lifting", "end of hold"]);

async function ledgerLine(world: World, call: SimCarrier["calls"][number]): Promise<LedgerCall> {
  const { campaign_id } = await world.database.db.selectFrom("attempts").where("token", "=", call.order.token).select("campaign_id").executeTakeFirstOrThrow();
  const played = world.senders.flatMap(({ campaigns }) => campaigns).find(({ id }: { id: CampaignId }) => id === campaign_id);
  if (!played) throw new Error("expected a call of a campaign of the simulation");
  return { receivedAtMs: call.createdAtMs, leftAtMs: call.leftAtMs, to: call.order.to, from: call.order.from, campaign: played.truth };
}

async function refusalsOf(database: Database): Promise<Record<string, number>> {
  const rows = await database.db.selectFrom("evidence").where("decision", "in", ["wait", "never"]).select(["code", (e) => e.fn.countAll<number>().as("times")]).groupBy("code").execute();
  return Object.fromEntries(rows.map(({ code, times }) => [code, Number(times)]));
}

function istOf(epochMs: number): string {
  return DateTime.fromMillis(epochMs, { zone: "Asia/Kolkata" }).toISO() ?? String(epochMs);
}
