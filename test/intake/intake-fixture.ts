import { systemRandom } from "../../src/adapters/system/random.ts";
import { openVault } from "../../src/adapters/system/vault.ts";
import type { DefinitionSource } from "../../src/domain/definition.ts";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { importContacts } from "../../src/intake/import-contacts.ts";
import type { ImportLimits } from "../../src/intake/import-limits.ts";
import type { DuplicatePolicy, IntakeDeps } from "../../src/intake/ports.ts";
import { manualClock } from "../support/clock.ts";
import { testDatabase } from "../support/database.ts";
import { recordingLog } from "../support/log.ts";
import { rowWriter, testDefinition } from "../support/rows.ts";

export const listDefinition: DefinitionSource = testDefinition({
  languages: ["hi-IN", "en-IN"],
  variables: {
    amount_due: { type: "money", required: true, sensitive: true },
    due_date: { type: "date", sensitive: true },
    note: { type: "text" },
  },
});

/** An account with a draft campaign on a database of its own, and what tests ask of them. */
export async function intakeFixture() {
  const database = await testDatabase();
  const { db, pool } = database;
  const clock = manualClock("2026-12-01T10:00");
  const log = recordingLog();
  const vault = openVault({ rootKey: Buffer.alloc(32, 7), db, random: systemRandom });
  const deps: IntakeDeps = { db, pool, vault, clock, random: systemRandom, log };
  const write = rowWriter(db, clock, vault);
  const accountId = await write.account();

  return {
    database,
    deps,
    clock,
    log,
    write,
    accountId,
    newCampaign: (state: "draft" | "running" | "paused" | "finished" | "cancelled" = "draft") => write.campaign(accountId, { state, definitionSource: listDefinition }),
    importText(campaignId: CampaignId, text: string, more: { onDuplicate?: DuplicatePolicy; mapping?: Record<string, string>; limits?: ImportLimits; accountId?: AccountId } = {}) {
      const { onDuplicate = "keep_first", mapping = {}, limits } = more;
      return importContacts({ ...deps, ...(limits ? { limits } : {}) }, { accountId: more.accountId ?? accountId, campaignId, source: piecesOf(text), mapping, onDuplicate });
    },
    /** The campaign's contacts as an operator would know them, by number. */
    async contacts(campaignId: CampaignId) {
      const account = await vault.forAccount(accountId);
      const rows = await db.selectFrom("contacts").selectAll().where("campaign_id", "=", campaignId).execute();
      const contacts = rows.map((row) => ({
        id: row.id,
        phone: row.number_sealed && account.open("contacts.number", row.id, row.number_sealed),
        keyed: row.number_key,
        name: row.name_sealed && account.open("contacts.name", row.id, row.name_sealed),
        variables: row.variables_sealed && (JSON.parse(account.open("contacts.variables", row.id, row.variables_sealed)) as Record<string, unknown>),
        language: row.language,
        externalId: row.external_id,
        state: row.state,
        nextAttemptAt: row.next_attempt_at,
        importId: row.import_id,
      }));
      return contacts.sort((one, other) => (one.phone ?? "").localeCompare(other.phone ?? ""));
    },
    async countOf(table: "contacts" | "imports" | "import_rows" | "import_rejects"): Promise<number> {
      const row = await db.selectFrom(table).select((e) => e.fn.countAll<number>().as("n")).executeTakeFirstOrThrow();
      return Number(row.n);
    },
    close: () => database.close(),
  };
}

export async function* piecesOf(text: string, pieceBytes = 4_096): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}
