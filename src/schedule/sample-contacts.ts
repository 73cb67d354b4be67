import { z } from "zod";
import type { Db } from "../db/database.ts";
import type { Variables } from "../domain/contact.ts";
import type { Definition, Language } from "../domain/definition.ts";
import { wordingIn } from "../domain/definition.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { rupeesFromPaise } from "../domain/money.ts";
import type { AccountVault, Vault } from "../domain/vault.ts";
import { fillIn, placeholdersIn } from "./placeholders.ts";

/** What a look at some of the contacts shows. */
export interface Sample {
  /** Contacts looked at. */
  contacts: number;
  /** The greeting as the first of them would hear it; null when there is none. */
  greeting: string | null;
  /** Variables that are spoken and that some of the contacts leave empty. */
  emptyVariables: { variable: string; contacts: number }[];
}

const sampleSize = 500;

const storedVariables = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** Opens some of the campaign's waiting contacts, in the order in which they will be called, and renders the greeting. */
export async function sampleContacts(
  deps: { db: Db; vault: Vault },
  input: { accountId: AccountId; campaignId: CampaignId; definition: Definition },
): Promise<Sample> {
  const rows = await deps.db
    .selectFrom("contacts")
    .where("campaign_id", "=", input.campaignId)
    .where("state", "=", "waiting")
    .select(["id", "language", "external_id", "name_sealed", "variables_sealed"])
    .orderBy("due_class")
    .orderBy("next_attempt_at")
    .orderBy("id")
    .limit(sampleSize)
    .execute();
  const vault = await deps.vault.forAccount(input.accountId);
  const contacts = rows.map((row) => ({ language: row.language, values: spokenValues(vault, input.definition, row) }));
  const spoken = spokenNames(input.definition);
  const [first] = contacts;
  return {
    contacts: contacts.length,
    greeting: first ? fillIn(wordingIn(input.definition.agent.greeting, first.language, input.definition.languages[0]), first.values) : null,
    emptyVariables: spoken
      .map((variable) => ({ variable, contacts: contacts.filter(({ values }) => values[variable] === undefined).length }))
      .filter((each) => each.contacts > 0),
  };
}

interface ContactRow {
  id: string;
  language: Language;
  external_id: string | null;
  name_sealed: Buffer | null;
  variables_sealed: Buffer | null;
}

function spokenValues(vault: AccountVault, definition: Definition, row: ContactRow): Record<string, string> {
  const variables: Variables = row.variables_sealed === null ? {} : storedVariables.parse(JSON.parse(vault.open("contacts.variables", row.id, row.variables_sealed)));
  const values = new Map(Object.entries(variables).map(([name, value]) => [name, textOf(definition, name, value)]));
  if (row.name_sealed !== null && !values.has("name")) values.set("name", vault.open("contacts.name", row.id, row.name_sealed));
  if (row.external_id !== null) values.set("external_id", row.external_id);
  values.set("language", row.language);
  return Object.fromEntries([...values].filter(([, text]) => text !== ""));
}

function textOf(definition: Definition, name: string, value: string | number | boolean): string {
  return definition.variables[name]?.type === "money" && typeof value === "number" ? `₹${rupeesFromPaise(value)}` : String(value);
}

/** Everything that is filled into a text, and everything the person is asked for to be verified. */
function spokenNames(definition: Definition): string[] {
  const texts = [definition.agent.greeting, definition.agent.goodbye, definition.recording.notice, definition.voicemail_message].flatMap((text) =>
    text === undefined ? [] : typeof text === "string" ? [text] : Object.values(text),
  );
  return [...new Set([...texts.flatMap(placeholdersIn), ...(definition.verify?.ask ?? [])])];
}
