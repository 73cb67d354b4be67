import fc from "fast-check";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { parseTwiml } from "../../src/simulator/twiml-document.ts";
import { type CallParameters, type LivelyWorld, livelyWorld } from "./support/lively-world.ts";

const person = "+916000001000";

/** Places one call with the given TwiML, lets it run out and hands over what is known of it. */
async function run(lively: LivelyWorld, twiml: string, parameters: CallParameters = {}, number = person) {
  const sid = await lively.call(number, { twiml, statusCallbackEvent: ["completed"], ...parameters });
  const story = await lively.world.ledger.untilEnded(sid);
  return { sid, story, heard: lively.world.ledger.heardText(sid), errors: lively.world.ledger.errors.map((one) => one.code) };
}

describe("TwiML", () => {
  it("reads what the vendor's own builder writes", () => {
    const response = new twilio.twiml.VoiceResponse();
    response.gather({ input: ["dtmf", "speech"], numDigits: 1, timeout: 5, speechTimeout: "auto", language: "hi-IN", hints: "haan, nahi", action: "https://a/b?c=d&e=f", method: "POST", actionOnEmptyResult: true }).say({ language: "hi-IN", voice: "Google.hi-IN-Neural2-A" }, "हाँ & <नहीं>");
    response.start().recording({ recordingStatusCallback: "https://a/r", recordingStatusCallbackEvent: ["in-progress", "completed"], channels: "dual", trim: "do-not-trim" });
    response.connect().stream({ url: "wss://a/media" }).parameter({ name: "token", value: "t" });
    response.redirect({ method: "POST" }, "https://a/resume?t=1");
    response.hangup();
    const { document, faults } = parseTwiml(response.toString());
    expect(faults).toEqual([]);
    expect(document?.verbs.map((verb) => verb.name)).toEqual(["Gather", "Start", "Connect", "Redirect", "Hangup"]);
    expect(document?.verbs[0]).toMatchObject({ attributes: { action: "https://a/b?c=d&e=f" }, children: [{ name: "Say", text: "हाँ & <नहीं>" }] });
  });

  it.each([
    ["<Response><Connect><Stream/></Connect></Response>", "<Stream> needs url"],
    ['<Response><Connect><Stream url="ws://example.com/"/></Connect></Response>', "<Stream> url must be wss, got ws:"],
    ['<Response><Connect><Stream url="wss://example.com/?a=b"/></Connect></Response>', "<Stream> url has a query string, which is stripped"],
    ["<Response><Connect><Say>a</Say></Connect></Response>", "<Say> may not stand in <Connect>"],
    ["<Response><Dial>+91</Dial></Response>", "unknown element <Dial>"],
  ])("finds the fault in %s", (xml, fault) => {
    expect(parseTwiml(xml).faults).toEqual([fault]);
  });

  it("never throws, whatever it is given", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.constantFrom("<", "<Response>", "<Response/><a/>", "<a></b>", "&x;", "<!DOCTYPE x>")), (text) => void parseTwiml(text)));
    expect(parseTwiml("").document).toBeUndefined();
    expect(parseTwiml("<Other/>").faults).toEqual(["expected <Response>, got <Other>"]);
  });

  it("says, waits, redirects with a signed request and hangs up when a document runs out", async () => {
    const lively = await livelyWorld();
    lively.ours.answer = (webhook) => (webhook.path === "/next" ? '<Response><Say loop="2">again</Say><Hangup/><Say>never</Say></Response>' : 200);
    const { heard, story, sid, errors } = await run(lively, `<Response><Say>first</Say><Pause length="1"/><Redirect>${lively.ours.origin}/next?t=1</Redirect><Say>never</Say></Response>`);
    expect(heard).toBe("first again again");
    expect(story).toMatchObject({ status: "completed", hungUpBy: "twiml" });
    expect(lively.ours.webhooks.find((one) => one.path === "/next")).toMatchObject({ signatureIsRight: true, form: { CallSid: sid, CallStatus: "in-progress", To: person, Direction: "outbound-api" } });
    expect(errors).toEqual([]);
  });

  it("asks the fallback when the first address fails, and apologises when that fails too", async () => {
    const lively = await livelyWorld();
    lively.ours.answer = (webhook) => (webhook.path === "/fallback" ? "<Response><Say>one moment</Say></Response>" : webhook.path === "/gone" ? 404 : 200);
    const saved = await run(lively, `<Response><Redirect>${lively.ours.origin}/gone</Redirect></Response>`, { fallbackUrl: `${lively.ours.origin}/fallback` });
    expect(saved.heard).toBe("one moment");
    expect(lively.ours.webhooks.find((one) => one.path === "/fallback")?.form).toMatchObject({ ErrorCode: "11200" });
    const lost = await run(lively, `<Response><Redirect>${lively.ours.origin}/gone</Redirect></Response>`);
    expect(lost.heard).toContain("application error");
    expect(lost.errors).toEqual(["webhook_failed", "webhook_failed"]);
  });

  it("fetches its TwiML when the call was made with a Url", async () => {
    const lively = await livelyWorld();
    lively.ours.answer = (webhook) => (webhook.path === "/voice" ? "<Response><Say>from the web</Say></Response>" : 200);
    const { heard } = await run(lively, "", { url: `${lively.ours.origin}/voice` });
    expect(heard).toBe("from the web");
  });

  it("gathers speech, and the callee's yes comes back in its words", async () => {
    const lively = await livelyWorld();
    lively.ours.answer = (webhook) => (webhook.path === "/consent" ? "<Response><Say>noted</Say></Response>" : 200);
    const gather = `<Gather input="dtmf speech" timeout="5" speechTimeout="auto" action="${lively.ours.origin}/consent?t=1"><Say>May we record this call?</Say></Gather>`;
    const { sid, errors } = await run(lively, `<Response><Pause length="2"/>${gather}<Say>never</Say></Response>`);
    expect(lively.ours.webhooks.find((one) => one.path === "/consent")?.form).toMatchObject({ SpeechResult: "Yes, okay.", Confidence: "0.9" });
    expect(lively.world.ledger.eventsOf("recording_answer", sid)).toMatchObject([{ answer: "yes" }]);
    expect(errors).toEqual([]);
  });

  it("gathers a key, which cuts the prompt short", async () => {
    const lively = await livelyWorld({ assign: () => "pays_part", rate: 8 });
    lively.ours.answer = (webhook) => (webhook.path === "/consent" ? "<Response/>" : 200);
    const { sid } = await run(lively, `<Response><Pause length="2"/><Gather numDigits="1" action="${lively.ours.origin}/consent"><Say>May we record this call? Press one for yes.</Say><Pause length="1"/><Say>${"and two for no ".repeat(20)}</Say></Gather></Response>`);
    expect(lively.ours.webhooks.find((one) => one.path === "/consent")?.form).toMatchObject({ Digits: "1" });
    expect(lively.world.ledger.heardText(sid)).not.toContain("two for no and two for no and two for no and two");
  });

  it("goes on behind a gather without a result, unless an empty result is wanted", async () => {
    const lively = await livelyWorld({ assign: () => "says_nothing" });
    lively.ours.answer = (webhook) => (webhook.path === "/empty" ? "<Response><Say>empty</Say></Response>" : 200);
    const gather = (more: string): string => `<Gather input="dtmf speech" timeout="2" action="${lively.ours.origin}/empty"${more}><Say>well</Say></Gather>`;
    expect((await run(lively, `<Response>${gather("")}<Say>on</Say></Response>`)).heard).toBe("well on");
    expect((await run(lively, `<Response>${gather(' actionOnEmptyResult="true"')}<Say>on</Say></Response>`)).heard).toBe("well empty");
  });

  it("records after consent, tells so, and keeps the recording for download", async () => {
    const lively = await livelyWorld();
    const recording = `<Start><Recording channels="dual" recordingStatusCallback="${lively.ours.origin}/recording" recordingStatusCallbackEvent="in-progress completed"/></Start>`;
    const { errors, sid } = await run(lively, `<Response><Say>This call is recorded.</Say>${recording}<Pause length="3"/></Response>`);
    await lively.world.ledger.until((event) => event.kind === "webhook" && event.form["RecordingStatus"] === "completed");
    const told = lively.ours.webhooks.filter((one) => one.path === "/recording").map((one) => one.form);
    expect(told.map((form) => form["RecordingStatus"])).toEqual(["in-progress", "completed"]);
    expect(told[1]).toMatchObject({ CallSid: sid, RecordingChannels: "2", RecordingSource: "StartCallRecordingTwiML" });
    const list = await lively.client.calls(sid).recordings.list();
    expect(list).toMatchObject([{ status: "completed", duration: told[1]?.["RecordingDuration"] }]);
    expect(Number(told[1]?.["RecordingDuration"])).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    expect(lively.world.ledger.eventsOf("recording", sid)).toMatchObject([{ change: "started", consent: "notice_heard" }]);
  });

  it("writes down a recording that nobody was told about, or that was refused", async () => {
    const lively = await livelyWorld({ assign: (number) => (number === person ? "pays" : "opts_out") });
    const start = "<Start><Recording/></Start>";
    expect((await run(lively, `<Response>${start}<Say>hello</Say></Response>`)).errors).toEqual(["recording_without_consent"]);
    const gather = `<Gather input="speech" timeout="5"><Say>May we record this call?</Say></Gather>`;
    const { sid } = await run(lively, `<Response><Pause length="2"/>${gather}${start}<Pause length="1"/></Response>`, {}, "+916000001009");
    expect(lively.world.ledger.errors.filter((one) => one.callSid === sid).map((one) => one.detail)).toContainEqual(expect.stringContaining("refused"));
  });

  it("pauses, resumes and stops a recording over REST", async () => {
    const lively = await livelyWorld({ assign: () => "says_nothing" });
    const sid = await lively.call(person, { twiml: '<Response><Say>This call is recorded.</Say><Pause length="20"/></Response>' });
    await lively.world.ledger.until((event) => event.kind === "heard" && event.word === "recorded.");
    const recording = await lively.client.calls(sid).recordings.create({ recordingStatusCallback: `${lively.ours.origin}/recording` });
    await lively.client.calls(sid).recordings(recording.sid).update({ status: "paused" });
    await lively.client.calls(sid).recordings(recording.sid).update({ status: "in-progress" });
    expect((await lively.client.calls(sid).recordings(recording.sid).update({ status: "stopped" })).sid).toBe(recording.sid);
    expect(lively.world.ledger.eventsOf("recording", sid).map((one) => one.change)).toEqual(["started", "paused", "resumed", "stopped"]);
  });

  it.each([
    ["pays", "Enable", "human"],
    ["voicemail", "Enable", "machine_start"],
    ["voicemail", "DetectMessageEnd", "machine_end_beep"],
    ["switched_off", "Enable", "machine_start"],
    ["says_nothing", "Enable", "unknown"],
  ])("detects %s with %s as %s, while the TwiML runs", async (persona, machineDetection, answeredBy) => {
    const lively = await livelyWorld({ assign: () => persona });
    const sid = await lively.call(person, { twiml: '<Response><Pause length="40"/></Response>', machineDetection, asyncAmd: "true", asyncAmdStatusCallback: `${lively.ours.origin}/amd?t=1` });
    await lively.world.ledger.until((event) => event.kind === "webhook" && event.purpose === "amd");
    expect(lively.ours.webhooks.find((one) => one.path === "/amd")).toMatchObject({ signatureIsRight: true, form: { CallSid: sid, AnsweredBy: answeredBy } });
    expect(lively.world.ledger.call(sid)).toMatchObject({ answeredBy, status: "in-progress" });
  });

  it("waits with the TwiML for a synchronous verdict", async () => {
    const lively = await livelyWorld();
    const { sid } = await run(lively, "<Response><Say>late</Say></Response>", { machineDetection: "Enable" });
    const { answeredAtMs } = lively.world.ledger.call(sid) ?? {};
    expect((lively.world.ledger.eventsOf("verb", sid)[0]?.atMs ?? 0) - (answeredAtMs ?? 0)).toBeGreaterThan(1_500);
  });

  it("can be late, wrong or silent about who answered", async () => {
    const lively = await livelyWorld();
    lively.world.faults.onNextCall({ amd: { answeredBy: "machine_start" } }, { amd: { never: true } });
    const order = { machineDetection: "Enable", asyncAmd: "true", asyncAmdStatusCallback: `${lively.ours.origin}/amd` };
    await run(lively, '<Response><Pause length="5"/></Response>', order);
    await run(lively, '<Response><Pause length="5"/></Response>', order);
    expect(lively.ours.webhooks.filter((one) => one.path === "/amd").map((one) => one.form["AnsweredBy"])).toEqual(["machine_start"]);
  });

  it("has no verdict about a call that was over before", async () => {
    const lively = await livelyWorld({ assign: () => "says_nothing" });
    lively.world.faults.onNextCall({ hangUpAtFrame: 10 });
    const { sid } = await run(lively, '<Response><Pause length="5"/></Response>', { machineDetection: "Enable", asyncAmd: "true", asyncAmdStatusCallback: `${lively.ours.origin}/amd` });
    lively.clock.jumpTo(lively.clock.nowMs() + 60_000);
    await lively.world.ledger.until((event) => event.kind === "webhook" && event.purpose === "status");
    expect(lively.world.ledger.eventsOf("answered_by", sid)).toEqual([]);
    expect(lively.world.ledger.call(sid)?.answeredBy).toBeNull();
  });

  it("ends a call at its time limit", async () => {
    const lively = await livelyWorld();
    const { story, sid } = await run(lively, '<Response><Pause length="600"/></Response>', { timeLimit: 6 }, "+916000001004");
    expect(story).toMatchObject({ status: "completed", hungUpBy: "carrier" });
    const { answeredAtMs, endedAtMs } = lively.world.ledger.call(sid) ?? {};
    expect((endedAtMs ?? 0) - (answeredAtMs ?? 0)).toBeGreaterThanOrEqual(6_000);
  });
});
