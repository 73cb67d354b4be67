import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { guardedPost } from "../../../src/adapters/system/post-webhook.ts";

let server: Server;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let received: { url: string; headers: IncomingMessage["headers"]; body: string }[];

beforeEach(async () => {
  received = [];
  answer = (_, response) => void response.writeHead(204).end();
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      received.push({ url: request.url ?? "", headers: request.headers, body });
      answer(request, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const message = { headers: { "content-type": "application/json", "webhook-id": "e1" }, body: '{"a":"ü"}', timeoutMs: 2_000 };
const trials = guardedPost({ allowLoopback: true });

test("posts the body with its headers and tells the status and Retry-After", async () => {
  answer = (_, response) => void response.writeHead(429, { "retry-after": "120" }).end("slow down");
  expect(await trials({ ...message, url: `${origin}/hook` })).toEqual({ kind: "answered", status: 429, retryAfterMs: 120_000 });
  expect(received).toMatchObject([{ url: "/hook", body: '{"a":"ü"}', headers: { "webhook-id": "e1", "content-length": "10" } }]);
});

test("a redirect is an answer and is not followed", async () => {
  answer = (_, response) => void response.writeHead(302, { location: `${origin}/elsewhere` }).end();
  expect(await trials({ ...message, url: `${origin}/hook` })).toMatchObject({ status: 302 });
  expect(received).toHaveLength(1);
});

test("an endpoint that does not answer in time, hangs up, or is not there is a failure with a plain cause", async () => {
  answer = () => undefined;
  expect(await trials({ ...message, timeoutMs: 100, url: origin })).toEqual({ kind: "failed", detail: "no answer in time" });
  answer = (request) => void request.socket.destroy();
  expect(await trials({ ...message, url: origin })).toMatchObject({ kind: "failed", detail: "ECONNRESET" });
  expect(await trials({ ...message, url: "http://127.0.0.1:1/" })).toMatchObject({ kind: "failed", detail: "ECONNREFUSED" });
});

test("an endless answer is cut off and counts by its status", async () => {
  answer = (_, response) => {
    response.writeHead(200);
    const more = (): void => void (response.destroyed || response.write("x".repeat(65_536), () => setImmediate(more)));
    more();
  };
  expect(await trials({ ...message, url: origin })).toMatchObject({ kind: "answered", status: 200 });
});

test("R2.6: no byte reaches a listener inside, whatever address or name leads to it", async () => {
  let bytes = 0;
  const canary = createTcpServer((socket) => {
    socket.on("data", (chunk) => (bytes += chunk.length));
    socket.on("error", () => socket.destroy());
  });
  canary.listen(8443, "127.0.0.1");
  await once(canary, "listening");
  let asked = 0;
  const flipping = guardedPost({
    allowLoopback: false,
    resolve: (hostname) => {
      asked += 1;
      if (hostname === "mixed.example") return Promise.resolve([{ address: "93.184.216.34", family: 4 }, { address: "127.0.0.1", family: 4 }]);
      return Promise.resolve([{ address: hostname === "six.example" ? "::ffff:127.0.0.1" : "127.0.0.1", family: hostname === "six.example" ? 6 : 4 }]);
    },
  });
  for (const url of ["https://127.0.0.1:8443/", "https://[::ffff:127.0.0.1]:8443/", "https://2130706433:8443/", "https://rebound.example:8443/", "https://mixed.example:8443/", "https://six.example:8443/", "http://rebound.example:8443/"]) {
    expect(await flipping({ ...message, url })).toMatchObject({ kind: "address_refused" });
  }
  expect(asked).toBe(3);
  expect(bytes).toBe(0);
  canary.close();
  await once(canary, "close");
});

test("R2.6: loopback passes in trials, other private addresses do not", async () => {
  const inside = guardedPost({ allowLoopback: true, resolve: () => Promise.resolve([{ address: "10.0.0.8", family: 4 }]) });
  expect(await inside({ ...message, url: "https://inside.example/" })).toMatchObject({ kind: "address_refused" });
  expect(await trials({ ...message, url: "https://169.254.169.254/" })).toMatchObject({ kind: "address_refused" });
});
