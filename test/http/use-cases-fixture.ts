import type { Pool } from "pg";
import type { Db } from "../../src/db/database.ts";
import type { Clock } from "../../src/domain/clock.ts";
import { definitionSchema } from "../../src/domain/definition.ts";
import type { CampaignId } from "../../src/domain/ids.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import type { Log } from "../../src/domain/log.ts";
import type { Random } from "../../src/domain/random.ts";
import type { Vault } from "../../src/domain/vault.ts";
import type { OperatorUseCases } from "../../src/http/operator-routes.ts";
import { erasePerson } from "../../src/intake/erase-person.ts";
import { importContactList } from "../../src/intake/import-contact-list.ts";
import { importContacts } from "../../src/intake/import-contacts.ts";
import { getImport } from "../../src/intake/import-report.ts";
import { rejectsCsv } from "../../src/intake/rejects-csv.ts";
import { scheduleCall } from "../../src/intake/schedule-call.ts";
import { campaignReport } from "../../src/report/campaign-report.ts";
import { listCalls, showCall } from "../../src/report/call-view.ts";
import { writeOutcomeCsv, writeOutcomeNdjson } from "../../src/report/outcome-files.ts";
import { writeOutcomeXlsx } from "../../src/report/outcome-xlsx.ts";
import { outcomeRows } from "../../src/report/outcome-rows.ts";
import { progress } from "../../src/report/progress.ts";
import { replayWebhooks } from "../../src/report/webhooks/replay-webhooks.ts";
import { createWebhookEndpoint, deleteWebhookEndpoint, listWebhookEndpoints } from "../../src/report/webhooks/webhook-endpoints.ts";
import { cancelCall } from "../../src/schedule/cancel-call.ts";
import { createCampaign } from "../../src/schedule/create-campaign.ts";
import { patchCampaign } from "../../src/schedule/patch-campaign.ts";
import type { Templates } from "../../src/schedule/ports.ts";
import { preflight } from "../../src/schedule/preflight.ts";
import { redialUnreached } from "../../src/schedule/redial-unreached.ts";
import { listCampaigns, showCampaign } from "../../src/schedule/show-campaigns.ts";
import { singleCallCampaign } from "../../src/schedule/single-call-campaign.ts";
import { startCampaign } from "../../src/schedule/start-campaign.ts";
import { cancelCampaign, pauseCampaign, resumeCampaign } from "../../src/schedule/stop-campaign.ts";
import { listConsents, recordConsents, revokeConsents } from "../../src/scrub/consents.ts";
import { addHold, endHold, listHolds } from "../../src/scrub/holds.ts";
import { exportEvidence, listEvidence } from "../../src/scrub/export-evidence.ts";
import { importPreferences } from "../../src/scrub/import-preferences.ts";
import { importConsents } from "../../src/scrub/import-consents.ts";
import { importSuppressions } from "../../src/scrub/import-suppressions.ts";
import { recordScrubRun } from "../../src/scrub/record-scrub-run.ts";
import { scrubCampaign } from "../../src/scrub/scrub-campaign.ts";
import { addPaper, endPaper, listPapers } from "../../src/scrub/sender-papers.ts";
import { verifyEvidence } from "../../src/scrub/verify-evidence.ts";
import { addSuppressions, liftSuppression, listSuppressions, showSuppression } from "../../src/scrub/suppressions.ts";
import { callPrices } from "../schedule/list-fixture.ts";

/** The stages' own functions behind the operator API, with a carrier that has nothing queued. */
export function operatorUseCases(base: { db: Db; pool: Pool; vault: Vault; clock: Clock; random: Random; log: Log; templates: Templates }): OperatorUseCases {
  const lifecycle = {
    ...base,
    scrub: ({ campaignId }: { campaignId: CampaignId }) => scrubCampaign(base, { campaignId }),
    cancelQueuedCalls: async () => undefined,
    callerNumbers: ["+14155550100" as E164],
    acknowledged: [],
  };
  const ahead = { ...lifecycle, capacity: { callsPerSecond: 1, concurrentCalls: 20 }, prices: callPrices };
  return {
    campaigns: {
      create: (input) => createCampaign(lifecycle, input),
      list: (input) => listCampaigns(base, input),
      show: (input) => showCampaign(base, input),
      patch: (input) => patchCampaign(base, input),
      start: (input) => startCampaign(lifecycle, input),
      pause: (input) => pauseCampaign(lifecycle, input),
      resume: (input) => resumeCampaign(base, input),
      cancel: (input) => cancelCampaign(lifecycle, input),
      redial: (input) => redialUnreached(lifecycle, input),
      preflight: (input) => preflight(ahead, input),
      progress: (input) => progress(base, input),
      report: (input) => campaignReport(base, input),
      templates: () => base.templates.names(),
    },
    imports: {
      csv: (input) => importContacts(base, input),
      json: (input) => importContactList(base, input),
      show: (input) => getImport(base, input),
      rejectsCsv: (input) => rejectsCsv(base, input),
    },
    outcomes: {
      formats: {
        csv: (filter, to) => writeOutcomeCsv(outcomeRows(base, filter), to),
        ndjson: (filter, to) => writeOutcomeNdjson(outcomeRows(base, filter), to),
        xlsx: (filter, to) => writeOutcomeXlsx(outcomeRows(base, filter), to),
      },
    },
    calls: {
      schedule: async ({ call, requestKey, ...input }) => {
        const campaign = await singleCallCampaign(lifecycle, input);
        return scheduleCall(base, { accountId: input.accountId, campaignId: campaign.id, definition: definitionSchema.parse(campaign.definition), call, ...(requestKey === undefined ? {} : { requestKey }) });
      },
      list: (input) => listCalls(base, input),
      show: (input) => showCall(base, input),
      cancel: ({ accountId, id }) => cancelCall(base, { accountId, contactId: id }),
    },
    suppressions: {
      add: (input) => addSuppressions(base, input),
      importCsv: (input) => importSuppressions(base, input),
      list: (input) => listSuppressions(base, input),
      show: (input) => showSuppression(base, input),
      lift: (input) => liftSuppression(base, input),
    },
    scrub: {
      recordRun: (input) => recordScrubRun(base, input),
      importPreferences: (input) => importPreferences(base, input),
    },
    law: {
      addPaper: (input) => addPaper(base, input),
      listPapers: (input) => listPapers(base, input),
      endPaper: (input) => endPaper(base, input),
      importConsents: (input) => importConsents(base, input),
      recordConsents: (input) => recordConsents(base, input),
      revokeConsents: (input) => revokeConsents(base, input),
      listConsents: (input) => listConsents(base, input),
      addHold: (input) => addHold(base, input),
      endHold: (input) => endHold(base, input),
      listHolds: (input) => listHolds(base, input),
    },
    evidence: {
      list: (input) => listEvidence(base, input),
      export: (input) => exportEvidence(base, input),
      verify: (input) => verifyEvidence(base, input),
    },
    webhooks: {
      create: (input) => createWebhookEndpoint({ ...base, allowLoopback: false }, input),
      list: (input) => listWebhookEndpoints(base, input),
      remove: (input) => deleteWebhookEndpoint(base, input),
      replay: (input) => replayWebhooks(base, input),
    },
    erasures: { erase: (input) => erasePerson(base, input) },
  };
}
