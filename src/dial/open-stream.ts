import { Refusal } from "../domain/errors.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { RecordingConsent } from "../db/tables.ts";
import { foldAttempt } from "./fold-attempt.ts";
import type { DialDeps } from "./ports.ts";
import { storeFacts } from "./inbox.queries.ts";
import { useStreamToken } from "./stream-token.ts";
import { noteStreamClosed, streamedCall } from "./streamed-call.queries.ts";

/** A media stream that showed a good token: whose call it is. */
export interface OpenedStream {
  attemptId: AttemptId;
  accountId: AccountId;
  campaignId: CampaignId;
  contactId: ContactId;
  recordingConsent: RecordingConsent;
  /** The stream of a call whose first stream was lost. */
  resumed: boolean;
}

/** Streams of one call beyond the first: after these the call is ended instead. */
export const maxResumes = 2;

/**
 * Lets a media stream in. The token works once and for a short time; of any number of streams showing it exactly one is let
 * in. The stream also proves the call: it binds the carrier's name for it and that somebody picked up, should every
 * callback be lost. Refusal 403 `stream_refused` says nothing about why.
 */
export async function openStream(deps: DialDeps, input: { token: string; callSid: string }): Promise<OpenedStream> {
  const used = await useStreamToken(deps.db, deps, input.token);
  const attempt = used && (await streamedCall(deps.db, used.attempt_id));
  if (!attempt || attempt.state === "ended" || (attempt.call_sid !== null && attempt.call_sid !== input.callSid)) {
    throw new Refusal(403, "stream_refused", "expected a one-time stream token of a live call");
  }
  const nowMs = deps.clock.nowMs();
  const fact = { kind: "answered", callSid: input.callSid, authority: "carrier", atMs: nowMs, sequence: 2_000 } as const;
  const consent = attempt.recording_consent ?? (attempt.recording_mode === "announce" ? "announced" : "not_asked");
  await storeFacts(deps.db, [{ token: attempt.token, fact }], new Date(nowMs));
  await foldAttempt(deps, { token: attempt.token, boundBy: "stream", set: { stream_opened_at: new Date(nowMs), stream_closed_at: null, recording_consent: consent } });
  return {
    attemptId: attempt.id,
    accountId: attempt.account_id,
    campaignId: attempt.campaign_id,
    contactId: attempt.contact_id,
    recordingConsent: consent,
    resumed: attempt.stream_opened_at !== null,
  };
}

/** Notes that a stream has closed; the sweeper looks after the call if nothing follows. */
export async function closeStream(deps: DialDeps, input: { attemptId: AttemptId }): Promise<void> {
  await noteStreamClosed(deps.db, { attemptId: input.attemptId, at: new Date(deps.clock.nowMs()) });
}
