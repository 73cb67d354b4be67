import type { RealtimeError } from "openai/resources/realtime/realtime";
import { VendorError } from "../../domain/errors.ts";

/** What the SDK hands to its error listeners: an error of the API with its details, or a failure of the connection. */
export interface SessionError extends Error {
  error?: RealtimeError | undefined;
}

/** Statuses of a refused handshake after which the same one cannot succeed: wrong key, no access, no such address. */
const hopelessStatuses = new Set(["400", "401", "402", "403", "404"]);
/** Errors of the API after which no session with these settings and this key can work. */
const hopelessCodes = new Set(["invalid_api_key", "insufficient_quota", "billing_hard_limit_reached", "model_not_found", "unknown_parameter", "invalid_value", "missing_required_parameter"]);
/** Errors that end a session that worked; another one may be opened. */
const endingCodes = new Set(["session_expired", "rate_limit_exceeded"]);
/** A certificate that is not trusted does not become so by trying again. */
const distrusted = /^(?:ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:VERIFY|GET_ISSUER))/;

/**
 * What an error of a transcription session means: undefined when the session goes on. Before the session is ready every
 * error ends it; afterwards the vendor says that most leave it as it was.
 */
export function transcriptionError(error: SessionError, isReady: boolean): VendorError | undefined {
  if (error.error) {
    const code = error.error.code ?? error.error.type;
    const isHopeless = hopelessCodes.has(code);
    if (isReady && !isHopeless && !endingCodes.has(code)) return undefined;
    return new VendorError("transcriber", code, `the transcriber refused with ${code}`, !isHopeless, error);
  }
  const status = /\bserver response: (\d{3})\b/.exec(error.message)?.[1];
  if (status !== undefined) return new VendorError("transcriber", status, `the transcriber refused the connection with status ${status}`, !hopelessStatuses.has(status), error);
  if (distrusted.test(codeOf(error.cause))) return new VendorError("transcriber", "certificate", "the transcriber's certificate is not trusted", false, error);
  return new VendorError("transcriber", "connection", "the transcriber's connection failed", true, error);
}

/** 1008 is a refusal, 1003 and 1007 are undecodable messages; other ends may be tried again. */
export function transcriptionClosed(code: number): VendorError {
  return new VendorError("transcriber", String(code), `the transcriber closed the connection with ${code}`, code !== 1003 && code !== 1007 && code !== 1008);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
