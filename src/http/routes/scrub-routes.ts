import { Refusal } from "../../domain/errors.ts";
import { defined } from "../defined.ts";
import type { ScrubUseCases } from "../ports.ts";
import { created } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { newScrubRunWire, preferenceImportWire, scrubRunQuery, scrubRunWire } from "../wire/list-wire.ts";
import { campaignParams } from "./campaign-routes.ts";

const tag = "Scrub";

/** What the preference register says: results of a scrub run, and the register's own rows. */
export function scrubRoutes(scrub: ScrubUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/campaigns/:campaign_id/scrub-runs",
      tag,
      summary: "Record a DLT scrub run: JSON, or the result as CSV with provider, reference and scrubbed_at in the query; whom any run of the day blocks stays blocked until midnight IST",
      scope: "contacts:write",
      audit: { action: "scrub_run.recorded", subject: "id" },
      params: campaignParams,
      query: scrubRunQuery,
      bodyKind: "list_or_json",
      body: newScrubRunWire,
      answer: { status: 201, schema: scrubRunWire },
      problems: ["campaign_not_found", "scrub_run_exists", "invalid_scrub_run", "wrong_list", "ambiguous_scrub_list", "no_number_column", "empty_file", "wrong_encoding"],
      async handle({ caller, params, query, body }) {
        const of = { accountId: caller.accountId, campaignId: params.campaign_id };
        if (body.kind === "list") {
          const { provider, reference, scrubbed_at: scrubbedAt, category, lists } = query;
          if (provider === undefined || reference === undefined || scrubbedAt === undefined) {
            const missing = Object.entries({ provider, reference, scrubbed_at: scrubbedAt }).filter(([, value]) => value === undefined);
            throw new Refusal(400, "invalid_query", "expected provider, reference and scrubbed_at in the query beside a file", {
              errors: missing.map(([path]) => ({ path, message: "expected in the query beside a file" })),
            });
          }
          return created(await scrub.recordRun(defined({ ...of, provider, reference, scrubbedAt, category, result: defined({ kind: "file" as const, bytes: body.source, lists }) })));
        }
        const { provider, reference, scrubbed_at: scrubbedAt, category, blocked } = sentJson(body);
        return created(await scrub.recordRun(defined({ ...of, provider, reference, scrubbedAt, category, result: { kind: "blocked", numbers: blocked } as const })));
      },
    }),
    defineRoute({
      method: "post",
      path: "/v1/preferences/imports",
      tag,
      summary: "Import rows of the preference register",
      scope: "contacts:write",
      audit: { action: "preferences.imported", subject: "import_id" },
      bodyKind: "list",
      answer: { status: 201, schema: preferenceImportWire },
      problems: ["no_number_column", "no_preference_column", "empty_file", "wrong_encoding", "no_file"],
      async handle({ caller, body }) {
        if (body.kind !== "list") throw new Refusal(422, "missing_body", "expected a list as text/csv or as a file in a form");
        return created(await scrub.importPreferences({ accountId: caller.accountId, bytes: body.source }));
      },
    }),
  ];
}
