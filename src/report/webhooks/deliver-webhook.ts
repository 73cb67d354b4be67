import type { WebhookAnswer, WebhookDeps } from "./ports.ts";
import { disableAfterMs, nextTryMs } from "./retry-plan.ts";
import { signedMessage } from "./signed-message.ts";
import { type ClaimedDelivery, type DeliveryResult, recordTry } from "./webhook-deliveries.queries.ts";
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
  const vault = await deps.vault.forAccount(delivery.account_id);
  const answer = await deps.post(signedMessage(delivery, vault, deps.clock.nowMs()));
  const nowMs = deps.clock.nowMs();
  const now = new Date(nowMs);
  const result = resultOf(answer, delivery, nowMs, deps.random.fraction());
  const disableBecause = reasonToDisable(answer, delivery, nowMs);
  await recordTry(deps.db, delivery, result, now);
  if (disableBecause !== null) {
    await disableEndpoint(deps.db, delivery.endpoint_id, disableBecause);
    deps.log.warn("switched a webhook endpoint off", { endpointId: delivery.endpoint_id, because: disableBecause });
  }
  return { ok: result.state === "delivered", retryAfterMs: answer.kind === "answered" ? answer.retryAfterMs : null };
}

function resultOf(answer: WebhookAnswer, delivery: ClaimedDelivery, nowMs: number, fraction: number): DeliveryResult {
  const status = answer.kind === "answered" ? answer.status : null;
  if (status !== null && status >= 200 && status < 300) return { state: "delivered", status };
  const error = answer.kind === "answered" ? `answered ${answer.status}` : answer.detail;
  const nextMs = nextTryMs(delivery.tries + 1, nowMs, fraction, answer.kind === "answered" ? answer.retryAfterMs : null);
  if (nextMs === null || status === 410) return { state: "failed", status, error };
  return { state: "waiting", nextTryAt: new Date(nextMs), status, error };
}

function reasonToDisable(answer: WebhookAnswer, delivery: ClaimedDelivery, nowMs: number): string | null {
  if (answer.kind === "answered" && answer.status === 410) return "answered 410 Gone";
  if (answer.kind === "answered" && answer.status >= 200 && answer.status < 300) return null;
  const failingMs = delivery.failing_since === null ? 0 : nowMs - delivery.failing_since.getTime();
  return failingMs >= disableAfterMs ? "failed for five days" : null;
}
