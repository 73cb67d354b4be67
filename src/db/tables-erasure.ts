import type { Generated } from "kysely";
import type { AccountId, AttemptId, CallSid } from "../domain/ids.ts";
import type { Instant, NullableInstant } from "./column-kinds.ts";

/** What is to be deleted at the carrier, one row per call of an erased person. Asked for by intake, tended by dial. */
export interface RecordingDeletionsTable {
  attempt_id: AttemptId;
  account_id: AccountId;
  call_sid: CallSid;
  recording_sid: string | null;
  asked_at: Instant;
  due_at: Instant;
  tries: Generated<number>;
  last_error: string | null;
  done_at: NullableInstant;
}
