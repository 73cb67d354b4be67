import { z } from "zod";
import { instantInput, instantOrNull, instantText } from "./common-wire.ts";

export const newWebhookEndpointWire = z.strictObject({
  url: z.string().min(1).max(2_048),
  events: z.array(z.string().max(80)).max(20).optional().meta({ description: "call.ended, call.updated, contact.done, contact.opted_out, campaign.finished; default: all" }),
});

export const webhookEndpointWire = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    state: z.enum(["active", "disabled"]),
    disabled_because: z.string().nullable(),
    failing_since: instantOrNull,
    created_at: instantText,
  })
  .meta({ id: "WebhookEndpoint" });

export const replayWire = z.strictObject({ event_id: z.string().max(64).optional(), from: instantInput.optional(), to: instantInput.optional() });
