import { z } from "zod";
import type { WebhookEndpointId } from "../../domain/ids.ts";
import { pageOfWhole } from "../../domain/page.ts";
import { defined } from "../defined.ts";
import type { WebhookUseCases } from "../ports.ts";
import { created, noContent, ok } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { idOf, pageOf, pageQuery, pageWire } from "../wire/common-wire.ts";
import { newWebhookEndpointWire, replayWire, webhookEndpointWire } from "../wire/webhook-wire.ts";

const tag = "Webhooks";
const endpointParams = z.strictObject({ endpoint_id: idOf<WebhookEndpointId>("a webhook endpoint") });

/** Where the operator's own systems are told what happened (Standard Webhooks). */
export function webhookRoutes(webhooks: WebhookUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/webhook-endpoints",
      tag,
      summary: "Register an endpoint; its signing secret is shown only in this answer",
      scope: "admin",
      audit: { action: "webhook_endpoint.created", subject: "id" },
      body: newWebhookEndpointWire,
      answer: { status: 201, schema: webhookEndpointWire.extend({ secret: z.string() }).meta({ id: "NewWebhookEndpoint" }) },
      problems: ["webhook_url_not_allowed", "unknown_event", "too_many_endpoints"],
      handle: async ({ caller, body }) => created(await webhooks.create(defined({ accountId: caller.accountId, ...sentJson(body) }))),
    }),
    defineRoute({
      method: "get",
      path: "/v1/webhook-endpoints",
      tag,
      summary: "List endpoints, without their secrets",
      scope: "admin",
      query: pageQuery,
      answer: { status: 200, schema: pageWire(webhookEndpointWire) },
      handle: async ({ caller, query }) => ok(pageOf(pageOfWhole(await webhooks.list({ accountId: caller.accountId }), defined(query), ({ id }) => id))),
    }),
    defineRoute({
      method: "delete",
      path: "/v1/webhook-endpoints/:endpoint_id",
      tag,
      summary: "Remove an endpoint; what still waits for it is not sent",
      scope: "admin",
      audit: { action: "webhook_endpoint.removed", subject: "endpoint_id" },
      params: endpointParams,
      answer: { status: 204 },
      problems: ["webhook_endpoint_not_found"],
      async handle({ caller, params }) {
        await webhooks.remove({ accountId: caller.accountId, endpointId: params.endpoint_id });
        return noContent;
      },
    }),
    defineRoute({
      method: "post",
      path: "/v1/webhook-endpoints/:endpoint_id/replay",
      tag,
      summary: "Send past events again, with the ids they had",
      scope: "admin",
      audit: { action: "webhook_endpoint.replayed", subject: "endpoint_id" },
      params: endpointParams,
      body: replayWire,
      answer: { status: 200, schema: z.object({ replayed: z.number() }) },
      problems: ["webhook_endpoint_not_found", "event_not_found", "replay_what", "replay_too_much"],
      async handle({ caller, params, body }) {
        const { event_id: eventId, from, to } = sentJson(body);
        return ok(await webhooks.replay(defined({ accountId: caller.accountId, endpointId: params.endpoint_id, eventId, from, to })));
      },
    }),
  ];
}
