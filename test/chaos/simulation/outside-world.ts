import { sql } from "kysely";
import type { Database } from "../../../src/db/database.ts";
import { cancelQueuedCalls } from "../../../src/dial/cancel-queued-calls.ts";
import { openStream } from "../../../src/dial/open-stream.ts";
import type { DialDeps } from "../../../src/dial/ports.ts";
import { receiveFact } from "../../../src/dial/receive-fact.ts";
import { recordConsentAnswer } from "../../../src/dial/visit-call.ts";
import type { Clock } from "../../../src/domain/clock.ts";
import { type CampaignId, type ContactId, type Id, newId } from "../../../src/domain/ids.ts";
import type { E164 } from "../../../src/domain/phone-number.ts";
import { type Random, wholeBelow } from "../../../src/domain/random.ts";
import type { Vault } from "../../../src/domain/vault.ts";
import { pauseForCause } from "../../../src/schedule/stop-campaign.ts";
import { rowWriter, testDefinition, testNumber } from "../../support/rows.ts";
import type { Agenda, Owner } from "./agenda.ts";
import type { Witness } from "./invariants.ts";
import type { SimCall } from "./sim-carrier.ts";

const lateMs = Date.parse("2026-12-01T18:59:25+05:30");

/** Two campaigns of one account that share a number; the second asks for consent to record. */
export async function populate(database: Database, clock: Clock, random: Random, vault: Vault): Promise<{ campaigns: CampaignId[]; numbers: E164[] }> {
  const rows = rowWriter(database.db, clock, vault);
  const account = await rows.account();
  const campaigns: CampaignId[] = [];
  const numbers: E164[] = [];
  for (const { mode, tails } of [{ mode: "off" as const, tails: [1, 2, 3] }, { mode: "consent" as const, tails: [2] }]) {
    const campaign = await rows.campaign(account, {
      id: newId<CampaignId>(clock, random),
      definitionSource: testDefinition({
        window: { from: "10:00", to: "19:00" },
        limits: { cps: 2, concurrency: 2, attempts: 3, budget_inr: 60, max_call_seconds: 90, ring_seconds: 25 },
        retry: { no_answer: ["30m", "2h"], busy: ["10m", "1h"], failed: ["1h"] },
        recording: { mode },
      }),
    });
    campaigns.push(campaign);
    for (const tail of tails) {
      const number = testNumber(tail);
      numbers.push(number);
      // The last one may be called only moments before its window closes.
      const from = tail === 3 ? new Date(lateMs + random.fraction() * 30_000) : null;
      await rows.contact(account, campaign, number, { id: newId<ContactId>(clock, random), ...(from && { not_before: from, next_attempt_at: from }) });
    }
  }
  return { campaigns, numbers };
}

export interface OperatorsDeps {
  agenda: Agenda;
  outside: Owner;
  random: Random;
  database: Database;
  vault: Vault;
  campaigns: readonly CampaignId[];
  numbers: readonly E164[];
  witness: Witness;
  step(): number;
  inAnyProcess(work: (deps: DialDeps) => Promise<unknown>): Promise<void>;
}

const hourMs = 3_600_000;

/** Somebody pauses a campaign for a while; somebody asks never to be called again. Answers a way to pause one at a bad moment. */
export function scheduleOperators(o: OperatorsDeps): () => Promise<void> {
  const [campaign] = [o.campaigns[wholeBelow(o.random, o.campaigns.length)]];
  const [number] = [o.numbers[wholeBelow(o.random, o.numbers.length)]];
  if (campaign === undefined || number === undefined) throw new Error("expected campaigns and numbers");
  const pausedAtMs = o.agenda.nowMs() + (0.5 + o.random.fraction() * 4) * hourMs;
  o.agenda.at(pausedAtMs, o.outside, "pause", () => pauseFor(o, campaign, (0.1 + o.random.fraction()) * hourMs));
  if (o.random.fraction() < 0.5) o.agenda.at(o.agenda.nowMs() + (0.6 + o.random.fraction() * 5) * hourMs, o.outside, "opt-out", () => suppress(o, number));
  return async () => {
    const any = o.campaigns[wholeBelow(o.random, o.campaigns.length)];
    if (any !== undefined) await pauseFor(o, any, 0.2 * hourMs);
  };
}

async function pauseFor(o: OperatorsDeps, campaign: CampaignId, ms: number): Promise<void> {
  if (o.witness.stoppedSteps.some((stretch) => stretch.campaign === campaign && stretch.to === Number.POSITIVE_INFINITY)) return;
  await o.inAnyProcess((deps) =>
    pauseForCause({ db: deps.db, clock: deps.clock, log: deps.log, cancelQueuedCalls: (input) => cancelQueuedCalls(deps, input) }, { campaignId: campaign, because: "operator" }),
  );
  const { state } = await o.database.db.selectFrom("campaigns").where("id", "=", campaign).select("state").executeTakeFirstOrThrow();
  if (state !== "paused") return;
  const stretch = { campaign, from: o.step(), to: Number.POSITIVE_INFINITY };
  o.witness.stoppedSteps.push(stretch);
  o.agenda.at(o.agenda.nowMs() + ms, o.outside, "resume", async () => {
    stretch.to = o.step();
    await o.database.db.updateTable("campaigns").set({ state: "running", paused_because: null }).where("id", "=", campaign).execute();
  });
}

async function suppress(o: OperatorsDeps, number: E164): Promise<void> {
  const clock = o.agenda.clockFor(o.outside, 0);
  const account = await o.database.db.selectFrom("accounts").select("id").executeTakeFirstOrThrow();
  await o.database.db
    .insertInto("suppressions")
    .values({ id: newId<Id<"suppression">>(clock, o.random), account_id: account.id, number_key: o.vault.numberKey(number), number_sealed: null, reason: "opted_out", source: "call", created_at: new Date(o.agenda.nowMs()) })
    .execute();
  o.witness.suppressedAtStep.set(number, o.step());
}

/** The media stream of an answered call connects, and the conversation lives until the call ends. */
export async function startTalk(database: Database, deps: DialDeps, call: SimCall): Promise<void> {
  const { answer, token } = call.order;
  const plan = answer.kind === "ask_consent" ? await recordConsentAnswer({ ...deps, facts: { receive: (input) => receiveFact(deps, input) }, optOut: () => Promise.resolve() }, { token, callSid: call.callSid, speech: "haan", digits: null }) : answer;
  if (plan.kind !== "converse") return;
  const stream = await openStream(deps, { token: plan.streamToken, callSid: call.callSid });
  const now = new Date(deps.clock.nowMs());
  await sql`insert into conversations (attempt_id, account_id, campaign_id, contact_id, owner, started_at, last_alive_at, language)
            values (${stream.attemptId}, ${stream.accountId}, ${stream.campaignId}, ${stream.contactId}, 'simulated', ${now}, ${new Date(now.getTime() + hourMs)}, 'en-IN')
            on conflict do nothing`.execute(database.db);
}

/** Which campaign each new call belongs to. */
export async function noteCampaigns(database: Database, witness: Witness, calls: readonly SimCall[]): Promise<void> {
  for (const call of calls) {
    const attempt = await database.db.selectFrom("attempts").where("token", "=", call.order.token).select("campaign_id").executeTakeFirst();
    if (attempt) witness.campaignOf.set(call.order.token, attempt.campaign_id);
  }
}
