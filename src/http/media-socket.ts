import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { Refusal } from "../domain/errors.ts";
import type { AccountId, AttemptId, CallSid } from "../domain/ids.ts";
import type { Log } from "../domain/log.ts";
import type { PhoneLine } from "../talk/ports.ts";

export interface MediaSocketDeps {
  server: Server;
  log: Log;
  /** Checks the carrier's signature of the upgrade request. */
  verifyUpgrade(request: { originalUrl: string; signature: string | undefined }): boolean;
  /** Waits for the carrier's first message; undefined when it was none, in which case the socket is closed already. */
  acceptStream(socket: WebSocket, withinMs: number): Promise<{ callSid: CallSid; token: string; line: PhoneLine } | undefined>;
  /** Uses up the one-time token; throws a `Refusal` when it is not good. */
  openStream(input: { token: string; callSid: CallSid }): Promise<{ attemptId: AttemptId; accountId: AccountId; resumed: boolean }>;
  startConversation(input: { attemptId: AttemptId; accountId: AccountId; line: PhoneLine; resumed: boolean }): void;
  /** The connection of a stream that was let in is gone. Must not throw. */
  onStreamClosed(attemptId: AttemptId): void;
  /** Whether one more conversation fits: the load of this process, and whether it is shutting down. */
  hasRoom(): boolean;
}

export interface MediaSocket {
  /** Connections that have not yet shown a valid token. */
  readonly waiting: number;
  /** Takes no more connections; those open are left alone. */
  close(): void;
}

export const mediaPath = "/media";
const startWithinMs = 5_000;
/** Strangers who connect and say nothing hold a place for five seconds; more of them than this are turned away. */
const mostWaiting = 200;
const policyViolation = 1008;
const tryAgainLater = 1013;

/** A μ-law frame takes 300 bytes; a peer that does not answer a close within a second is cut off. */
const socketOptions = { noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false, closeTimeout: 1_000, clientTracking: false };

/**
 * The door for the carrier's audio. Everything is refused before it costs anything: wrong path, a browser (any `Origin`),
 * a bad signature, a process without room; then a stream that does not name itself in time, or whose token is not good.
 * No provider is opened before the token is.
 */
export function mediaSocket(deps: MediaSocketDeps): MediaSocket {
  const sockets = new WebSocketServer(socketOptions);
  let waiting = 0;
  let isClosed = false;

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const path = request.url ?? "";
    if (path.split("?")[0] !== mediaPath) return refuse(stream, 404, "Not Found");
    if (request.headers.origin !== undefined) return refuse(stream, 403, "Forbidden");
    const signature = request.headers["x-twilio-signature"];
    if (!deps.verifyUpgrade({ originalUrl: path, signature: typeof signature === "string" ? signature : undefined })) {
      deps.log.warn("media socket with a bad signature refused");
      return refuse(stream, 403, "Forbidden");
    }
    if (isClosed || waiting >= mostWaiting || !deps.hasRoom()) {
      deps.log.warn("media socket refused for want of room");
      return refuse(stream, 503, "Service Unavailable");
    }
    // Counted once the handshake stands: a broken one never gets here, and would be counted for ever.
    sockets.handleUpgrade(request, stream, head, (socket) => {
      waiting += 1;
      socket.on("error", (error) => deps.log.warn("media socket failed", { error }));
      void admit(socket).catch((error: unknown) => {
        deps.log.error("media socket could not be admitted", { error });
        socket.close(tryAgainLater, "try again");
      });
    });
  };

  const admit = async (socket: WebSocket): Promise<void> => {
    const opened = await deps.acceptStream(socket, startWithinMs).finally(() => void (waiting -= 1));
    if (!opened) return;
    const { token, callSid, line } = opened;
    const owner = await whoOwns(token, callSid);
    if (!owner) return socket.close(policyViolation, "token refused");
    socket.once("close", () => deps.onStreamClosed(owner.attemptId));
    if (socket.readyState !== socket.OPEN) return deps.onStreamClosed(owner.attemptId);
    deps.startConversation({ attemptId: owner.attemptId, accountId: owner.accountId, line, resumed: owner.resumed });
  };

  const whoOwns = async (token: string, callSid: CallSid) => {
    try {
      return await deps.openStream({ token, callSid });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      deps.log.warn("media stream refused", { code: error.code, callSid });
      return undefined;
    }
  };

  deps.server.on("upgrade", onUpgrade);
  return {
    get waiting() {
      return waiting;
    },
    close() {
      isClosed = true;
      sockets.close();
    },
  };
}

/** Answers an upgrade that is not taken and lets the connection go. */
function refuse(stream: Duplex, status: number, reason: string): void {
  stream.on("error", () => stream.destroy());
  stream.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
