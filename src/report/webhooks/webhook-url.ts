import { Refusal } from "../../domain/errors.ts";
import { isAddress, isPublicAddress } from "../../domain/public-address.ts";
import type { AddressPolicy } from "./ports.ts";

const securePorts = ["", "8443"];

/**
 * Reads the address of an endpoint: https on port 443 or 8443, a public host, no user or password in it. Throws a `Refusal` 422
 * `webhook_url_not_allowed` that says what is wrong. Where a name leads is decided at each connection, not here.
 */
export function readWebhookUrl(text: string, policy: AddressPolicy): URL {
  const url = URL.parse(text);
  if (!url || text.length > 2_000) throw notAllowed("expected an absolute address such as https://example.com/hooks");
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (url.username !== "" || url.password !== "") throw notAllowed("expected no user or password in the address");
  if (policy.allowLoopback && isLoopbackHost(host) && (url.protocol === "https:" || url.protocol === "http:")) return url;
  if (url.protocol !== "https:") throw notAllowed(`expected https, got ${url.protocol.replace(":", "")}`);
  if (!securePorts.includes(url.port)) throw notAllowed(`expected port 443 or 8443, got ${url.port}`);
  if (isLoopbackHost(host) || (!host.includes(".") && !isAddress(host))) throw notAllowed("expected a public host name");
  if (isAddress(host) && !isPublicAddress(host)) throw notAllowed("expected a public address");
  return url;
}

function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "127.0.0.1" || host === "::1";
}

function notAllowed(detail: string): Refusal {
  return new Refusal(422, "webhook_url_not_allowed", detail, { errors: [{ path: "url", message: detail }] });
}
