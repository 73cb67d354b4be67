import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import twilio from "twilio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { twilioDialect } from "../../../src/adapters/twilio/dialect.ts";
import { upgradeSignatureChecker } from "../../../src/adapters/twilio/signature.ts";
import type { TokenFact } from "../../../src/dial/inbox.queries.ts";
import type { AnswerPlan } from "../../../src/dial/ports.ts";
import { carrierWebhooks } from "../../../src/http/carrier-webhooks.ts";
import { manualClock } from "../../support/clock.ts";
import { recordingLog } from "../../support/log.ts";

const publicUrl = "https://dialer.example";
const accountSid = "AC00000000000000000000000000000000";
const oldToken = "old-auth-token-000000";
const newToken = "new-auth-token-111111";
const token = "tokenTOKENtoken12345678";
const callSid = "CA0123456789abcdef0123456789abcdef";
const completed = {
  AccountSid: accountSid,
  CallSid: callSid,
  CallStatus: "completed",
  SequenceNumber: "3",
  CallDuration: "12",
  SipResponseCode: "200",
  Timestamp: "Tue, 01 Dec 2026 05:30:00 +0000",
  From: "+14155550100",
  To: "+916000010001",
};

let server: Server;
let facts: TokenFact[];
let visits: unknown[];
let receive: (fact: TokenFact) => Promise<void>;
let plan: () => Promise<AnswerPlan>;

beforeEach(async () => {
  facts = [];
  visits = [];
  receive = async (fact) => void facts.push(fact);
  plan = async () => ({ kind: "converse", streamToken: "fresh", record: false, notice: null });
  const app = express();
  const visit = async (input: unknown): Promise<AnswerPlan> => {
    visits.push(input);
    return plan();
  };
  app.use(
    carrierWebhooks({
      dialect: twilioDialect({ accountSid, authTokens: [newToken, oldToken], publicUrl }),
      clock: manualClock("2026-12-01T11:00"),
      log: recordingLog(),
      intake: { receive: (fact) => receive(fact) },
      recordConsentAnswer: visit,
      resumeCall: visit,
    }),
  );
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

interface Sending {
  path?: string;
  form?: Record<string, string>;
  signedPath?: string;
  signedForm?: Record<string, string>;
  signWith?: string;
  body?: string;
  headers?: Record<string, string>;
  method?: string;
}

async function send(sending: Sending = {}): Promise<{ status: number; body: string }> {
  const path = sending.path ?? `/twilio/status?t=${token}`;
  const form = sending.form ?? completed;
  const signature = twilio.getExpectedTwilioSignature(sending.signWith ?? newToken, `${publicUrl}${sending.signedPath ?? path}`, sending.signedForm ?? form);
  const method = sending.method ?? "POST";
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    method,
    headers: { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature, ...sending.headers },
    ...(method === "POST" ? { body: sending.body ?? new URLSearchParams(form).toString() } : {}),
  });
  return { status: response.status, body: await response.text() };
}

