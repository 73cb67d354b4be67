import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request the stub received. */
export interface Received {
  method: string;
  url: URL;
  authorization: string | undefined;
  form: URLSearchParams;
}

export interface TwilioStub {
  origin: string;
  received: Received[];
  /** Answers the next requests, one each; afterwards 404. */
  onNext(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]): void;
  close(): Promise<void>;
}

/** An http server that answers what the test says, byte for byte. */
export async function twilioStub(): Promise<TwilioStub> {
  const received: Received[] = [];
  const answers: ((response: ServerResponse, request: IncomingMessage) => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({
        method: request.method ?? "",
        url: new URL(request.url ?? "/", "http://stub"),
        authorization: request.headers.authorization,
        form: new URLSearchParams(Buffer.concat(chunks).toString("utf8")),
      });
      const answer = answers.shift();
      if (answer) answer(response, request);
      else json(404, { code: 20404, message: "not found", status: 404 })(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    onNext: (...more) => void answers.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function json(status: number, body: unknown): (response: ServerResponse) => void {
  return (response) => void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export const callSid = "CA0123456789abcdef0123456789abcdef";

/** A Call resource as Twilio writes it. */
export function callResource(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    sid: callSid,
    account_sid: "AC00000000000000000000000000000000",
    to: "+916000010001",
    from: "+14155550100",
    status: "queued",
    direction: "outbound-api",
    start_time: null,
    end_time: null,
    duration: null,
    price: null,
    price_unit: "USD",
    answered_by: null,
    api_version: "2010-04-01",
    queue_time: "0",
    date_created: "Tue, 01 Dec 2026 05:30:00 +0000",
    date_updated: "Tue, 01 Dec 2026 05:30:00 +0000",
    parent_call_sid: null,
    subresource_uris: {},
    ...more,
  };
}
