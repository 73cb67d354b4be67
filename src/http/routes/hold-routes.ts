import { z } from "zod";
import type { Id } from "../../domain/ids.ts";
import { pageOfWhole } from "../../domain/page.ts";
import { defined } from "../defined.ts";
import type { LawUseCases } from "../ports.ts";
import { created, ok } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { idOf, pageOf, pageQuery, pageWire } from "../wire/common-wire.ts";
import { holdWire, madeWire, newHoldWire } from "../wire/law-wire.ts";

const tag = "Holds";

/** Complaint, dispute, hardship, bereavement, wrong party, a wish about hours: why a person is left alone, or when. */
export function holdRoutes(law: LawUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/holds",
      tag,
      summary: "Leave a person alone, or keep to the hours the person wishes",
      scope: "contacts:write",
      audit: { action: "hold.added", subject: "id" },
      body: newHoldWire,
      answer: { status: 201, schema: madeWire },
      problems: ["invalid_number", "invalid_hours", "invalid_period"],
      async handle({ caller, body }) {
        const { hours, starts_at: startsAt, ends_at: endsAt, ...same } = sentJson(body);
        return created(await law.addHold(defined({ ...defined(same), accountId: caller.accountId, hours: hours && defined(hours), startsAt, endsAt })));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/holds",
      tag,
      summary: "Every hold on a number, newest first",
      scope: "exports:read",
      query: pageQuery.extend({ number: z.string().min(1).max(40) }),
      answer: { status: 200, schema: pageWire(holdWire) },
      problems: ["invalid_number"],
      async handle({ caller, query: { number, ...page } }) {
        const all = await law.listHolds({ accountId: caller.accountId, number });
        return ok(pageOf(pageOfWhole(all, defined(page), ({ id }) => id)));
      },
    }),
    defineRoute({
      method: "delete",
      path: "/v1/holds/:hold_id",
      tag,
      summary: "End a hold; contacts that nothing else keeps back wait again",
      scope: "admin",
      audit: { action: "hold.ended", subject: "hold_id" },
      params: z.strictObject({ hold_id: idOf<Id<"hold">>("a hold") }),
      answer: { status: 200, schema: z.object({ contacts_freed: z.number() }) },
      problems: ["hold_not_found"],
      handle: async ({ caller, params }) => ok(await law.endHold({ accountId: caller.accountId, id: params.hold_id })),
    }),
  ];
}
