import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { twilioCarrier } from "../../../src/adapters/twilio/carrier.ts";
import type { CallOrder } from "../../../src/dial/ports.ts";
import { readCallerNumber } from "../../../src/domain/phone-number.ts";
import { manualClock } from "../../support/clock.ts";
import { testNumber } from "../../support/rows.ts";
import { callResource, callSid, json, type TwilioStub, twilioStub } from "./twilio-stub.ts";

const accountSid = "AC00000000000000000000000000000000";
const authToken = "a-secret-token";
const from = readCallerNumber("+14155550100") ?? testNumber(0);
const to = testNumber(1);
const order: CallOrder = {
  to,
  from,
  token: "tokenTOKENtoken12345678",
  ringSeconds: 25,
  maxCallSeconds: 330,
  answer: { kind: "converse", streamToken: "stream-token", record: false, notice: null },
  detectMachine: "at_once",
};

let stub: TwilioStub;
beforeEach(async () => {
  stub = await twilioStub();
});
afterEach(() => stub.close());

const carrier = (more: { apiBaseUrl?: string; timeoutMs?: number } = {}) =>
  twilioCarrier({ accountSid, authToken, apiBaseUrl: stub.origin, publicUrl: "https://dialer.example", clock: manualClock("2026-12-01T11:00"), exchangeRates: { USD: 8_800 }, ...more });

