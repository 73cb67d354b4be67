import { parseArgs } from "node:util";
import { systemLog } from "../adapters/system/log.ts";
import { systemRandom } from "../adapters/system/random.ts";
import { loadConfig } from "../config.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Db } from "../db/database.ts";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, looksLikeId } from "../domain/ids.ts";
import { exportEvidence } from "../scrub/export-evidence.ts";
import { dossierText, numberDossier } from "../scrub/number-dossier.ts";
import type { ScrubDeps } from "../scrub/ports.ts";
import { verifyEvidence } from "../scrub/verify-evidence.ts";
import { openStorage } from "./open-storage.ts";

const usage = `usage: npm run evidence -- --number +91… [--json]      everything about one number
       npm run evidence -- --campaign ID | --from ISO --to ISO   decisions as JSON lines
       npm run evidence -- --verify [--head HASH]         is the chain whole?
       --account ID where the database holds several accounts`;

const options = {
  number: { type: "string" },
  campaign: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  account: { type: "string" },
  head: { type: "string" },
  json: { type: "boolean", default: false },
  verify: { type: "boolean", default: false },
} as const;

/** A wrong command line: told in one line, without a stack. */
class UsageError extends Error {}

/** Answers on standard output; the log goes nowhere but for errors. Exit code 1 when the chain is not whole. */
async function run(args: string[]): Promise<number> {
  const values = readArguments(args);
  const config = loadConfig();
  const storage = await openStorage({ config, log: systemLog({ level: "error", secrets: config.secrets }) });
  try {
    const deps: ScrubDeps = { ...storage.database, vault: storage.vault, clock: storage.clock, random: systemRandom, log: systemLog({ level: "error", secrets: config.secrets }) };
    if (values.verify) {
      const verdict = await verifyEvidence(deps, values.head === undefined ? {} : { expectHead: values.head });
      print(JSON.stringify(verdict, null, 2));
      return verdict.ok ? 0 : 1;
    }
    await answer(deps, await accountOf(deps.db, values.account), values);
    return 0;
  } finally {
    await storage.close();
  }
}

async function answer(deps: ScrubDeps, accountId: AccountId, values: ReturnType<typeof readArguments>): Promise<void> {
  if (values.number !== undefined) {
    const dossier = await numberDossier(deps, { accountId, number: values.number });
    print(values.json ? JSON.stringify(dossier, null, 2) : dossierText(values.number, dossier));
    return;
  }
  const from = instantOf("--from", values.from);
  const to = instantOf("--to", values.to);
  const question = { accountId, ...(values.campaign !== undefined && { campaignId: values.campaign }), ...(from && { from }), ...(to && { to }) };
  for await (const lines of exportEvidence(deps, question)) process.stdout.write(lines);
}

function readArguments(args: string[]) {
  const parse = () => {
    try {
      return parseArgs({ args, options }).values;
    } catch (error) {
      throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    }
  };
  const values = parse();
  const asked = values.verify || values.number !== undefined || values.campaign !== undefined || values.from !== undefined || values.to !== undefined;
  if (!asked || (values.campaign !== undefined && !looksLikeId(values.campaign))) throw new UsageError(usage);
  return values;
}

function instantOf(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+05:30` : text);
  if (Number.isNaN(ms)) throw new UsageError(`${option}: expected a date such as 2026-11-23 or an instant, got ${text}`);
  return new Date(ms);
}

async function accountOf(db: Db, named: string | undefined): Promise<AccountId> {
  const accounts = await db.selectFrom("accounts").select(["id", "name"]).orderBy("created_at").execute();
  const found = named === undefined ? (accounts.length === 1 ? accounts[0] : undefined) : accounts.find((account) => account.id === named);
  if (found) return found.id;
  throw new UsageError(`expected --account with one of: ${accounts.map((account) => `${account.id} (${account.name})`).join(", ") || "none, the database has no account"}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const told = error instanceof UsageError || error instanceof ConfigError || error instanceof Refusal;
    process.stderr.write(`${told ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