describe("the carrier's door", () => {
  test("takes a signed fact, translated, without a number in it", async () => {
    expect(await send()).toEqual({ status: 204, body: "" });
    expect(facts).toEqual([
      {
        token,
        fact: { kind: "ended", callSid, authority: "carrier", sequence: 3, atMs: Date.parse("2026-12-01T05:30:00Z"), ending: "completed", durationSeconds: 12, carrierCode: "200", pricePaise: null },
      },
    ]);
  });

  test("takes facts signed with either token while rotating, and with the delivery fragment in the signed address", async () => {
    expect((await send({ signWith: oldToken })).status).toBe(204);
    expect((await send({ signedPath: `/twilio/status?t=${token}#rc=5&rp=all` })).status).toBe(204);
  });

  const { CallDuration: _duration, ...withoutDuration } = completed;
  const { CallStatus: _status, ...withoutStatus } = completed;
  const mutations: [string, Sending][] = [
    ["one changed value", { form: { ...completed, CallStatus: "busy" }, signedForm: completed }],
    ["a name and value shifted into each other", { form: { ...withoutDuration, CallDuration1: "2" }, signedForm: { ...withoutDuration, CallDuration1: "2" } }],
    ["a status shifted into its name", { form: { ...withoutStatus, CallStatusc: "ompleted" } }],
    ["signed for another scheme, host or port", { signedPath: "", signedForm: completed }],
    ["a stripped query", { path: "/twilio/status" }],
    ["another attempt's token than was signed", { path: "/twilio/status?t=anotherTOKEN1234567890", signedPath: `/twilio/status?t=${token}` }],
    ["a name that stands twice", { body: `${new URLSearchParams(completed).toString()}&CallStatus=busy` }],
    ["signed with an empty token", { signWith: "" }],
    ["signed with a token that is no longer valid", { signWith: "retired-token-2222222" }],
    ["no signature", { headers: { "x-twilio-signature": "" } }],
    ["JSON without a body hash", { body: JSON.stringify(completed), headers: { "content-type": "application/json" } }],
    ["a forged forwarding host", { signedPath: "", headers: { "x-forwarded-host": "attacker.example", host: "attacker.example" } }],
    ["another carrier account", { form: { ...completed, AccountSid: "AC99999999999999999999999999999999" } }],
    ["a call name that is none", { form: { ...completed, CallSid: "CA'; drop table" } }],
  ];
  test.each(mutations)("R5.1 refuses %s with 403 and stores nothing", async (_name, sending) => {
    expect((await send(sending)).status).toBe(403);
    expect(facts).toEqual([]);
  });

  test("R5.1 refuses to be built without a secret", () => {
    for (const authTokens of [[], [""], ["   "], [newToken, ""]]) expect(() => twilioDialect({ accountSid, authTokens, publicUrl })).toThrow("secret");
  });

  test("refuses large bodies and other methods", async () => {
    expect((await send({ body: `CallSid=${"a".repeat(70_000)}` })).status).toBe(413);
    expect((await send({ method: "GET" })).status).toBe(404);
    expect(facts).toEqual([]);
  });

  test("R2.3 answers within the deadline when the database does not, and says so: 503, so that the carrier sends it again", async () => {
    let store: () => void = () => undefined;
    receive = () => new Promise((resolve) => (store = resolve));
    const beganMs = performance.now();
    expect((await send()).status).toBe(503);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
    store();
    receive = async () => Promise.reject(new Error("the database is away"));
    expect((await send()).status).toBe(503);
  });

  test("hands a verdict about who picked up and the state of a recording on as facts", async () => {
    await send({ path: `/twilio/amd?t=${token}`, form: { AccountSid: accountSid, CallSid: callSid, AnsweredBy: "machine_end_beep", MachineDetectionDuration: "4200" } });
    await send({ path: `/twilio/recording?t=${token}`, form: { AccountSid: accountSid, CallSid: callSid, RecordingSid: "RE0123456789", RecordingStatus: "completed", RecordingDuration: "30" } });
    expect(facts.map((each) => each.fact)).toMatchObject([
      { kind: "answered_by", answeredBy: "voicemail", detectionMs: 4_200 },
      { kind: "recording", recordingSid: "RE0123456789", state: "completed", durationSeconds: 30 },
    ]);
  });

  test("answers questions with the carrier's document", async () => {
    const answer = await send({ path: `/twilio/consent?t=${token}`, form: { AccountSid: accountSid, CallSid: callSid, SpeechResult: "haan ji" } });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<Parameter name="token" value="fresh"/>');
    expect(visits).toEqual([{ callSid, speech: "haan ji", digits: null, token }]);
  });

  test("the fallback ends the call when nothing can go on; other questions let the carrier come to it", async () => {
    plan = async () => Promise.reject(new Error("the database is away"));
    const form = { AccountSid: accountSid, CallSid: callSid };
    expect((await send({ path: `/twilio/resume?t=${token}`, form })).status).toBe(503);
    const fallback = await send({ path: `/twilio/fallback?t=${token}`, form });
    expect(fallback).toMatchObject({ status: 200 });
    expect(fallback.body).toContain("<Hangup/>");
  });
});

describe("the signature of the media socket's upgrade", () => {
  const check = upgradeSignatureChecker({ publicUrl, authTokens: [newToken, oldToken] });
  const signed = (address: string, secret = newToken) => check({ originalUrl: "/media", signature: twilio.getExpectedTwilioSignature(secret, address, {}) });

  test("holds for every spelling of the address that signers use, and for nothing else", () => {
    for (const address of ["wss://dialer.example/media", "wss://dialer.example/media/", "wss://dialer.example:443/media", "https://dialer.example/media"]) expect(signed(address)).toBe(true);
    expect(signed("wss://dialer.example/media", oldToken)).toBe(true);
    expect(signed("wss://other.example/media")).toBe(false);
    expect(signed("wss://dialer.example/media", "")).toBe(false);
    expect(check({ originalUrl: "/media", signature: undefined })).toBe(false);
  });
});
