import { z } from "zod";
import { pageOfWhole } from "../../domain/page.ts";
import { defined } from "../defined.ts";
import type { LawUseCases } from "../ports.ts";
import { created, ok } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { pageOf, pageQuery, pageWire } from "../wire/common-wire.ts";
import { consentImportWire } from "../wire/list-wire.ts";
import { consentRevocationWire, consentWire, newConsentsWire } from "../wire/law-wire.ts";

const tag = "Consents";

/** On what basis a person may be called, and when that was withdrawn. */
export function consentRoutes(law: LawUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/consents",
      tag,
      summary: "Put consents on file: JSON, all or none; or CSV, row by row",
      scope: "contacts:write",
      audit: { action: "consents.recorded" },
      bodyKind: "list_or_json",
      body: newConsentsWire,
      answer: { status: 201, schema: z.union([z.object({ recorded: z.number() }), consentImportWire]) },
      problems: ["invalid_consents", "no_number_column", "empty_file", "wrong_encoding"],
      async handle({ caller, body }) {
        if (body.kind === "list") return created(await law.importConsents({ accountId: caller.accountId, bytes: body.source }));
        const consents = sentJson(body).consents.map(({ registered_on_dlt: registeredOnDlt, given_at: givenAt, ends_at: endsAt, ...same }) => defined({ ...same, registeredOnDlt, givenAt, endsAt }));
        return created(await law.recordConsents({ accountId: caller.accountId, consents }));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/consents",
      tag,
      summary: "Every consent of a number, newest first",
      scope: "exports:read",
      query: pageQuery.extend({ number: z.string().min(1).max(40) }),
      answer: { status: 200, schema: pageWire(consentWire) },
      problems: ["invalid_number"],
      async handle({ caller, query: { number, ...page } }) {
        const all = await law.listConsents({ accountId: caller.accountId, number });
        return ok(pageOf(pageOfWhole(all, defined(page), ({ id }) => id)));
      },
    }),
    defineRoute({
      method: "post",
      path: "/v1/consents/revocations",
      tag,
      summary: "Withdraw the consents of a number",
      scope: "contacts:write",
      audit: { action: "consents.revoked" },
      body: consentRevocationWire,
      answer: { status: 201, schema: z.object({ revoked: z.number() }) },
      problems: ["invalid_number"],
      async handle({ caller, body }) {
        const { number, basis } = sentJson(body);
        return created(await law.revokeConsents(defined({ accountId: caller.accountId, number, basis })));
      },
    }),
  ];
}
