import { describe, expect, it } from "vitest";
import twilio from "twilio";
import { accountSid, livelyWorld, start } from "./support/lively-world.ts";

const silentTwiml = '<Response><Pause length="5"/></Response>';
const refusal = (promise: Promise<unknown>): Promise<{ status: number; code: number }> =>
  promise.then(
    () => ({ status: 0, code: 0 }),
    (error: unknown) => ({ status: (error as { status: number }).status, code: (error as { code: number }).code }),
  );

describe("the carrier's REST interface", () => {
  it("accepts a call as queued, with strings for numbers, and shows no start time before it is dialed", async () => {
    const { client, world } = await livelyWorld({ callsPerSecond: 0.001 });
    await client.calls.create({ to: "+916000001000", from: "+14155550100", twiml: silentTwiml });
    const { body, statusCode, headers } = await client.calls.createWithHttpInfo({ to: "+916000001001", from: "+14155550100", twiml: silentTwiml });

    expect(statusCode).toBe(201);
    expect(body).toMatchObject({ status: "queued", to: "+916000001001", accountSid, direction: "outbound-api", startTime: null, duration: null });
    expect(Number(body.queueTime)).toBeGreaterThan(1_000);
    expect(String(headers["twilio-request-id"])).toMatch(/^RQ/);
    expect(world.ledger.calls().map((one) => one.to)).toEqual(["+916000001000", "+916000001001"]);
  });

  it.each([
    ["no To", { from: "+14155550100", twiml: silentTwiml, to: "" }, 400, 21201],
    ["a national number", { to: "09160", from: "+14155550100", twiml: silentTwiml }, 400, 21211],
    ["a name as From", { to: "+916000001000", from: "us", twiml: silentTwiml }, 400, 21212],
    ["a foreign From", { to: "+916000001000", from: "+14155550199", twiml: silentTwiml }, 400, 21210],
    ["nothing to do", { to: "+916000001000", from: "+14155550100" }, 400, 21205],
    ["broken TwiML", { to: "+916000001000", from: "+14155550100", twiml: "<Response><Say>a</Response>" }, 400, 12100],
    ["long TwiML", { to: "+916000001000", from: "+14155550100", twiml: `<Response><Say>${"a".repeat(4_001)}</Say></Response>` }, 400, 21624],
    ["an unknown event", { to: "+916000001000", from: "+14155550100", twiml: silentTwiml, statusCallbackEvent: ["finished"] }, 400, 21626],
    ["an underscore in a host", { to: "+916000001000", from: "+14155550100", twiml: silentTwiml, statusCallback: "http://a_b/" }, 400, 21205],
    ["a long ring", { to: "+916000001000", from: "+14155550100", twiml: silentTwiml, timeout: 900 }, 400, 21208],
    ["an unknown detection", { to: "+916000001000", from: "+14155550100", twiml: silentTwiml, machineDetection: "Yes" }, 400, 21234],
  ])("refuses %s as the carrier does, and writes it down", async (_, parameters, status, code) => {
    const { client, world } = await livelyWorld({ fromNumbers: ["+14155550100"] });
    expect(await refusal(client.calls.create(parameters))).toEqual({ status, code });
    expect(world.ledger.errors).toHaveLength(1);
    expect(world.ledger.calls()).toEqual([]);
  });

  it("takes unknown TwiML and unknown parameters but writes them down", async () => {
    const { client, world } = await livelyWorld();
    await client.calls.create({ to: "+916000001000", from: "+14155550100", twiml: '<Response><Sing/><Say speed="2">a</Say></Response>' });
    expect(world.ledger.errors.map((one) => `${one.code}: ${one.detail}`)).toEqual(["unknown_twiml: unknown element <Sing>", "unknown_twiml: <Say> has no attribute speed"]);
  });

  it("knows its account by the token only", async () => {
    const { world } = await livelyWorld();
    const stranger = twilio(accountSid, "another token", { env: {} });
    stranger.api.baseUrl = world.origin;
    expect(await refusal(stranger.calls.list())).toEqual({ status: 401, code: 20003 });
    expect(world.ledger.errors).toMatchObject([{ code: "unauthorised" }]);
  });

  it("finds queued calls by number and status, and by start time only those that were dialed", async () => {
    const { client, world } = await livelyWorld({ callsPerSecond: 0.01 });
    const first = await client.calls.create({ to: "+916000001000", from: "+14155550100", twiml: silentTwiml });
    const second = await client.calls.create({ to: "+916000001001", from: "+14155550100", twiml: silentTwiml });
    await world.ledger.until((event) => event.kind === "status" && event.status === "initiated");

    const sids = async (filter: object): Promise<string[]> => (await client.calls.list(filter)).map((one) => one.sid);
    expect(await sids({ to: "+916000001001", from: "+14155550100", status: "queued" })).toEqual([second.sid]);
    expect(await sids({ startTimeAfter: start.toJSDate() })).toEqual([first.sid]);
    expect(await sids({ startTimeBefore: start.toJSDate() })).toEqual([]);
    expect(await sids({ to: "+916000001002" })).toEqual([]);
    expect(world.ledger.errors).toEqual([]);
  });

  it("lists page by page, newest first", async () => {
    const { client } = await livelyWorld({ callsPerSecond: 0.01 });
    const made: string[] = [];
    for (let index = 10; index < 15; index += 1) made.push((await client.calls.create({ to: `+9160000010${index}`, from: "+14155550100", twiml: silentTwiml })).sid);
    expect((await client.calls.list({ pageSize: 2 })).map((one) => one.sid)).toEqual([...made].reverse());
  });

  it("cancels a queued call without a single callback", async () => {
    const { call, client, ours, world, clock } = await livelyWorld({ callsPerSecond: 0.001 });
    await client.calls.create({ to: "+916000001000", from: "+14155550100", twiml: silentTwiml });
    const sid = await call("+916000001001");
    const cancelled = await client.calls(sid).update({ status: "canceled" });
    expect(cancelled.status).toBe("canceled");
    const next = await call("+916000001007");
    clock.jumpTo(clock.nowMs() + 3_000_000);
    await world.ledger.untilEnded(next);
    expect(ours.webhooks.filter((one) => one.form["CallSid"] === sid)).toEqual([]);
    expect(world.ledger.callsTo("+916000001001")).toMatchObject([{ status: "canceled", dialedAtMs: null, hungUpBy: "rest" }]);
  });

  it("ends a live call with a completed callback, and refuses what comes too late", async () => {
    const { call, client, ours, world, clock } = await livelyWorld();
    const sid = await call("+916000001004", { twiml: '<Response><Pause length="60"/></Response>' });
    await world.ledger.until((event) => event.kind === "status" && event.status === "in-progress");
    expect((await client.calls(sid).update({ status: "completed" })).status).toBe("completed");
    await world.ledger.until((event) => event.kind === "webhook" && event.form["CallStatus"] === "completed");

    const last = ours.webhooks.find((one) => one.form["CallStatus"] === "completed");
    expect(last?.form).toMatchObject({ CallSid: sid, SequenceNumber: "3", SipResponseCode: "200", CallbackSource: "call-progress-events" });
    expect(last?.form["Timestamp"]).toMatch(/^Mon, 23 Nov 2026 05:3\d:\d\d \+0000$/);
    expect(await refusal(client.calls(sid).update({ status: "completed" }))).toEqual({ status: 400, code: 21220 });
    expect(await refusal(client.calls(sid).update({ twiml: silentTwiml }))).toEqual({ status: 400, code: 21220 });
    expect(await client.calls(sid).fetch()).toMatchObject({ status: "completed", price: null, priceUnit: "USD" });
    clock.jumpTo(clock.nowMs() + 20_000);
    expect(Number((await client.calls(sid).fetch()).price)).toBeLessThan(0);
  });

  it("goes on with new TwiML in a live call", async () => {
    const { call, client, world } = await livelyWorld();
    const sid = await call("+916000001004", { twiml: '<Response><Pause length="60"/></Response>' });
    await world.ledger.until((event) => event.kind === "status" && event.status === "in-progress");
    await client.calls(sid).update({ twiml: "<Response><Say>Goodbye now.</Say></Response>" });
    expect(await world.ledger.untilEnded(sid)).toMatchObject({ status: "completed", hungUpBy: "twiml" });
    expect(world.ledger.heardText(sid)).toBe("Goodbye now.");
  });

  it("shows what was sent about a call, and when its price", async () => {
    const { call, client, world } = await livelyWorld();
    const sid = await call("+916000001007");
    expect(await world.ledger.untilEnded(sid)).toMatchObject({ status: "busy" });
    await world.ledger.until((event) => event.kind === "webhook" && event.form["CallStatus"] === "busy");
    const events = await client.calls(sid).events.list();
    expect(events.map((one) => (one.request as { parameters: { CallStatus: string } }).parameters.CallStatus).sort()).toEqual(["busy", "initiated"]);
  });

  it("leaves the queue evenly, whatever comes in at once", async () => {
    const { client, world } = await livelyWorld({ callsPerSecond: 0.2, rate: 100 });
    const numbers = Array.from({ length: 4 }, (_, index) => `+91600000${String(1107 + index * 25)}`);
    await Promise.all(numbers.map((to) => client.calls.create({ to, from: "+14155550100", twiml: silentTwiml })));
    await Promise.all(world.ledger.calls().map((one) => world.ledger.untilEnded(one.callSid)));
    const dialed = world.ledger.calls().map((one) => one.dialedAtMs ?? 0).sort((a, b) => a - b);
    expect((dialed.at(-1) ?? 0) - (dialed[0] ?? 0)).toBeGreaterThan(10_000);
  });

  it("says when a number is rung twice at once", async () => {
    const { call, world } = await livelyWorld();
    await call("+916000001008");
    await call("+916000001008");
    expect(world.ledger.errors).toMatchObject([{ code: "second_live_call" }]);
  });

  it("says when a phone rings that must not", async () => {
    const { call, world } = await livelyWorld({ mayRing: (number) => (number.endsWith("8") ? "it is night there" : undefined) });
    await call("+916000001008", { timeout: 5 });
    await world.ledger.until((event) => event.kind === "ended");
    expect(world.ledger.errors).toMatchObject([{ code: "rang_outside_window", detail: "+916000001008 rang: it is night there" }]);
  });
});
