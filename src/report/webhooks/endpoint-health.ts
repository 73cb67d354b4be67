import type { Clock } from "../../domain/clock.ts";
import type { WebhookEndpointId } from "../../domain/ids.ts";
import type { TryReport } from "./deliver-webhook.ts";
import { restMs } from "./retry-plan.ts";

export interface EndpointHealth {
  tell(id: WebhookEndpointId, report: TryReport): void;
  /** How many further tries each endpoint may have now, for those that may not have the usual number. */
  rooms(busy: ReadonlyMap<WebhookEndpointId, number>): Map<WebhookEndpointId, number>;
}

/** Remembers, in this process, which endpoints fail: such a one is tried by one delivery at a time, after a pause. */
export function endpointHealth(clock: Clock, usualRoom: number): EndpointHealth {
  const failing = new Map<WebhookEndpointId, { failures: number; restUntilMs: number }>();
  return {
    tell(id, report) {
      if (report.ok) {
        failing.delete(id);
        return;
      }
      const failures = (failing.get(id)?.failures ?? 0) + 1;
      failing.set(id, { failures, restUntilMs: clock.nowMs() + restMs(failures, report.retryAfterMs) });
    },
    rooms(busy) {
      const rooms = new Map([...busy].map(([id, count]) => [id, Math.max(0, usualRoom - count)]));
      for (const [id, { restUntilMs }] of failing) {
        rooms.set(id, restUntilMs <= clock.nowMs() && !busy.has(id) ? 1 : 0);
      }
      return rooms;
    },
  };
}
