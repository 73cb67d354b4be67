import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { STATUS_CODES } from "node:http";

/** An HTTP answer that refuses: status, vendor's headers and vendor's JSON body. */
export interface HttpRefusal {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: unknown;
}

/** Answers a WebSocket upgrade with an ordinary HTTP response and ends the connection. */
export function refuseUpgrade(socket: Duplex, refusal: HttpRefusal): void {
  const body = JSON.stringify(refusal.body);
  const headers = { ...refusal.headers, "content-type": "application/json", "content-length": String(Buffer.byteLength(body)), connection: "close" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}\r\n${lines.join("")}\r\n${body}`);
}

/** Answers a request with a refusal. */
export function refuseRequest(res: ServerResponse, refusal: HttpRefusal): void {
  res.writeHead(refusal.status, { ...refusal.headers, "content-type": "application/json" });
  res.end(JSON.stringify(refusal.body));
}

/** The address a request was made to, with its query; the host does not matter. */
export function requestUrl(req: IncomingMessage): URL {
  return new URL(req.url ?? "/", "http://simulator");
}
