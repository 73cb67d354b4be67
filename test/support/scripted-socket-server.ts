import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";

/** One connection a client made: what it asked for, what it sent, and the socket to answer on. */
export interface ServedSocket {
  url: URL;
  headers: IncomingMessage["headers"];
  socket: WebSocket;
  /** Text frames, parsed. */
  readonly json: readonly unknown[];
  readonly binaryBytes: number;
  send(message: unknown): void;
  /** Resolves with the first text frame, past or to come, that matches. */
  until(matches: (message: unknown) => boolean): Promise<unknown>;
}

export interface ScriptedServer {
  origin: string;
  /** The nth connection, once it is there. */
  connection(nth?: number): Promise<ServedSocket>;
  readonly connections: readonly ServedSocket[];
  /** Refuses upgrades with this status from now on; null accepts. */
  refuse(status: number | null): void;
}

/** A server of a few lines for one test: WebSockets, and plain requests through `onRequest`. */
export async function scriptedServer(onRequest?: (request: IncomingMessage, response: ServerResponse) => void): Promise<ScriptedServer> {
  const connections: ServedSocket[] = [];
  const waiting: { nth: number; resolve: (connection: ServedSocket) => void }[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  let refusal: number | null = null;
  const server = createServer((request, response) => (onRequest ? onRequest(request, response) : response.writeHead(404).end()));
  server.on("upgrade", (request, stream, head) => {
    if (refusal !== null) return void stream.end(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const connection = served(socket, request);
      connections.push(connection);
      for (const wanted of waiting) if (wanted.nth < connections.length) wanted.resolve(connections[wanted.nth] ?? connection);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const connection of connections) connection.socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    connection: (nth = 0) => {
      const there = connections[nth];
      return there ? Promise.resolve(there) : new Promise((resolve) => waiting.push({ nth, resolve }));
    },
    refuse: (status) => void (refusal = status),
  };
}

function served(socket: WebSocket, request: IncomingMessage): ServedSocket {
  const json: unknown[] = [];
  const watchers = new Set<(message: unknown) => void>();
  let binaryBytes = 0;
  socket.on("error", () => undefined);
  socket.on("message", (data, isBinary) => {
    if (isBinary) return void (binaryBytes += Buffer.isBuffer(data) ? data.length : 0);
    const message: unknown = JSON.parse(Buffer.isBuffer(data) ? data.toString("utf8") : "");
    json.push(message);
    for (const watcher of watchers) watcher(message);
  });
  return {
    url: new URL(request.url ?? "/", "http://server"),
    headers: request.headers,
    socket,
    json,
    get binaryBytes() {
      return binaryBytes;
    },
    send: (message) => socket.send(JSON.stringify(message)),
    until: (matches) => {
      const past = json.find(matches);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve) => {
        const watcher = (message: unknown): void => {
          if (!matches(message)) return;
          watchers.delete(watcher);
          resolve(message);
        };
        watchers.add(watcher);
      });
    },
  };
}

/** A list that a test can wait on. */
export function heardList<T>(): { readonly all: readonly T[]; push(value: T): void; until(matches: (value: T) => boolean): Promise<T> } {
  const all: T[] = [];
  const watchers = new Set<(value: T) => void>();
  return {
    all,
    push(value) {
      all.push(value);
      for (const watcher of watchers) watcher(value);
    },
    until: (matches) => {
      const past = all.find(matches);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve) => {
        const watcher = (value: T): void => {
          if (!matches(value)) return;
          watchers.delete(watcher);
          resolve(value);
        };
        watchers.add(watcher);
      });
    },
  };
}
