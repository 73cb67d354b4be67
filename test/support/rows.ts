import { randomBytes } from "node:crypto";
import type { Insertable } from "kysely";
import { readIndianNumber, type E164 } from "../../src/domain/phone-number.ts";
import type { Db } from "../../src/db/database.ts";
import type { AttemptsTable, CampaignsTable, ContactsTable, ConversationsTable } from "../../src/db/tables.ts";
import { type DefinitionSource, definitionSchema } from "../../src/domain/definition.ts";
import { type AccountId, type AttemptId, type CampaignId, type ContactId, newId } from "../../src/domain/ids.ts";
import type { Clock } from "../../src/domain/clock.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { Vault } from "../../src/domain/vault.ts";

/** A number that passes intake; the same `tail` gives the same number. */
export function testNumber(tail: number): E164 {
  const reading = readIndianNumber(String(6_000_010_000 + tail));
  if (!reading.ok) throw new Error(`expected a dialable test number, got ${reading.reason}`);
  return reading.number;
}

/** The smallest definition that stands, with what the test needs on top. */
export function testDefinition(more: Partial<DefinitionSource> = {}): DefinitionSource {
  return {
    name: "test campaign",
    purpose: "reminder",
    sector: "lending",
    consent: "inferred",
    agent: { persona: "the assistant", greeting: { "en-IN": "hello {{name}}", "hi-IN": "नमस्ते {{name}}" } },
    dispositions: { promise_to_pay: { fields: { amount: "money", date: "date" } } },
    retry: { no_answer: ["30m", "2h"], busy: ["10m"] },
    ...more,
  };
}

/** Writes rows straight into a test database, complete enough for any stage to work on them. */
export function rowWriter(db: Db, clock: Clock, vault: Vault) {
  const now = () => new Date(clock.nowMs());
  return {
    async account(name = "Test Lender"): Promise<AccountId> {
      const id = newId<AccountId>(clock, systemRandom);
      await db.insertInto("accounts").values({ id, name, data_key_sealed: vault.newDataKey(id), created_at: now(), stopped_because: null, day_cap_paise: null }).execute();
      return id;
    },
    async campaign(accountId: AccountId, more: Partial<Insertable<CampaignsTable>> & { definitionSource?: DefinitionSource } = {}): Promise<CampaignId> {
      const { definitionSource, id = newId<CampaignId>(clock, systemRandom), ...columns } = more;
      const source = definitionSource ?? testDefinition();
      definitionSchema.parse(source);
      await db
        .insertInto("campaigns")
        .values({ id, account_id: accountId, name: source.name, template: null, state: "running", paused_because: null, definition: JSON.stringify(source), created_at: now(), started_at: now(), updated_at: now(), ...columns })
        .execute();
      return id;
    },
    async contact(accountId: AccountId, campaignId: CampaignId, number: E164, more: Partial<Insertable<ContactsTable>> & { variables?: Record<string, unknown>; name?: string } = {}): Promise<ContactId> {
      const { variables, name, id = newId<ContactId>(clock, systemRandom), ...columns } = more;
      const account = await vault.forAccount(accountId);
      await db
        .insertInto("contacts")
        .values({
          id,
          account_id: accountId,
          campaign_id: campaignId,
          import_id: null,
          number_key: vault.numberKey(number),
          number_sealed: account.seal("contacts.number", id, number),
          name_sealed: account.seal("contacts.name", id, name ?? "Asha"),
          variables_sealed: account.seal("contacts.variables", id, JSON.stringify(variables ?? {})),
          language: "en-IN",
          external_id: null,
          waiting_because: null,
          blocked_reason: null,
          disposition: null,
          last_attempt_id: null,
          added_at: now(),
          state: "waiting",
          next_attempt_at: now(),
          updated_at: now(),
          ...columns,
        })
        .execute();
      return id;
    },
    /** An attempt of the contact, `planned` unless said otherwise; the contact's own state is left to the test. */
    async attempt(contactId: ContactId, more: Partial<Insertable<AttemptsTable>> = {}): Promise<AttemptId> {
      const id = newId<AttemptId>(clock, systemRandom);
      const contact = await db.selectFrom("contacts").where("id", "=", contactId).select(["account_id", "campaign_id", "number_key"]).executeTakeFirstOrThrow();
      const earlier = await db.selectFrom("attempts").where("contact_id", "=", contactId).select((e) => e.fn.countAll<number>().as("n")).executeTakeFirstOrThrow();
      await db
        .insertInto("attempts")
        .values({
          id,
          ...contact,
          contact_id: contactId,
          ordinal: Number(earlier.n) + 1,
          due_class: "fresh",
          token: randomBytes(16).toString("base64url"),
          state: "planned",
          planned_at: now(),
          due_at: now(),
          updated_at: now(),
          ...more,
        })
        .execute();
      return id;
    },
    /** A conversation of the attempt, ended unless said otherwise. */
    async conversation(attemptId: AttemptId, more: Partial<Insertable<ConversationsTable>> & { turns?: unknown; fields?: unknown } = {}): Promise<void> {
      const attempt = await db.selectFrom("attempts").where("id", "=", attemptId).select(["account_id", "campaign_id", "contact_id"]).executeTakeFirstOrThrow();
      const account = await vault.forAccount(attempt.account_id);
      const { turns, fields, ...columns } = more;
      await db
        .insertInto("conversations")
        .values({
          attempt_id: attemptId,
          ...attempt,
          owner: "test",
          started_at: now(),
          last_alive_at: now(),
          ended_at: now(),
          end_reason: "agent_goodbye",
          answered_by: "person",
          language: "en-IN",
          turns_sealed: account.seal("conversations.turns", attemptId, JSON.stringify(turns ?? [])),
          fields_sealed: account.seal("conversations.fields", attemptId, JSON.stringify(fields ?? {})),
          ...columns,
        })
        .execute();
    },
  };
}
