import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import twilio from "twilio";
import { WebSocketServer, type WebSocket } from "ws";

export interface ReceivedWebhook {
  path: string;
  form: Record<string, string>;
  headers: IncomingHttpHeaders;
  signatureIsRight: boolean;
}

/** A small stand-in for the product: takes webhooks, answers TwiML, holds the media socket. */
export interface OurSide {
  origin: string;
  mediaUrl: string;
  webhooks: ReceivedWebhook[];
  /** Decides the answer to a webhook; default 200 and nothing. A number is a status. */
  answer: (webhook: ReceivedWebhook) => string | number;
  /** Gets every media socket. */
  onMedia: (socket: WebSocket) => void;
  /** Which signatures of media sockets were right: with the address as it is, with a slash at its end. */
  upgrades: Array<{ plain: boolean; slash: boolean }>;
  statuses(): string[];
  close(): Promise<void>;
}

export async function startOurSide(authToken: string): Promise<OurSide> {
  const sockets = new WebSocketServer({ noServer: true });
  const ours: OurSide = {
    origin: "",
    mediaUrl: "",
    webhooks: [],
    answer: () => 200,
    onMedia: () => undefined,
    upgrades: [],
    statuses: () => ours.webhooks.filter((one) => one.path === "/status").map((one) => one.form["CallStatus"] ?? ""),
    close: () => closed(server),
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const piece of request) body += String(piece);
    const form = Object.fromEntries(new URLSearchParams(body));
    const url = `${ours.origin}${request.url ?? ""}`;
    const signatureIsRight = twilio.validateRequest(authToken, String(request.headers["x-twilio-signature"]), url, form);
    const webhook = { path: new URL(url).pathname, form, headers: request.headers, signatureIsRight };
    ours.webhooks.push(webhook);
    const answer = signatureIsRight ? ours.answer(webhook) : 403;
    if (typeof answer === "number") response.writeHead(answer).end();
    else response.writeHead(200, { "content-type": "text/xml" }).end(answer);
  };
  const server = createServer((request, response) => void take(request, response));
  server.on("upgrade", (request, socket, head) => {
    const signature = String(request.headers["x-twilio-signature"]);
    const url = ours.mediaUrl;
    const right = { plain: twilio.validateRequest(authToken, signature, url, {}), slash: twilio.validateRequest(authToken, signature, `${url}/`, {}) };
    ours.upgrades.push(right);
    if (!right.plain && !right.slash) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (peer) => ours.onMedia(peer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  ours.origin = `http://127.0.0.1:${port}`;
  ours.mediaUrl = `ws://127.0.0.1:${port}/media`;
  return ours;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
