import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { istText } from "../../domain/ist-text.ts";
import type { AccountVault } from "../../domain/vault.ts";
import type { WebhookPost } from "./ports.ts";
import type { ClaimedDelivery } from "./webhook-deliveries.queries.ts";

const timeoutMs = 20_000;
const members = z.record(z.string(), z.unknown());

/**
 * One event as it goes out, by the Standard Webhooks specification: the id stays the same over all tries, the timestamp is
 * the try's in real time, by which receivers refuse what is old; the body tells the campaign's time. The signature covers id, timestamp
 * and body under the endpoint's own secret.
 */
export function signedMessage(delivery: ClaimedDelivery, vault: AccountVault, sentMs: number): WebhookPost {
  const personal = delivery.body_sealed === null ? {} : members.parse(JSON.parse(vault.open("webhook_events.body", delivery.event_id, delivery.body_sealed)));
  const body = JSON.stringify({
    type: delivery.type,
    timestamp: istText(delivery.occurred_at),
    sequence: delivery.sequence,
    data: { ...members.parse(delivery.body), ...personal },
  });
  const secret = vault.open("webhook_endpoints.secret", delivery.endpoint_id, delivery.secret_sealed);
  const sentAt = new Date(Math.floor(sentMs / 1_000) * 1_000);
  return {
    url: delivery.url,
    timeoutMs,
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "campaign-dialer-webhooks/1",
      "webhook-id": delivery.event_id,
      "webhook-timestamp": String(sentAt.getTime() / 1_000),
      "webhook-signature": new Webhook(secret).sign(delivery.event_id, sentAt, body),
    },
  };
}
