import { z } from "zod";
import { defined } from "../defined.ts";
import type { SuppressionUseCases } from "../ports.ts";
import { created, ok } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { pageOf, pageQuery, pageWire } from "../wire/common-wire.ts";
import { addedSuppressionsWire, newSuppressionsWire, suppressionImportWire, suppressionWire } from "../wire/list-wire.ts";

const tag = "Suppressions";
const numberParams = z.strictObject({ number: z.string().min(1).max(40) });

/** The do-not-call list: it binds every purpose at once, also calls already queued. */
export function suppressionRoutes(suppressions: SuppressionUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/suppressions",
      tag,
      summary: "Put numbers on the do-not-call list: JSON, CSV, or a file in a form",
      scope: "contacts:write",
      audit: { action: "suppressions.added" },
      query: z.strictObject({ reason: z.string().min(1).max(200).optional() }),
      bodyKind: "list_or_json",
      body: newSuppressionsWire,
      answer: { status: 201, schema: z.union([addedSuppressionsWire, suppressionImportWire]) },
      problems: ["invalid_numbers", "wrong_number_count", "no_number_column", "empty_file", "wrong_encoding"],
      async handle({ caller, query, body }) {
        if (body.kind === "list") {
          return created(await suppressions.importCsv(defined({ accountId: caller.accountId, bytes: body.source, reason: query.reason })));
        }
        const { number, numbers, reason } = sentJson(body);
        return created(await suppressions.add({ accountId: caller.accountId, numbers: numbers ?? (number === undefined ? [] : [number]), reason }));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/suppressions",
      tag,
      summary: "List the do-not-call list, newest first; `number` looks one up",
      scope: "exports:read",
      query: pageQuery.extend({ number: z.string().min(1).max(40).optional() }),
      answer: { status: 200, schema: pageWire(suppressionWire) },
      problems: ["invalid_numbers"],
      async handle({ caller, query }) {
        return ok(pageOf(await suppressions.list(defined({ accountId: caller.accountId, ...query }))));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/suppressions/:number",
      tag,
      summary: "Why a number is not called: its entry on the do-not-call list",
      scope: "exports:read",
      params: numberParams,
      answer: { status: 200, schema: suppressionWire },
      problems: ["invalid_numbers", "not_suppressed"],
      handle: async ({ caller, params }) => ok(await suppressions.show({ accountId: caller.accountId, number: params.number })),
    }),
    defineRoute({
      method: "delete",
      path: "/v1/suppressions/:number",
      tag,
      summary: "Take a number off the do-not-call list",
      scope: "admin",
      audit: { action: "suppression.lifted" },
      params: numberParams,
      answer: { status: 200, schema: z.object({ contacts_freed: z.number() }) },
      problems: ["invalid_numbers", "not_suppressed", "platform_suppression"],
      handle: async ({ caller, params }) => ok(await suppressions.lift({ accountId: caller.accountId, number: params.number })),
    }),
  ];
}
