import type { Writable } from "node:stream";
import type { ContactState } from "../domain/contact.ts";
import type { AccountId, CampaignId, ContactId, ImportId, WebhookEndpointId } from "../domain/ids.ts";
import type { Page, PageAsked } from "../domain/page.ts";
import type { ImportReport } from "../intake/import-report.ts";
import type { DuplicatePolicy } from "../intake/ports.ts";
import type { CallRequest, ScheduledCall } from "../intake/schedule-call.ts";
import type { ReplayInput } from "../report/webhooks/replay-webhooks.ts";
import type { EvidenceQuestion } from "../scrub/export-evidence.ts";
import type { ConsentInput } from "../scrub/consents.ts";
import type { HoldInput } from "../scrub/holds.ts";
import type { ScrubRunInput } from "../scrub/record-scrub-run.ts";
import type { ConsentImportReport } from "../scrub/import-consents.ts";
import type { PaperInput } from "../scrub/sender-papers.ts";
import type { callLineWire, callWire } from "./wire/call-wire.ts";
import type { campaignWire, preflightWire, progressWire, reportWire } from "./wire/campaign-wire.ts";
import type { Wire } from "./wire/common-wire.ts";
import type { evidenceVerdictWire, evidenceWire } from "./wire/evidence-wire.ts";
import type { consentWire, erasureWire, holdWire, paperWire } from "./wire/law-wire.ts";
import type { webhookEndpointWire } from "./wire/webhook-wire.ts";
import type { addedSuppressionsWire, preferenceImportWire, scrubRunWire, suppressionImportWire, suppressionWire } from "./wire/list-wire.ts";

type PageOfAccount = PageAsked & { accountId: AccountId };

export interface OfCampaign {
  accountId: AccountId;
  campaignId: CampaignId;
}

type Campaign = Wire<typeof campaignWire>;

/** What operators do with campaigns. Every function refuses 404 `campaign_not_found` for a foreign id. */
export interface CampaignUseCases {
  create(input: { accountId: AccountId; name?: string; definition?: unknown; template?: string; overrides?: unknown }): Promise<Campaign>;
  list(input: PageOfAccount): Promise<Page<Campaign>>;
  show(input: OfCampaign): Promise<Campaign>;
  patch(input: OfCampaign & { patch: unknown }): Promise<Campaign>;
  start(input: OfCampaign & { acknowledge: readonly string[] }): Promise<Campaign>;
  pause(input: OfCampaign): Promise<Campaign>;
  resume(input: OfCampaign): Promise<Campaign>;
  cancel(input: OfCampaign): Promise<Campaign>;
  redial(input: OfCampaign & { acknowledge: readonly string[] }): Promise<Campaign>;
  preflight(input: OfCampaign): Promise<Wire<typeof preflightWire>>;
  progress(input: OfCampaign): Promise<Wire<typeof progressWire>>;
  report(input: OfCampaign): Promise<Wire<typeof reportWire>>;
  /** Names of the definitions that ship with the deployment. */
  templates(): Promise<readonly string[]>;
}

export interface ImportUseCases {
  csv(input: OfCampaign & { source: AsyncIterable<Uint8Array>; mapping: Readonly<Record<string, string>>; onDuplicate: DuplicatePolicy }): Promise<ImportReport>;
  json(input: OfCampaign & { contacts: readonly unknown[]; onDuplicate: DuplicatePolicy }): Promise<ImportReport>;
  show(input: { accountId: AccountId; importId: ImportId }): Promise<ImportReport>;
  rejectsCsv(input: { accountId: AccountId; importId: ImportId }): Promise<AsyncIterable<string>>;
}

export type OutcomeFormat = "csv" | "ndjson" | "xlsx";

export interface OutcomeUseCases {
  /** Streams one row per contact; ends the writable. Formats that the deployment cannot write are absent. */
  formats: Readonly<Record<OutcomeFormat, (filter: OfCampaign & { from?: Date; to?: Date; disposition?: string }, to: Writable) => Promise<void>>>;
}

