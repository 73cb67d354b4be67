import type { Db } from "../db/database.ts";
import type { Clock } from "../domain/clock.ts";
import { istText } from "../domain/ist-text.ts";
import type { Vault } from "../domain/vault.ts";
import { countCallsUnderWay, dropKeptAccount, keepFirstAccount } from "./carrier-account.queries.ts";

/** The carrier's account that calls are placed with. */
export interface AccountInUse {
  /** Shown in errors ("twilio"). */
  carrier: string;
  /** Names the account; kept as a keyed hash. */
  account: string;
}

/**
 * Binds the database to the first carrier account that works on it. Throws for another: each would take the other's live
 * calls for lost, close them, and ring the same people again. `DATA_KEY` must be known to be right by now.
 */
export async function keepToCarrierAccount(deps: { db: Db; clock: Clock; vault: Vault }, used: AccountInUse): Promise<void> {
  const key = deps.vault.textKey("carrier account", JSON.stringify([used.carrier, used.account]));
  const kept = await keepFirstAccount(deps.db, { carrier: used.carrier, account_key: key, since: new Date(deps.clock.nowMs()) });
  if (kept.account_key === key) return;
  const came = kept.carrier === used.carrier ? `another account of ${used.carrier}` : used.carrier;
  throw new Error(
    `expected the carrier account that this database belongs to (${kept.carrier}, since ${istText(kept.since)}), but the settings name ${came}. ` +
      "Set the account back, or use another database (DATABASE_URL, or DATA_DIR for the embedded one). " +
      "To move this one for good: stop every process, run npm run migrate -- --forget-carrier, and start under the new account",
  );
}

/** Lets the next start bind the database anew. Throws while calls may be live, because only their own account can tell what became of them. */
export async function forgetCarrierAccount(db: Db): Promise<void> {
  const underWay = await countCallsUnderWay(db);
  if (underWay > 0) throw new Error(`expected no call to be under way, but ${underWay} may be; let the old account finish them first`);
  await dropKeptAccount(db);
}
