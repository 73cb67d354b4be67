import type { PlaceResult, RefusalScope } from "../../dial/ports.ts";

/**
 * Puts the failure of a create-call request into its class. Twilio's create-call has no
 * idempotency key: only 429 ("not processed", error 20429) and a connection that was never made are sure to have rung
 * nobody; whatever is not a definite answer with a Twilio code is unknown.
 */
export function classifyFailure(error: unknown): Exclude<PlaceResult, { kind: "accepted" }> {
  const status = numberIn(error, "status");
  if (status !== undefined) return classifyStatus(status, numberIn(error, "code"), messageOf(error));
  const code = textIn(error, "code");
  if (neverConnected(error, code)) return { kind: "not_taken", because: "never_connected", code: code ?? "unreachable" };
  if (code === "ECONNABORTED" || code === "ETIMEDOUT") return { kind: "unknown", because: "timeout", code };
  if (error instanceof SyntaxError) return { kind: "unknown", because: "unreadable_answer", code: "unreadable_body" };
  return { kind: "unknown", because: "connection_lost", code: code ?? "no_code" };
}

function classifyStatus(status: number, code: number | undefined, detail: string): Exclude<PlaceResult, { kind: "accepted" }> {
  if (status === 429) return { kind: "not_taken", because: "rate", code: String(code ?? 20429) };
  if (status >= 500 || status === 408) return { kind: "unknown", because: "server_error", code: `http_${status}` };
  if (status >= 400 && code !== undefined) return { kind: "refused", reason: invalidNumberCodes.has(code) ? "invalid_number" : "other", code: String(code), detail, scope: scopeOf(code) };
  return { kind: "unknown", because: "unreadable_answer", code: `http_${status}` };
}

/** Codes that say that the number called is none: malformed, missing, not in service. */
const invalidNumberCodes: ReadonlySet<number> = new Set([13223, 13224, 21201, 21211, 21214, 21217]);
/** Codes that every further call of the campaign would meet too: caller number not ours or malformed, concurrency refused. */
const campaignCodes: ReadonlySet<number> = new Set([10004, 86008, 21210, 21212, 21213]);
/** Codes that every call of the carrier account would meet: account closed, no permission, our own request wrong. */
const carrierCodes: ReadonlySet<number> = new Set([
  20003, 20005, 10001, 10005, 21215, 13227, 21203, 21219, 22005, 21205, 21206, 21208, 21209, 21218, 21626, 20404,
]);

function scopeOf(code: number): RefusalScope {
  if (carrierCodes.has(code)) return "carrier";
  return campaignCodes.has(code) ? "campaign" : "contact";
}

/** Failures of the name lookup, the TCP handshake or the certificate check: all before the first byte of the request. */
const beforeConnect: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function neverConnected(error: unknown, code: string | undefined): boolean {
  if (code !== undefined && beforeConnect.has(code)) return true;
  const syscall = textIn(error, "syscall") ?? textIn(causeOf(error), "syscall");
  return syscall === "connect" || syscall === "getaddrinfo";
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function textIn(thing: unknown, key: string): string | undefined {
  const value: unknown = typeof thing === "object" && thing !== null ? Reflect.get(thing, key) : undefined;
  return typeof value === "string" ? value : undefined;
}

function numberIn(thing: unknown, key: string): number | undefined {
  const value: unknown = typeof thing === "object" && thing !== null ? Reflect.get(thing, key) : undefined;
  return typeof value === "number" ? value : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "the carrier refused the call";
}
