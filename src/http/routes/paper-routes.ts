import { z } from "zod";
import type { Id } from "../../domain/ids.ts";
import { pageOfWhole } from "../../domain/page.ts";
import { defined } from "../defined.ts";
import type { LawUseCases } from "../ports.ts";
import { created, noContent, ok } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { idOf, pageOf, pageQuery, pageWire } from "../wire/common-wire.ts";
import { madeWire, newPaperWire, paperWire } from "../wire/law-wire.ts";

const tag = "Sender papers";

/** The sender's registration, the declarations that name its caller numbers, its holiday lists and its releases of the brake. */
export function paperRoutes(law: LawUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/sender-papers",
      tag,
      summary: "Put on file a registration, an A2P declaration, a list of holidays, or a written release of the brake",
      scope: "admin",
      audit: { action: "paper.added", subject: "id" },
      body: newPaperWire,
      answer: { status: 201, schema: madeWire },
      problems: ["invalid_paper"],
      async handle({ caller, body }) {
        const { kind, reference, provider, dates, caller_numbers: callerNumbers, valid_from: validFrom, valid_until: validUntil } = sentJson(body);
        return created(await law.addPaper(defined({ accountId: caller.accountId, kind, reference, provider, dates, callerNumbers, validFrom, validUntil })));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/sender-papers",
      tag,
      summary: "List the papers on file, also those that ended",
      scope: "campaigns:read",
      query: pageQuery,
      answer: { status: 200, schema: pageWire(paperWire) },
      handle: async ({ caller, query }) => ok(pageOf(pageOfWhole(await law.listPapers({ accountId: caller.accountId }), defined(query), ({ id }) => id))),
    }),
    defineRoute({
      method: "delete",
      path: "/v1/sender-papers/:paper_id",
      tag,
      summary: "Let a paper end now",
      scope: "admin",
      audit: { action: "paper.ended", subject: "paper_id" },
      params: z.strictObject({ paper_id: idOf<Id<"paper">>("a paper") }),
      answer: { status: 204 },
      problems: ["paper_not_found"],
      async handle({ caller, params }) {
        await law.endPaper({ accountId: caller.accountId, id: params.paper_id });
        return noContent;
      },
    }),
  ];
}
