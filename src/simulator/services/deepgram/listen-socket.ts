import type { IncomingMessage } from "node:http";
import type { Timer } from "../../../domain/clock.ts";
import type { HttpRefusal } from "../refusal.ts";
import type { Misuse, ServiceDeps } from "../service-deps.ts";
import type { RefusalWords, ServiceSocket } from "../service-socket.ts";

const idleMs = 10_000;
const idleReason = "Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001";

/** Closes the stream with 1011 NET-0001 when neither audio nor text has come for ten seconds; call the answer at each sign of life. */
export function watchIdleness({ clock }: ServiceDeps, socket: ServiceSocket): () => void {
  let timer: Timer | undefined;
  const alive = (): void => {
    timer?.cancel();
    timer = clock.setTimer(idleMs, () => socket.close(1011, idleReason));
  };
  socket.onClose(() => timer?.cancel());
  alive();
  return alive;
}

/** Ends a stream that was misused: written down, told, closed with 1008. */
export function refuseMessage(deps: ServiceDeps, socket: ServiceSocket, misuse: Misuse, told: object): void {
  deps.onMisuse(misuse);
  socket.send(told);
  socket.close(1008, "DATA-0000");
}

/** Whether the request carries a key the world accepts; otherwise the vendor's 401. */
export function deepgramAuthProblem(deps: ServiceDeps, req: IncomingMessage): HttpRefusal | undefined {
  const match = /^(?:Token|Bearer) (\S+)$/i.exec(req.headers.authorization ?? "");
  const expected = deps.keys.deepgram;
  if (match?.[1] !== undefined && (expected === undefined || match[1] === expected)) return undefined;
  return { status: 401, headers: { "dg-error": "INVALID_AUTH" }, body: { err_code: "INVALID_AUTH", err_msg: "Invalid credentials." } };
}

/** Deepgram's words for a refused handshake. */
export const deepgramRefusal: RefusalWords = (fault) => {
  const codes: Readonly<Record<number, [string, string]>> = {
    401: ["INVALID_AUTH", "Invalid credentials."],
    403: ["INSUFFICIENT_PERMISSIONS", "User does not have sufficient permissions."],
    429: ["TOO_MANY_REQUESTS", "Too many requests. Please try again later."],
  };
  const [code, message] = codes[fault.status] ?? ["INTERNAL_SERVER_ERROR", "The server encountered an error."];
  const retry: Record<string, string> = fault.retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(fault.retryAfterMs / 1_000)) };
  return { status: fault.status, headers: { ...retry, "dg-error": code }, body: { err_code: code, err_msg: message } };
};

/** Empties what a faulty stream would have heard: success without words. */
export function withoutWords<Message extends object>(message: Message): Message {
  const text = JSON.stringify(message, (key, value: unknown) => (key === "transcript" ? "" : key === "words" ? [] : value));
  return JSON.parse(text) as Message;
}