describe("the Twilio carrier", () => {
  test("places a call with inline TwiML, limits that work without us, and every address carrying the token", async () => {
    stub.onNext(json(201, callResource({ queue_time: "1200" })));
    expect(await carrier().place(order)).toEqual({ kind: "accepted", callSid, queueTimeMs: 1_200 });
    const [request] = stub.received;
    expect(request?.url.pathname).toBe(`/2010-04-01/Accounts/${accountSid}/Calls.json`);
    expect(request?.authorization).toBe(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`);
    const form = request?.form ?? new URLSearchParams();
    expect(form.getAll("StatusCallbackEvent")).toEqual(["initiated", "ringing", "answered", "completed"]);
    expect(form.get("StatusCallback")).toBe("https://dialer.example/twilio/status?t=tokenTOKENtoken12345678#rc=5&rp=all");
    expect(form.get("AsyncAmdStatusCallback")).toBe("https://dialer.example/twilio/amd?t=tokenTOKENtoken12345678#rc=5&rp=all");
    expect(form.get("FallbackUrl")).toContain("/twilio/fallback?t=tokenTOKENtoken12345678");
    expect(Object.fromEntries(["To", "From", "Timeout", "TimeLimit", "MachineDetection", "AsyncAmd"].map((name) => [name, form.get(name)]))).toEqual({
      To: to,
      From: "+14155550100",
      Timeout: "25",
      TimeLimit: "330",
      MachineDetection: "Enable",
      AsyncAmd: "true",
    });
    expect(form.has("Record")).toBe(false);
    expect(form.has("Url")).toBe(false);
    expect(form.get("Twiml")).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream url="wss://dialer.example/media"><Parameter name="token" value="stream-token"/></Stream></Connect>' +
        '<Redirect method="POST">https://dialer.example/twilio/resume?t=tokenTOKENtoken12345678#rc=5&amp;rp=all</Redirect></Response>',
    );
  });

  const refused = (status: number, code: number) => json(status, { code, message: "no", more_info: "", status });
  const definite: [string, ReturnType<typeof json>, object][] = [
    ["400 invalid number", refused(400, 21211), { kind: "refused", reason: "invalid_number", code: "21211", scope: "contact" }],
    ["400 caller number not ours", refused(400, 21210), { kind: "refused", reason: "other", code: "21210", scope: "campaign" }],
    ["401 wrong credentials", refused(401, 20003), { kind: "refused", code: "20003", scope: "carrier" }],
    ["403 permission", refused(403, 21215), { kind: "refused", code: "21215", scope: "carrier" }],
    ["404 no such account", refused(404, 20404), { kind: "refused", code: "20404", scope: "carrier" }],
    ["422 not reachable", refused(422, 21214), { kind: "refused", reason: "invalid_number", code: "21214", scope: "contact" }],
    ["429", refused(429, 20429), { kind: "not_taken", because: "rate", code: "20429" }],
    ["4xx of somebody in between", (response) => void response.writeHead(403, { "content-type": "text/html" }).end("<html>blocked</html>"), { kind: "unknown", because: "unreadable_answer" }],
    ["201 that is no JSON", (response) => void response.writeHead(201).end("created"), { kind: "unknown", because: "unreadable_answer" }],
    ["201 without a call", json(201, {}), { kind: "unknown", because: "unreadable_answer" }],
    ["302", (response) => void response.writeHead(302, { location: "/elsewhere" }).end(), { kind: "unknown", because: "unreadable_answer" }],
    ["408", json(408, {}), { kind: "unknown", because: "server_error" }],
    ["500", json(500, { code: 20500, message: "oops", status: 500 }), { kind: "unknown", because: "server_error" }],
    ["503", (response) => void response.writeHead(503).end("busy"), { kind: "unknown", because: "server_error" }],
    ["reset after the request", (response) => void response.destroy(), { kind: "unknown", because: "connection_lost" }],
    ["cut in the middle of the answer", (response) => void (response.writeHead(201, { "content-length": "500" }), response.write("{"), setImmediate(() => response.destroy())), { kind: "unknown" }],
  ];
  test.each(definite)("R1.3 %s", async (_name, answer, expected) => {
    stub.onNext(answer);
    expect(await carrier().place(order)).toMatchObject(expected);
    expect(stub.received).toHaveLength(1);
  });

  test("R1.3 no answer in time", async () => {
    stub.onNext(() => undefined);
    expect(await carrier({ timeoutMs: 150 }).place(order)).toMatchObject({ kind: "unknown", because: "timeout" });
  });

  test("R1.3 never connected: refused port and unknown host", async () => {
    const refusing = await twilioStub();
    await refusing.close();
    expect(await carrier({ apiBaseUrl: refusing.origin }).place(order)).toMatchObject({ kind: "not_taken", because: "never_connected", code: "ECONNREFUSED" });
    expect(await carrier({ apiBaseUrl: "http://no-such-host.invalid" }).place(order)).toMatchObject({ kind: "not_taken", because: "never_connected" });
  });

  test("reads the call list without a StartTime filter, so that queued calls are seen, and sorts out strangers", async () => {
    const mine = callResource({ to });
    stub.onNext(json(200, { calls: [mine, callResource({ to, sid: "CAinbound000", direction: "inbound" }), callResource({ to, sid: "CAold00000", date_created: "Tue, 01 Dec 2026 04:00:00 +0000" })], page: 0, page_size: 100 }));
    const sinceMs = Date.parse("2026-12-01T05:29:55Z");
    expect(await carrier().findCalls({ to, from, sinceMs })).toEqual([{ callSid, createdAtMs: Date.parse("2026-12-01T05:30:00Z") }]);
    expect(stub.received[0]?.url.search).toBe(`?To=${encodeURIComponent(to)}&From=%2B14155550100&PageSize=100`);
  });

  test("a reading of an ended call tells its answer, its end, its price in paise and who picked up", async () => {
    stub.onNext(json(200, callResource({ status: "completed", duration: "42", end_time: "Tue, 01 Dec 2026 05:31:00 +0000", price: "-0.0140", answered_by: "human" })));
    const reading = await carrier().fetch(callSid);
    expect(reading).toMatchObject({ live: false, queued: false });
    expect(reading?.facts).toMatchObject([
      { kind: "answered", atMs: Date.parse("2026-12-01T05:30:18Z") },
      { kind: "ended", ending: "completed", durationSeconds: 42, pricePaise: 124 },
      { kind: "answered_by", answeredBy: "person" },
    ]);
  });

  test("a call it does not have is undefined; a carrier that is down is an error that may be tried again", async () => {
    expect(await carrier().fetch(callSid)).toBeUndefined();
    stub.onNext(json(500, {}));
    await expect(carrier().fetch(callSid)).rejects.toMatchObject({ kind: "carrier", retryable: true });
  });

  test("cancels what is not answered; a call past that is too late, which is no error", async () => {
    stub.onNext(json(200, callResource({ status: "canceled" })), json(400, { code: 21220, message: "not in progress", status: 400 }));
    expect(await carrier().cancel(callSid)).toBe("cancelled");
    expect(await carrier().cancel(callSid)).toBe("too_late");
    expect(await carrier().cancel(callSid)).toBe("gone");
    expect(stub.received.map((request) => request.form.get("Status"))).toEqual(["canceled", "canceled", "canceled"]);
    await carrier().hangUp(callSid);
    expect(stub.received[3]?.form.get("Status")).toBe("completed");
  });

  test("deletes every recording of a call, also one that the list does not name; what is gone is no error", async () => {
    const listed = "RE00000000000000000000000000000001";
    const named = "RE00000000000000000000000000000002";
    const gone = (response: ServerResponse): void => void response.writeHead(204).end();
    stub.onNext(json(200, { recordings: [{ sid: listed, call_sid: callSid }], page: 0, page_size: 50, next_page_uri: null }), gone, gone);
    expect(await carrier().deleteRecordings({ callSid, recordingSid: named })).toBe(2);
    expect(stub.received.slice(1).map((request) => `${request.method} ${request.url.pathname}`)).toEqual([listed, named].map((sid) => `DELETE /2010-04-01/Accounts/${accountSid}/Recordings/${sid}.json`));
    expect(await carrier().deleteRecordings({ callSid, recordingSid: named }), "404 to both").toBe(0);
    stub.onNext(json(200, { recordings: [{ sid: listed }], page: 0, page_size: 50, next_page_uri: null }), json(500, { message: "down" }));
    await expect(carrier().deleteRecordings({ callSid, recordingSid: null })).rejects.toMatchObject({ kind: "carrier", retryable: true });
  });

  test("finds an attempt's token in the requests that Twilio made for a call", async () => {
    stub.onNext(json(200, { events: [{ request: { url: "https://dialer.example/twilio/status?t=abc-token-123456789" }, response: {} }, { request: { url: "https://other.example/" }, response: {} }] }));
    expect(await carrier().attemptTokens(callSid)).toEqual(["abc-token-123456789"]);
  });
});
