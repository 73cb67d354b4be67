import { z } from "zod";
import type { ErasureUseCases } from "../ports.ts";
import { created } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { erasureWire } from "../wire/law-wire.ts";

/** Removing a person. */
export function erasureRoutes(erasures: ErasureUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/erasures",
      tag: "Erasures",
      summary: "Remove a person: everything personal is destroyed, a keyed hash stays in the suppressions",
      scope: "admin",
      audit: { action: "person.erased", subject: "number_key" },
      body: z.strictObject({ number: z.string().min(1).max(40) }),
      answer: { status: 201, schema: erasureWire },
      problems: ["invalid_number", "call_under_way"],
      handle: async ({ caller, body }) => created(await erasures.erase({ accountId: caller.accountId, number: sentJson(body).number })),
    }),
  ];
}
