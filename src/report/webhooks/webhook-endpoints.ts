import type { Selectable } from "kysely";
import type { WebhookEndpointsTable } from "../../db/tables-webhook.ts";
import { type EventType, eventTypes } from "../../db/outbox.ts";
import { Refusal } from "../../domain/errors.ts";
import { type AccountId, looksLikeId, newId, type WebhookEndpointId } from "../../domain/ids.ts";
import { istText, istTextOrNull } from "../../domain/ist-text.ts";
import type { AddressPolicy, WebhookDeps } from "./ports.ts";
import { deleteEndpoint, endpointsOf, findEndpoint, insertEndpoint } from "./webhook-endpoints.queries.ts";
import { readWebhookUrl } from "./webhook-url.ts";

/** An endpoint as the operator API shows it. */
export interface WebhookEndpointView {
  id: WebhookEndpointId;
  url: string;
  events: string[];
  state: "active" | "disabled";
  disabled_because: string | null;
  failing_since: string | null;
  created_at: string;
}

/** More endpoints than this per account help nobody. */
const mostEndpoints = 20;

/**
 * Registers an endpoint for some of the events (default: all). The answer holds the signing secret, shown this once.
 * Refuses: 422 `webhook_url_not_allowed`, 422 `unknown_event`, 409 `too_many_endpoints`.
 */
export async function createWebhookEndpoint(
  deps: Pick<WebhookDeps, "db" | "clock" | "random" | "vault"> & AddressPolicy,
  input: { accountId: AccountId; url: string; events?: readonly string[] },
): Promise<WebhookEndpointView & { secret: string }> {
  const url = readWebhookUrl(input.url, deps);
  const events = readEvents(input.events);
  if ((await endpointsOf(deps.db, input.accountId)).length >= mostEndpoints) {
    throw new Refusal(409, "too_many_endpoints", `an account may have ${mostEndpoints} endpoints; delete one first`);
  }
  const id = newId<WebhookEndpointId>(deps.clock, deps.random);
  const secret = `whsec_${Buffer.from(deps.random.bytes(32)).toString("base64")}`;
  const vault = await deps.vault.forAccount(input.accountId);
  const row = await insertEndpoint(deps.db, {
    id,
    account_id: input.accountId,
    url: url.href,
    events,
    secret_sealed: vault.seal("webhook_endpoints.secret", id, secret),
    created_at: new Date(deps.clock.nowMs()),
  });
  return { ...endpointView(row), secret };
}

/** The account's endpoints, the oldest first, without their secrets. */
export async function listWebhookEndpoints(deps: Pick<WebhookDeps, "db">, input: { accountId: AccountId }): Promise<WebhookEndpointView[]> {
  return (await endpointsOf(deps.db, input.accountId)).map(endpointView);
}

/** Removes an endpoint; what still waits for it is not sent. Refuses: 404 `webhook_endpoint_not_found`. */
export async function deleteWebhookEndpoint(
  deps: Pick<WebhookDeps, "db" | "clock">,
  input: { accountId: AccountId; endpointId: WebhookEndpointId },
): Promise<void> {
  const endpoint = await requireEndpoint(deps, input);
  await deps.db.transaction().execute((tx) => deleteEndpoint(tx, endpoint.id, new Date(deps.clock.nowMs())));
}

/** The account's endpoint, or a `Refusal` 404. */
export async function requireEndpoint(
  deps: Pick<WebhookDeps, "db">,
  input: { accountId: AccountId; endpointId: WebhookEndpointId },
): Promise<Selectable<WebhookEndpointsTable>> {
  const row = looksLikeId(input.endpointId) ? await findEndpoint(deps.db, input.accountId, input.endpointId) : undefined;
  if (!row) throw new Refusal(404, "webhook_endpoint_not_found", `there is no webhook endpoint ${input.endpointId}`);
  return row;
}

function readEvents(events: readonly string[] | undefined): EventType[] {
  if (events === undefined || events.length === 0) return [...eventTypes];
  const known: readonly string[] = eventTypes;
  const unknown = events.filter((event) => !known.includes(event));
  if (unknown.length === 0) return eventTypes.filter((event) => events.includes(event));
  throw new Refusal(422, "unknown_event", `there is no event ${unknown.join(", ")}; expected some of ${known.join(", ")}`, {
    errors: unknown.map((event) => ({ path: "events", message: `${event} is not an event` })),
  });
}

function endpointView(row: Selectable<WebhookEndpointsTable>): WebhookEndpointView {
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    state: row.state,
    disabled_because: row.disabled_because,
    failing_since: istTextOrNull(row.failing_since),
    created_at: istText(row.created_at),
  };
}
