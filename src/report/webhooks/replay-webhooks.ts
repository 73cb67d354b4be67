import { Refusal } from "../../domain/errors.ts";
import { type AccountId, looksLikeId, type WebhookEndpointId } from "../../domain/ids.ts";
import type { WebhookDeps } from "./ports.ts";
import { replayEvents } from "./webhook-deliveries.queries.ts";
import { requireEndpoint } from "./webhook-endpoints.ts";

export interface ReplayInput {
  accountId: AccountId;
  endpointId: WebhookEndpointId;
  /** One event, or those that occurred in [from, to); at least one of the three. */
  eventId?: string;
  from?: Date;
  to?: Date;
}

/** Events made due by one request; a longer range is replayed in several. */
const mostReplayed = 5_000;

/**
 * Sends past events to an endpoint again, also those that were delivered, with the ids they had. Asking for it says that the
 * endpoint is well: a disabled one is switched on. Answers how many events are due now.
 * Refuses: 404, 422 `replay_what`, 422 `replay_too_much`.
 */
export async function replayWebhooks(deps: Pick<WebhookDeps, "db" | "clock">, input: ReplayInput): Promise<{ replayed: number }> {
  const endpoint = await requireEndpoint(deps, input);
  if (input.eventId === undefined && input.from === undefined && input.to === undefined) {
    throw new Refusal(422, "replay_what", "expected event_id, or from and to", {
      errors: [{ path: "event_id", message: "expected the id of an event, or from and to instead" }],
    });
  }
  if (input.eventId !== undefined && !looksLikeId(input.eventId)) throw new Refusal(404, "event_not_found", `there is no event ${input.eventId}`);
  const replayed = await deps.db.transaction().execute(async (tx) => {
    const count = await replayEvents(tx, {
      accountId: input.accountId,
      endpointId: endpoint.id,
      events: endpoint.events,
      eventId: input.eventId ?? null,
      from: input.from ?? null,
      to: input.to ?? null,
      limit: mostReplayed + 1,
      now: new Date(deps.clock.nowMs()),
    });
    if (count > mostReplayed) throw new Refusal(422, "replay_too_much", `the range holds more than ${mostReplayed} events; choose a shorter one`, { path: "from" });
    await tx.updateTable("webhook_endpoints").set({ state: "active", disabled_because: null, failing_since: null }).where("id", "=", endpoint.id).execute();
    return count;
  });
  if (replayed === 0 && input.eventId !== undefined) throw new Refusal(404, "event_not_found", `there is no event ${input.eventId} that this endpoint subscribes to`);
  return { replayed };
}
