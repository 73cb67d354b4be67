import { z } from "zod";
import type { ImportId } from "../../domain/ids.ts";
import { istText, istTextOrNull } from "../../domain/ist-text.ts";
import type { ImportReport } from "../../intake/import-report.ts";
import type { ImportUseCases } from "../ports.ts";
import { created, ok, piecesWriter } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { idOf, type Wire } from "../wire/common-wire.ts";
import { contactListWire, importQuery, importWire } from "../wire/import-wire.ts";
import { campaignParams } from "./campaign-routes.ts";

const tag = "Contacts";
const importParams = z.strictObject({ import_id: idOf<ImportId>("an import") });

/** Lists come in; what was refused comes back. */
export function contactRoutes(imports: ImportUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/campaigns/:campaign_id/contacts",
      tag,
      summary: "Import a contact list: CSV body, a file in a form, or JSON",
      scope: "contacts:write",
      audit: { action: "contacts.imported", subject: "import_id" },
      params: campaignParams,
      query: importQuery,
      bodyKind: "list_or_json",
      body: contactListWire,
      answer: { status: 201, schema: importWire },
      problems: [
        "campaign_not_found", "campaign_closed", "empty_file", "no_rows", "no_phone_column", "missing_columns", "ambiguous_column", "unknown_mapping",
        "broken_header", "header_too_long", "too_many_columns", "too_many_rows", "wrong_encoding", "not_csv", "no_file", "bad_multipart", "unknown_field", "field_after_file", "more_than_one_file",
      ],
      async handle({ caller, params, query, body }) {
        const into = { accountId: caller.accountId, campaignId: params.campaign_id, onDuplicate: query.on_duplicate };
        const report =
          body.kind === "list"
            ? await imports.csv({ ...into, source: body.source, mapping: query.map })
            : await imports.json({ ...into, contacts: sentJson(body).contacts });
        return created(importView(report));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/imports/:import_id",
      tag,
      summary: "The report of an import",
      scope: "contacts:write",
      params: importParams,
      answer: { status: 200, schema: importWire },
      problems: ["import_not_found"],
      handle: async ({ caller, params }) => ok(importView(await imports.show({ accountId: caller.accountId, importId: params.import_id }))),
    }),
    defineRoute({
      method: "get",
      path: "/v1/imports/:import_id/rejects.csv",
      tag,
      summary: "The refused rows, ready to correct and send again",
      scope: "exports:read",
      params: importParams,
      answer: { status: 200, media: ["text/csv"] },
      problems: ["import_not_found"],
      async handle({ caller, params }) {
        const pieces = await imports.rejectsCsv({ accountId: caller.accountId, importId: params.import_id });
        return { kind: "file", contentType: "text/csv; charset=utf-8", fileName: `rejects-${params.import_id}.csv`, write: piecesWriter(pieces) };
      },
    }),
  ];
}

function importView(report: ImportReport): Wire<typeof importWire> {
  return {
    import_id: report.importId,
    campaign_id: report.campaignId,
    state: report.state,
    on_duplicate: report.onDuplicate,
    rows: report.rows,
    accepted: report.accepted,
    rejected: report.rejected,
    duplicates: report.duplicates,
    rejects_by_reason: report.rejectsByReason,
    rejects_url: `/v1/imports/${report.importId}/rejects.csv`,
    failure: report.failure,
    created_at: istText(report.createdAt),
    finished_at: istTextOrNull(report.finishedAt),
    rejects: report.rejects,
  };
}
