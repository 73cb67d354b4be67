import { z } from "zod";
import { defined } from "../defined.ts";
import type { CampaignUseCases, OutcomeFormat, OutcomeUseCases } from "../ports.ts";
import { defineRoute, type Route } from "../route.ts";
import { instantQuery } from "../wire/common-wire.ts";
import { campaignParams } from "./campaign-routes.ts";

const mediaTypes: Readonly<Record<OutcomeFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

const filter = z.strictObject({ from: instantQuery.optional(), to: instantQuery.optional(), disposition: z.string().max(64).optional() });

/** What came of every contact, streamed. */
export function outcomeRoutes(deps: { outcomes: OutcomeUseCases; campaigns: Pick<CampaignUseCases, "show"> }): Route[] {
  return (["csv", "ndjson", "xlsx"] as const).map((format) =>
    defineRoute({
      method: "get",
      path: `/v1/campaigns/:campaign_id/outcomes.${format}`,
      tag: "Outcomes",
      summary: `One row per contact as ${format.toUpperCase()}`,
      scope: "exports:read",
      params: campaignParams,
      query: filter,
      answer: { status: 200, media: [mediaTypes[format].split(";")[0] ?? ""] },
      problems: ["campaign_not_found"],
      async handle({ caller, params, query }) {
        const of = { accountId: caller.accountId, campaignId: params.campaign_id };
        // A foreign campaign is refused before the download begins.
        await deps.campaigns.show(of);
        const wanted = defined({ ...of, ...query });
        return {
          kind: "file",
          contentType: mediaTypes[format],
          fileName: `outcomes-${params.campaign_id}.${format}`,
          write: (to) => deps.outcomes.formats[format](wanted, to),
        };
      },
    }),
  );
}
