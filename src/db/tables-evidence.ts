import type { GeneratedAlways } from "kysely";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { Instant, Json } from "./column-kinds.ts";

export interface EvidenceTable {
  id: GeneratedAlways<number>;
  account_id: AccountId;
  campaign_id: CampaignId | null;
  contact_id: ContactId | null;
  attempt_id: AttemptId | null;
  number_key: NumberKey;
  at: Instant;
  ist: string;
  decision: "call" | "wait" | "never" | "noted";
  code: string;
  caller_number: string | null;
  body: Json;
}

export interface EvidenceSealsTable {
  id: number;
  first_id: number;
  last_id: number;
  rows: number;
  /** Per row 16 bytes: its id and the first half of its digest. */
  digests: Buffer;
  hash: string;
  previous: string;
  signature: string;
  sealed_at: Instant;
}
