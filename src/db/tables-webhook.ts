import type { Generated } from "kysely";
import type { AccountId, WebhookEndpointId } from "../domain/ids.ts";
import type { Instant, Json, NullableInstant } from "./column-kinds.ts";

export interface WebhookEndpointsTable {
  id: WebhookEndpointId;
  account_id: AccountId;
  url: string;
  events: string[];
  secret_sealed: Buffer;
  state: Generated<"active" | "disabled">;
  disabled_because: string | null;
  failing_since: NullableInstant;
  created_at: Instant;
  deleted_at: NullableInstant;
}

export interface WebhookEventsTable {
  id: string;
  account_id: AccountId;
  type: string;
  subject_id: string;
  sequence: number;
  body: Json;
  body_sealed: Buffer | null;
  occurred_at: Instant;
  fanned_out_at: NullableInstant;
}

export interface WebhookDeliveriesTable {
  event_id: string;
  endpoint_id: WebhookEndpointId;
  account_id: AccountId;
  state: "waiting" | "delivered" | "failed";
  tries: Generated<number>;
  next_try_at: NullableInstant;
  lease_until: NullableInstant;
  last_status: number | null;
  last_error: string | null;
  delivered_at: NullableInstant;
}
