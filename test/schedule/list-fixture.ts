import { sql } from "kysely";
import type { Db } from "../../src/db/database.ts";
import type { DefinitionSource } from "../../src/domain/definition.ts";
import { type AccountId, type CampaignId, newId } from "../../src/domain/ids.ts";
import { seededRandom } from "../../src/domain/random.ts";
import type { CallPrices } from "../../src/schedule/call-mix.ts";
import { manualClock } from "../support/clock.ts";

/** A definition that no rule refuses on a working day: a reminder on inferred consent. */
export const reminder: DefinitionSource = {
  name: "Reminder",
  purpose: "reminder",
  sector: "retail",
  languages: ["en-IN"],
  agent: { persona: "The shop's assistant", greeting: "Hello {{name}}" },
  consent: "inferred",
  retry: { no_answer: ["30m", "2h"] },
  limits: { attempts: 3, concurrency: 20, cps: 5 },
};

/** Round prices for looking ahead. */
export const callPrices: CallPrices = { carrierPerMinutePaise: 460, vendorsPerTalkMinutePaise: 400 };

const ids = { clock: manualClock("2026-01-01T00:00"), random: seededRandom(7) };

export async function addAccount(db: Db, options: { weight?: number } = {}): Promise<AccountId> {
  const id = newId<AccountId>(ids.clock, ids.random);
  await db
    .insertInto("accounts")
    .values({ id, name: "An account", data_key_sealed: Buffer.alloc(1), created_at: new Date(0), weight: options.weight ?? 1 })
    .execute();
  return id;
}

export interface CampaignOptions {
  definition?: DefinitionSource;
  state?: "draft" | "running" | "paused" | "finished" | "cancelled";
  kind?: "list" | "single_calls";
  weight?: number;
  acknowledged?: string[];
}

export async function addCampaign(db: Db, accountId: AccountId, options: CampaignOptions = {}): Promise<CampaignId> {
  const id = newId<CampaignId>(ids.clock, ids.random);
  const definition = options.definition ?? reminder;
  await db
    .insertInto("campaigns")
    .values({
      id,
      account_id: accountId,
      name: definition.name,
      kind: options.kind ?? "list",
      template: null,
      state: options.state ?? "running",
      definition: JSON.stringify(definition),
      weight: options.weight ?? 1,
      acknowledged: options.acknowledged ?? ["foreign_caller_number", "no_sender_registration", "no_a2p_declaration", "no_series_for_sector", "consent_basis_not_recorded"],
      created_at: new Date(0),
      updated_at: new Date(0),
    })
    .execute();
  return id;
}

export interface ContactsOptions {
  state?: string;
  dueClass?: string;
  nextAttemptAt?: Date;
  waitingBecause?: string;
  blockedReason?: string;
  disposition?: string;
}

/** Adds `count` contacts without sealed values, in the order of their ids; answers how many the campaign now has. */
export async function addContacts(db: Db, accountId: AccountId, campaignId: CampaignId, count: number, options: ContactsOptions = {}): Promise<void> {
  await sql`
    insert into contacts (id, account_id, campaign_id, number_key, language, added_at, state, due_class, next_attempt_at,
                          waiting_because, blocked_reason, disposition, updated_at)
    select gen_random_uuid(), ${accountId}, ${campaignId}, md5(random()::text || n), 'en-IN', ${new Date(0)}, ${options.state ?? "waiting"},
           ${options.dueClass ?? "fresh"}, ${options.nextAttemptAt ?? new Date(0)}, ${options.waitingBecause ?? null},
           ${options.blockedReason ?? null}, ${options.disposition ?? null}, ${new Date(0)}
    from generate_series(1, ${count}::int) n
  `.execute(db);
}

/** Empties the tables of campaigns, calls and events, so that one database serves a whole file; accounts and evidence stay. */
export async function emptyLists(db: Db): Promise<void> {
  await sql`truncate campaigns, webhook_endpoints, webhook_events, breakers cascade`.execute(db);
}
