import type { Config } from "../config.ts";
import { withPatience } from "../db/patience.ts";
import { definitionSchema } from "../domain/definition.ts";
import type { OperatorUseCases } from "../http/operator-routes.ts";
import { erasePerson } from "../intake/erase-person.ts";
import { importContactList } from "../intake/import-contact-list.ts";
import { importContacts } from "../intake/import-contacts.ts";
import { getImport } from "../intake/import-report.ts";
import type { IntakeDeps } from "../intake/ports.ts";
import { rejectsCsv } from "../intake/rejects-csv.ts";
import { scheduleCall } from "../intake/schedule-call.ts";
import { listCalls, showCall } from "../report/call-view.ts";
import { campaignReport } from "../report/campaign-report.ts";
import { writeOutcomeCsv, writeOutcomeNdjson } from "../report/outcome-files.ts";
import { writeOutcomeXlsx } from "../report/outcome-xlsx.ts";
import { outcomeRows } from "../report/outcome-rows.ts";
import { progress } from "../report/progress.ts";
import { replayWebhooks } from "../report/webhooks/replay-webhooks.ts";
import { createWebhookEndpoint, deleteWebhookEndpoint, listWebhookEndpoints } from "../report/webhooks/webhook-endpoints.ts";
import { cancelCall } from "../schedule/cancel-call.ts";
import { createCampaign } from "../schedule/create-campaign.ts";
import { patchCampaign } from "../schedule/patch-campaign.ts";
import type { LifecycleDeps } from "../schedule/ports.ts";
import { preflight } from "../schedule/preflight.ts";
import { redialUnreached } from "../schedule/redial-unreached.ts";
import { listCampaigns, showCampaign } from "../schedule/show-campaigns.ts";
import { singleCallCampaign } from "../schedule/single-call-campaign.ts";
import { startCampaign } from "../schedule/start-campaign.ts";
import { cancelCampaign, pauseCampaign, resumeCampaign } from "../schedule/stop-campaign.ts";
import { listConsents, recordConsents, revokeConsents } from "../scrub/consents.ts";
import { addHold, endHold, listHolds } from "../scrub/holds.ts";
import { exportEvidence, listEvidence } from "../scrub/export-evidence.ts";
import { importPreferences } from "../scrub/import-preferences.ts";
import { importConsents } from "../scrub/import-consents.ts";
import { importSuppressions } from "../scrub/import-suppressions.ts";
import type { ScrubDeps } from "../scrub/ports.ts";
import { recordScrubRun } from "../scrub/record-scrub-run.ts";
import { addPaper, endPaper, listPapers } from "../scrub/sender-papers.ts";
import { addSuppressions, liftSuppression, listSuppressions, showSuppression } from "../scrub/suppressions.ts";
import { verifyEvidence } from "../scrub/verify-evidence.ts";
import type { Storage } from "./open-storage.ts";

export interface UseCaseParts {
  config: Config;
  storage: Storage;
  lifecycle: LifecycleDeps;
  scrub: ScrubDeps;
  intake: IntakeDeps;
}

/** Fills the operator API's table of use cases with the stages' functions. */
export function operatorUseCases(parts: UseCaseParts): OperatorUseCases {
  return { campaigns: campaignUseCases(parts), ...listUseCases(parts), calls: callUseCases(parts), ...lawUseCases(parts), ...proofUseCases(parts) };
}

function campaignUseCases({ config, lifecycle, storage }: UseCaseParts): OperatorUseCases["campaigns"] {
  const { db } = storage.database;
  const capacity = { callsPerSecond: config.callsPerSecond, concurrentCalls: config.maxConcurrentCalls };
  const prices = { carrierPerMinutePaise: config.prices.carrierPerMinutePaise, vendorsPerTalkMinutePaise: config.prices.usualTalkMinutePaise };
  return {
    create: (input) => createCampaign(lifecycle, input),
    list: (input) => listCampaigns({ db }, input),
    show: (input) => showCampaign({ db }, input),
    patch: (input) => patchCampaign(lifecycle, input),
    start: (input) => withPatience("list", () => startCampaign(lifecycle, input)),
    pause: (input) => pauseCampaign(lifecycle, input),
    resume: (input) => resumeCampaign(lifecycle, input),
    cancel: (input) => cancelCampaign(lifecycle, input),
    redial: (input) => withPatience("list", () => redialUnreached(lifecycle, input)),
    preflight: async (input) => {
      const { missing, ...rest } = await withPatience("report", () => preflight({ ...lifecycle, vault: storage.vault, capacity, prices }, input));
      return { ...rest, missing: [...missing] };
    },
    progress: (input) => progress({ db, clock: storage.clock }, input),
    report: (input) => withPatience("report", () => campaignReport({ db }, input)),
    templates: () => lifecycle.templates.names(),
  };
}

