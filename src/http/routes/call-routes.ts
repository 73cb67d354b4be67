import { z } from "zod";
import { contactStates } from "../../domain/contact.ts";
import type { CampaignId, ContactId } from "../../domain/ids.ts";
import { istText } from "../../domain/ist-text.ts";
import { defined } from "../defined.ts";
import type { CallUseCases } from "../ports.ts";
import { created, ok } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { callLineWire, callWire, newCallWire, scheduledCallWire } from "../wire/call-wire.ts";
import { idOf, pageOf, pageQuery, pageWire } from "../wire/common-wire.ts";

const tag = "Calls";
const callParams = z.strictObject({ call_id: idOf<ContactId>("a call") });

/** Calls posted one by one; they pass the same gate as campaigns. */
export function callRoutes(calls: CallUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/calls",
      tag,
      summary: "Schedule one call with a template",
      scope: "calls:control",
      audit: { action: "call.scheduled", subject: "id" },
      body: newCallWire,
      answer: { status: 201, schema: scheduledCallWire },
      problems: ["unknown_template", "invalid_call", "call_already_scheduled", "papers_missing", "cannot_acknowledge"],
      async handle({ caller, body, requestKey }) {
        const { template, to, name, variables, language, not_before, not_after, external_id, acknowledge } = sentJson(body);
        const call = { to, name, variables, language, notBefore: not_before, notAfter: not_after, externalId: external_id };
        const scheduled = await calls.schedule(defined({ accountId: caller.accountId, template, acknowledge, call, requestKey }));
        return created({ id: scheduled.id, state: scheduled.state, next_attempt_at: istText(scheduled.nextAttemptAt), waiting_because: scheduled.waitingBecause });
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/calls",
      tag,
      summary: "List single calls, newest first; with campaign_id the contacts of a campaign",
      scope: "exports:read",
      query: pageQuery.extend({ state: z.enum(contactStates).optional(), external_id: z.string().max(128).optional(), campaign_id: idOf<CampaignId>("a campaign").optional() }),
      answer: { status: 200, schema: pageWire(callLineWire) },
      async handle({ caller, query }) {
        const { limit, cursor, state, external_id: externalId, campaign_id: campaignId } = query;
        return ok(pageOf(await calls.list(defined({ accountId: caller.accountId, limit, cursor, state, externalId, campaignId }))));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/calls/:call_id",
      tag,
      summary: "One call whole: attempts, transcript, latencies, evidence, cost",
      scope: "exports:read",
      params: callParams,
      answer: { status: 200, schema: callWire },
      problems: ["call_not_found"],
      handle: async ({ caller, params }) => ok(await calls.show({ accountId: caller.accountId, id: params.call_id })),
    }),
    defineRoute({
      method: "delete",
      path: "/v1/calls/:call_id",
      tag,
      summary: "Take back a call that has not begun",
      scope: "calls:control",
      audit: { action: "call.cancelled", subject: "call_id" },
      params: callParams,
      answer: { status: 200, schema: z.object({ id: z.string(), state: z.string() }) },
      problems: ["call_not_found", "wrong_state"],
      handle: async ({ caller, params }) => ok(await calls.cancel({ accountId: caller.accountId, id: params.call_id })),
    }),
  ];
}
