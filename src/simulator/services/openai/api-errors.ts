import type { IncomingMessage } from "node:http";
import type { Random } from "../../../domain/random.ts";
import type { HttpRefusal } from "../refusal.ts";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceFault } from "../service-faults.ts";
import type { ApiError } from "./chat-request.ts";

/** An error as the API answers it. */
export function apiErrorRefusal({ status, ...error }: ApiError, headers: Record<string, string> = {}): HttpRefusal {
  return { status, headers, body: { error } };
}

/** The API's answer to a fault that is a status. */
export function faultError(fault: Extract<ServiceFault, { kind: "status" }>): HttpRefusal {
  const retryHeaders: Record<string, string> =
    fault.retryAfterMs === undefined ? {} : { "retry-after-ms": String(fault.retryAfterMs), "retry-after": String(Math.ceil(fault.retryAfterMs / 1_000)) };
  switch (fault.status) {
    case 401:
      return apiErrorRefusal(incorrectKey("sk-…"));
    case 429:
      return apiErrorRefusal(
        { status: 429, message: "Rate limit reached for requests per minute. Please try again later.", type: "rate_limit_error", param: null, code: "rate_limit_exceeded" },
        retryHeaders,
      );
    case 403:
    case 500:
    case 503:
      return apiErrorRefusal({ status: fault.status, message: "The server had an error while processing your request. Sorry about that!", type: "server_error", param: null, code: null }, retryHeaders);
  }
}

/** What is wrong with the request's key; undefined when the world accepts it. */
export function authError(deps: ServiceDeps, req: IncomingMessage): ApiError | undefined {
  const match = /^Bearer (\S+)$/.exec(req.headers.authorization ?? "");
  const expected = deps.keys.openai;
  if (match?.[1] === undefined) {
    return { status: 401, message: "You didn't provide an API key.", type: "invalid_request_error", param: null, code: null };
  }
  return expected === undefined || match[1] === expected ? undefined : incorrectKey(`${match[1].slice(0, 3)}…`);
}

function incorrectKey(shown: string): ApiError {
  return { status: 401, message: `Incorrect API key provided: ${shown}.`, type: "invalid_request_error", param: null, code: "invalid_api_key" };
}

/** Headers of every answer. */
export function requestHeaders(random: Random): Record<string, string> {
  return { "x-request-id": `req_${Buffer.from(random.bytes(16)).toString("hex")}`, "openai-processing-ms": "250", "openai-version": "2020-10-01" };
}