function listUseCases({ intake, scrub, storage }: UseCaseParts): Pick<OperatorUseCases, "imports" | "outcomes" | "suppressions"> {
  const read = { db: storage.database.db, vault: storage.vault };
  return {
    imports: {
      csv: (input) => importContacts(intake, input),
      json: (input) => importContactList(intake, input),
      show: (input) => getImport(read, input),
      rejectsCsv: (input) => rejectsCsv(read, input),
    },
    outcomes: {
      formats: {
        csv: (filter, to) => withPatience("report", () => writeOutcomeCsv(outcomeRows(read, filter), to)),
        ndjson: (filter, to) => withPatience("report", () => writeOutcomeNdjson(outcomeRows(read, filter), to)),
        xlsx: (filter, to) => withPatience("report", () => writeOutcomeXlsx(outcomeRows(read, filter), to)),
      },
    },
    suppressions: {
      add: (input) => addSuppressions(scrub, input),
      importCsv: (input) => importSuppressions(scrub, input),
      list: (input) => listSuppressions(scrub, input),
      show: (input) => showSuppression(scrub, input),
      lift: (input) => liftSuppression(scrub, input),
    },
  };
}

function callUseCases({ intake, lifecycle, storage }: UseCaseParts): OperatorUseCases["calls"] {
  const read = { db: storage.database.db, vault: storage.vault };
  return {
    async schedule({ call, requestKey, ...input }) {
      const campaign = await singleCallCampaign(lifecycle, input);
      return scheduleCall(intake, { accountId: input.accountId, campaignId: campaign.id, definition: definitionSchema.parse(campaign.definition), call, ...(requestKey === undefined ? {} : { requestKey }) });
    },
    list: (input) => listCalls(read, input),
    show: (input) => showCall(read, input),
    cancel: ({ accountId, id }) => cancelCall(lifecycle, { accountId, contactId: id }),
  };
}

function lawUseCases({ scrub }: UseCaseParts): Pick<OperatorUseCases, "scrub" | "law"> {
  return {
    scrub: {
      recordRun: (input) => recordScrubRun(scrub, input),
      importPreferences: (input) => importPreferences(scrub, input),
    },
    law: {
      addPaper: (input) => addPaper(scrub, input),
      listPapers: (input) => listPapers(scrub, input),
      endPaper: (input) => endPaper(scrub, input),
      importConsents: (input) => importConsents(scrub, input),
      recordConsents: (input) => recordConsents(scrub, input),
      revokeConsents: (input) => revokeConsents(scrub, input),
      listConsents: (input) => listConsents(scrub, input),
      addHold: (input) => addHold(scrub, input),
      endHold: (input) => endHold(scrub, input),
      listHolds: (input) => listHolds(scrub, input),
    },
  };
}

function proofUseCases({ config, intake, scrub, storage }: UseCaseParts): Pick<OperatorUseCases, "evidence" | "webhooks" | "erasures"> {
  const { db } = storage.database;
  return {
    evidence: {
      list: (input) => listEvidence(scrub, input),
      export: (input) => exportEvidence(scrub, input),
      verify: (input) => verifyEvidence(scrub, input),
    },
    webhooks: {
      create: (input) => createWebhookEndpoint({ ...scrub, allowLoopback: !config.production }, input),
      list: (input) => listWebhookEndpoints({ db }, input),
      remove: (input) => deleteWebhookEndpoint(scrub, input),
      replay: (input) => replayWebhooks(scrub, input),
    },
    erasures: { erase: (input) => erasePerson(intake, input) },
  };
}