export interface CallUseCases {
  /** The hidden campaign of a template and the call in it. */
  schedule(input: { accountId: AccountId; template: string; acknowledge?: readonly string[]; call: CallRequest; requestKey?: string }): Promise<ScheduledCall>;
  list(input: PageOfAccount & { state?: ContactState; externalId?: string; campaignId?: CampaignId }): Promise<Page<Wire<typeof callLineWire>>>;
  show(input: { accountId: AccountId; id: ContactId }): Promise<Wire<typeof callWire>>;
  cancel(input: { accountId: AccountId; id: ContactId }): Promise<{ id: string; state: string }>;
}

export interface SuppressionUseCases {
  add(input: { accountId: AccountId; numbers: readonly string[]; reason: string }): Promise<Wire<typeof addedSuppressionsWire>>;
  importCsv(input: { accountId: AccountId; bytes: AsyncIterable<Uint8Array>; reason?: string }): Promise<Wire<typeof suppressionImportWire>>;
  list(input: PageOfAccount & { number?: string }): Promise<Page<Wire<typeof suppressionWire>>>;
  /** Refuses 404 `not_suppressed`. */
  show(input: { accountId: AccountId; number: string }): Promise<Wire<typeof suppressionWire>>;
  lift(input: { accountId: AccountId; number: string }): Promise<{ contacts_freed: number }>;
}

export interface ScrubUseCases {
  recordRun(input: ScrubRunInput): Promise<Wire<typeof scrubRunWire>>;
  importPreferences(input: { accountId: AccountId; bytes: AsyncIterable<Uint8Array> }): Promise<Wire<typeof preferenceImportWire>>;
}

/** What the operator puts on file about himself and about persons. */
export interface LawUseCases {
  addPaper(input: PaperInput): Promise<{ id: string }>;
  listPapers(input: { accountId: AccountId }): Promise<readonly Wire<typeof paperWire>[]>;
  endPaper(input: { accountId: AccountId; id: string }): Promise<void>;
  importConsents(input: { accountId: AccountId; bytes: AsyncIterable<Uint8Array> }): Promise<ConsentImportReport>;
  recordConsents(input: { accountId: AccountId; consents: readonly ConsentInput[] }): Promise<{ recorded: number }>;
  revokeConsents(input: { accountId: AccountId; number: string; basis?: ConsentInput["basis"] }): Promise<{ revoked: number }>;
  listConsents(input: { accountId: AccountId; number: string }): Promise<readonly Wire<typeof consentWire>[]>;
  addHold(input: HoldInput): Promise<{ id: string }>;
  endHold(input: { accountId: AccountId; id: string }): Promise<{ contacts_freed: number }>;
  listHolds(input: { accountId: AccountId; number: string }): Promise<readonly Wire<typeof holdWire>[]>;
}

export interface EvidenceUseCases {
  list(input: EvidenceQuestion & PageAsked): Promise<Page<Wire<typeof evidenceWire>>>;
  /** Newline-delimited JSON; refuses before it yields. */
  export(input: EvidenceQuestion): AsyncIterable<string>;
  verify(input: { expectHead?: string }): Promise<Wire<typeof evidenceVerdictWire>>;
}

export interface WebhookUseCases {
  create(input: { accountId: AccountId; url: string; events?: readonly string[] }): Promise<Wire<typeof webhookEndpointWire> & { secret: string }>;
  list(input: { accountId: AccountId }): Promise<readonly Wire<typeof webhookEndpointWire>[]>;
  remove(input: { accountId: AccountId; endpointId: WebhookEndpointId }): Promise<void>;
  replay(input: ReplayInput): Promise<{ replayed: number }>;
}

export interface ErasureUseCases {
  erase(input: { accountId: AccountId; number: string }): Promise<Wire<typeof erasureWire>>;
}
