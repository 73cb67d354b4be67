import type { WebhookAnswer, WebhookDeps, WebhookPost } from "./ports.ts";
import { disableAfterMs, nextTryMs } from "./retry-plan.ts";
import { signedMessage } from "./signed-message.ts";
import { type ClaimedDelivery, type DeliveryResult, giveUpDelivery, recordTry } from "./webhook-deliveries.queries.ts";
import { disableEndpoint } from "./webhook-endpoints.queries.ts";

/** How a try ended, for whoever decides when the endpoint is asked again. */
export interface TryReport {
  ok: boolean;
  retryAfterMs: number | null;
}

/**
 * Makes one try of a delivery that this process holds under a lease and writes how it ended. Only 2xx is success; 410
 * switches the endpoint off, as does failing for five days.
 */
export async function deliverWebhook(deps: WebhookDeps, delivery: ClaimedDelivery): Promise<TryReport> {
  const message = await messageOf(deps, delivery);
  if (!message) {
    // No fault of the endpoint, and trying again cannot help: it must neither stand before others nor count against it.
    await giveUpDelivery(deps.db, delivery, "the message could not be made");
    return { ok: true, retryAfterMs: null };
  }
  const answer = await deps.post(message);
  const nowMs = deps.clock.nowMs();
  const now = new Date(nowMs);
  const result = resultOf(answer, delivery, nowMs, deps.random.fraction());
  const disableBecause = reasonToDisable(answer, delivery, nowMs);
  await recordTry(deps.db, delivery, result, now);
  if (disableBecause !== null && (await disableEndpoint(deps.db, { id: delivery.endpoint_id, ...disableBecause }))) {
    deps.log.warn("switched a webhook endpoint off", { endpointId: delivery.endpoint_id, because: disableBecause.because });
  }
  return { ok: result.state === "delivered", retryAfterMs: answer.kind === "answered" ? answer.retryAfterMs : null };
}

/** The message; undefined when it cannot be made, because a sealed part of it was damaged. */
async function messageOf(deps: WebhookDeps, delivery: ClaimedDelivery): Promise<WebhookPost | undefined> {
  const vault = await deps.vault.forAccount(delivery.account_id);
  try {
    return signedMessage(delivery, vault, deps.wallClock.nowMs());
  } catch (error) {
    deps.log.error("a webhook message could not be made and is given up", { endpointId: delivery.endpoint_id, eventId: delivery.event_id, error });
    return undefined;
  }
}

function resultOf(answer: WebhookAnswer, delivery: ClaimedDelivery, nowMs: number, fraction: number): DeliveryResult {
  const status = answer.kind === "answered" ? answer.status : null;
  if (status !== null && status >= 200 && status < 300) return { state: "delivered", status };
  const error = answer.kind === "answered" ? `answered ${answer.status}` : answer.detail;
  const nextMs = nextTryMs(delivery.tries + 1, nowMs, fraction, answer.kind === "answered" ? answer.retryAfterMs : null);
  if (nextMs === null || status === 410) return { state: "failed", status, error };
  return { state: "waiting", nextTryAt: new Date(nextMs), status, error };
}

function reasonToDisable(answer: WebhookAnswer, delivery: ClaimedDelivery, nowMs: number): { because: string; failingBefore: Date | null } | null {
  if (answer.kind === "answered" && answer.status === 410) return { because: "answered 410 Gone", failingBefore: null };
  if (answer.kind === "answered" && answer.status >= 200 && answer.status < 300) return null;
  const failingMs = delivery.failing_since === null ? 0 : nowMs - delivery.failing_since.getTime();
  return failingMs >= disableAfterMs ? { because: "failed for five days", failingBefore: new Date(nowMs - disableAfterMs) } : null;
}
