import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { type RawData, WebSocket, type WebSocketServer } from "ws";
import type { Random } from "../../domain/random.ts";
import type { ServiceDeps, ServiceName } from "./service-deps.ts";
import type { ServiceFault } from "./service-faults.ts";
import { outbox } from "./outbox.ts";
import { type HttpRefusal, refuseUpgrade } from "./refusal.ts";

/** A WebSocket of a service towards our side; faults are applied here, so the services themselves always behave. */
export interface ServiceSocket {
  /** The fault of this connection, for what only the service can do ("empty"). */
  readonly fault: ServiceFault | undefined;
  /** The chance of this connection. */
  readonly random: Random;
  /** Sends JSON, or audio as a binary message, `delayMs` from now; order is kept within a lane. */
  send(message: object | Uint8Array, delayMs?: number, lane?: string): void;
  /** Closes after everything sent so far has left; without a code the peer sees 1005. */
  close(code?: number, reason?: string): void;
  /** Called with each JSON text, or undefined in place of a text that is no JSON object. */
  onJson(listen: (message: Record<string, unknown> | undefined, text: string) => void): void;
  onBinary(listen: (audio: Uint8Array) => void): void;
  onClose(listen: () => void): void;
  readonly isOpen: boolean;
}

export interface Upgrade {
  req: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

/** How a vendor words its refusals of a handshake. */
export type RefusalWords = (fault: Extract<ServiceFault, { kind: "status" }>) => HttpRefusal;

/** Accepts an upgrade, unless the fault of this connection refuses it first; the socket is handed over when it is open. */
export function acceptSocket(
  deps: ServiceDeps,
  service: ServiceName,
  server: WebSocketServer,
  upgrade: Upgrade,
  words: RefusalWords,
  onOpen: (socket: ServiceSocket) => void,
): void {
  const fault = deps.faults.next(service);
  if (fault?.kind === "status") return refuseUpgrade(upgrade.socket, words(fault));
  if (fault?.kind === "reset") return resetConnection(upgrade.socket);
  if (fault?.kind === "blackhole") return void upgrade.socket.on("error", () => upgrade.socket.destroy());
  server.handleUpgrade(upgrade.req, upgrade.socket, upgrade.head, (peer) => {
    if (fault?.kind === "close_1008") later(deps, peer, fault.afterMs, () => peer.close(1008, "Policy violation"));
    if (fault?.kind === "keep_alive_only") pingOnAndOn(deps, peer);
    if (fault?.kind === "cut") later(deps, peer, fault.everyMs, () => peer.terminate());
    onOpen(serviceSocket(deps, peer, fault, deps.randomOf(service)));
  });
}

const pingEveryMs = 5_000;

function pingOnAndOn(deps: ServiceDeps, peer: WebSocket): void {
  later(deps, peer, pingEveryMs, () => {
    peer.ping();
    pingOnAndOn(deps, peer);
  });
}

function later({ clock }: ServiceDeps, peer: WebSocket, delayMs: number, act: () => void): void {
  const timer = clock.setTimer(delayMs, act);
  peer.once("close", () => timer.cancel());
}

/** Breaks a TCP connection with a reset; one under TLS, whose handle knows no reset, without a goodbye. */
export function resetConnection(socket: Duplex): void {
  if (socket instanceof Socket && !(socket instanceof TLSSocket)) socket.resetAndDestroy();
  else socket.destroy();
}

function serviceSocket(deps: ServiceDeps, peer: WebSocket, fault: ServiceFault | undefined, random: Random): ServiceSocket {
  let sent = 0;
  const deliver = (piece: () => void): void => {
    if (peer.readyState === WebSocket.OPEN) piece();
  };
  const box = outbox(deps.clock, deliver);
  const lateness = (): number => {
    if (fault?.kind === "slow_start" && sent === 0) return fault.delayMs;
    return fault?.kind === "dribble" ? fault.gapMs * (1 + box.waiting) : 0;
  };
  const swallows = (): boolean => fault?.kind === "keep_alive_only" || (fault?.kind === "stall" && sent >= fault.afterPieces);
  peer.on("error", (error) => deps.log.debug("A service's socket broke.", { error }));
  peer.on("close", () => box.discard());
  return {
    fault,
    random,
    send(message, delayMs = 0, lane = "") {
      if (swallows()) return;
      const data = fault?.kind === "garbage" ? garbageFor(message) : message instanceof Uint8Array ? message : JSON.stringify(message);
      box.put(() => peer.send(data), delayMs + lateness(), lane);
      sent += 1;
    },
    close(code, reason) {
      box.afterAll(() => peer.close(code, reason));
    },
    onJson(listen) {
      peer.on("message", (data, isBinary) => {
        if (!isBinary) listen(jsonObject(textOf(data)), textOf(data));
      });
    },
    onBinary(listen) {
      peer.on("message", (data, isBinary) => {
        if (isBinary) listen(bytesOf(data));
      });
    },
    onClose: (listen) => void peer.on("close", listen),
    get isOpen() {
      return peer.readyState === WebSocket.OPEN;
    },
  };
}

function garbageFor(message: object | Uint8Array): string | Uint8Array {
  return message instanceof Uint8Array ? "\u0000\u0001audio?" : `{"type":"Results","channel":{"alternatives":[{${"\ufffd".repeat(8)}`;
}

function bytesOf(data: RawData): Uint8Array {
  return Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

function textOf(data: RawData): string {
  return Buffer.from(bytesOf(data)).toString("utf8");
}

/** A JSON object, or undefined when the text is none. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
