import { z } from "zod";
import type { Db } from "../../db/database.ts";
import { verifyAudit } from "../audit-log.ts";
import { ok } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

/** Whether the log of changes is whole. */
export function auditRoutes(deps: { db: Db }): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/v1/audit-log/verify",
      tag: "Audit log",
      summary: "Check the hash chain over every change made through the API",
      scope: "admin",
      answer: { status: 200, schema: z.object({ intact: z.boolean(), entries: z.number(), first_broken_id: z.number().nullable() }) },
      async handle({ caller }) {
        const verdict = await verifyAudit(deps.db, caller.accountId);
        return ok({ intact: verdict.intact, entries: verdict.entries, first_broken_id: verdict.intact ? null : verdict.firstBrokenId });
      },
    }),
  ];
}
