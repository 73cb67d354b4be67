import { pause } from "../../domain/clock.ts";
import type { WebhookEndpointId } from "../../domain/ids.ts";
import { deliverWebhook, type TryReport } from "./deliver-webhook.ts";
import { endpointHealth } from "./endpoint-health.ts";
import type { WebhookDeps } from "./ports.ts";
import { claimDeliveries, type ClaimedDelivery, fanOutEvents, forgetEvents } from "./webhook-deliveries.queries.ts";

export interface WebhookSender {
  /** Begins no further try; resolves when those under way have ended. */
  stop(): Promise<void>;
}

const lookEveryMs = 500;
const forgetEveryMs = 3_600_000;
const forgetBatch = 5_000;
/** Events stay this long for replays. */
const keptMs = 30 * 86_400_000;
/** A try takes 20 s at most; a lease that outlives it by far means that its holder died. */
const leaseMs = 60_000;
const mostAtOnce = 64;
const mostPerEndpoint = 8;
const fanOutBatch = 500;

/**
 * Delivers the outbox until stopped. Any number of processes may run it on one database: events are handed out once, tries are
 * made under leases. Each endpoint has its own few places, so one that hangs delays nobody else; one that fails is given a
 * single place and a pause that grows.
 */
export function startWebhookSender(deps: WebhookDeps): WebhookSender {
  const stopping = new AbortController();
  const health = endpointHealth(deps.clock, mostPerEndpoint);
  const underWay = new Set<Promise<void>>();
  const busy = new Map<WebhookEndpointId, number>();
  let wake = (): void => undefined;
  let forgetAtMs = deps.clock.nowMs();

  const tryOne = async (delivery: ClaimedDelivery): Promise<void> => {
    const id = delivery.endpoint_id;
    busy.set(id, (busy.get(id) ?? 0) + 1);
    const report = await deliverWebhook(deps, delivery).catch((error: unknown): TryReport => {
      deps.log.error("a webhook delivery could not be recorded; its lease will run out", { endpointId: id, error });
      return { ok: false, retryAfterMs: null };
    });
    health.tell(id, report);
    const left = (busy.get(id) ?? 1) - 1;
    if (left > 0) busy.set(id, left);
    else busy.delete(id);
    wake();
  };

  const look = async (): Promise<boolean> => {
    const nowMs = deps.clock.nowMs();
    const now = new Date(nowMs);
    if (nowMs >= forgetAtMs) {
      const forgotten = await forgetEvents(deps.db, { before: new Date(nowMs - keptMs), limit: forgetBatch });
      // While there is more it goes on with the next look: a busy account writes more in an hour than one batch.
      if (forgotten < forgetBatch) forgetAtMs = nowMs + forgetEveryMs;
    }
    const fanned = await fanOutEvents(deps.db, { limit: fanOutBatch, now });
    const places = mostAtOnce - underWay.size;
    if (places <= 0) return false;
    const claimed = await claimDeliveries(deps.db, { limit: places, perEndpoint: mostPerEndpoint, rooms: health.rooms(busy), now, leaseUntil: new Date(nowMs + leaseMs) });
    for (const delivery of claimed) {
      const trying = tryOne(delivery).finally(() => underWay.delete(trying));
      underWay.add(trying);
    }
    return fanned === fanOutBatch;
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      const more = await look().catch((error: unknown) => {
        deps.log.error("webhooks could not be looked up", { error });
        return false;
      });
      if (!more) await Promise.race([woken, pause(deps.clock, lookEveryMs, stopping.signal)]);
    }
    await Promise.all(underWay);
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      wake();
      await running;
    },
  };
}
