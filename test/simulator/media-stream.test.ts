import { describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { modulate, spokenMs } from "../../src/simulator/modem.ts";
import { personaNamed } from "../../src/simulator/personas/persona-of.ts";
import { livelyWorld } from "./support/lively-world.ts";
import { type ScriptedAgent, scriptedAgent } from "./support/scripted-agent.ts";

const silentCallee = "+916000001004";

async function streamTo(options: Parameters<typeof livelyWorld>[0] = {}) {
  const quick = personaNamed("says_nothing");
  const lively = await livelyWorld({ assign: () => ({ ...quick, line: { kind: "answers", ringMs: 100 } }), ...options });
  const opened = Promise.withResolvers<{ socket: WebSocket; agent: ScriptedAgent }>();
  lively.ours.onMedia = (socket) => opened.resolve({ socket, agent: scriptedAgent(socket) });
  const sid = await lively.call(silentCallee);
  const { socket, agent } = await opened.promise;
  await agent.started;
  return { ...lively, sid, socket, agent };
}

describe("the media stream", () => {
  it("begins with connected and start, then counts its frames in strings", async () => {
    const { agent, sid, world, socket } = await streamTo();
    while (agent.messages.length < 12) await new Promise((resolve) => socket.once("message", resolve));
    const [connected, begin, first, second] = agent.messages;
    expect(connected).toEqual({ event: "connected", protocol: "Call", version: "1.0.0" });
    expect(begin).toMatchObject({ event: "start", sequenceNumber: "1", start: { callSid: sid, tracks: ["inbound"], customParameters: { token: "once" }, mediaFormat: { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 } } });
    expect(first).toMatchObject({ event: "media", sequenceNumber: "2", media: { track: "inbound", chunk: "1", timestamp: "20" } });
    expect(second).toMatchObject({ sequenceNumber: "3", media: { chunk: "2", timestamp: "40" } });
    expect(Buffer.from(first?.media?.payload ?? "", "base64")).toHaveLength(160);
    expect(world.ledger.errors).toEqual([]);
  });

  it("keeps the pace of the clock", async () => {
    const { world, clock, agent } = await streamTo({ rate: 4 });
    const [fromMs, fromFrames] = [clock.nowMs(), agent.messages.length];
    await new Promise<void>((resolve) => clock.setTimer(4_000, resolve));
    const tookMs = clock.nowMs() - fromMs;
    const lineMs = (agent.messages.length - fromFrames) * 20;
    expect(lineMs).toBeGreaterThan(0.5 * tookMs);
    expect(lineMs).toBeLessThan(1.1 * tookMs);
    expect(world.ledger.errors).toEqual([]);
  });

  it("echoes a mark when the audio before it has been played, and at once when none waits", async () => {
    const { agent, world, sid } = await streamTo();
    agent.send({ event: "mark", mark: { name: "early" } });
    await world.ledger.until((event) => event.kind === "mark" && event.name === "early");
    agent.say("ek do teen chaar");
    await world.ledger.until((event) => event.kind === "mark" && event.name === "line 1");
    expect(world.ledger.heardText(sid)).toBe("ek do teen chaar");
    expect(world.ledger.eventsOf("mark", sid).map((one) => [one.name, one.cleared, one.playedMs])).toEqual([["early", false, 0], ["line 1", false, spokenMs("ek do teen chaar")]]);
  });

  it("on clear throws away what waits and echoes every pending mark, so what was heard stops at a word", async () => {
    const { agent, world, sid } = await streamTo();
    agent.say(`pehla doosra teesra ${"chautha ".repeat(50)}`);
    await world.ledger.until((event) => event.kind === "heard" && event.word === "teesra");
    agent.send({ event: "clear" });
    const cleared = await world.ledger.until((event) => event.kind === "clear");
    await world.ledger.until((event) => event.kind === "mark" && event.cleared);
    agent.say("naya");
    await world.ledger.until((event) => event.kind === "heard" && event.word === "naya");

    const heard = world.ledger.heardText(sid).split(" ");
    expect(heard.slice(0, 3)).toEqual(["pehla", "doosra", "teesra"]);
    expect(heard.at(-1)).toBe("naya");
    expect(heard.length).toBeLessThan(54);
    expect(cleared.kind === "clear" && cleared.droppedMs).toBeGreaterThan(500);
    expect(world.ledger.sentText(sid).split(" ")).toHaveLength(54);
  });

  it.each([
    ["a binary frame", (socket: WebSocket) => socket.send(Buffer.from([1, 2, 3])), "binary_media_frame"],
    ["an unknown event", (_: WebSocket, agent: ScriptedAgent) => agent.send({ event: "sing" }), "bad_media_message"],
    ["another stream's id", (_: WebSocket, agent: ScriptedAgent) => agent.send({ event: "clear", streamSid: "MZ0" }), "bad_media_message"],
    ["no JSON", (socket: WebSocket) => socket.send("hello"), "bad_media_message"],
    ["media without payload", (_: WebSocket, agent: ScriptedAgent) => agent.send({ event: "media", media: {} }), "bad_media_message"],
  ] as const)("closes on %s and writes it down", async (_, misbehave, code) => {
    const { socket, agent, world } = await streamTo();
    misbehave(socket, agent);
    await new Promise((resolve) => socket.once("close", resolve));
    expect(world.ledger.errors).toMatchObject([{ code }]);
    expect(agent.messages.at(-1)).toMatchObject({ event: "stop" });
  });

  it("drops what is more than ten minutes ahead, and says so once", async () => {
    const { agent, world } = await streamTo();
    const minutes = Buffer.alloc(8_000 * 60 * 4, 0x7e).toString("base64");
    for (let time = 0; time < 4; time += 1) agent.send({ event: "media", media: { payload: minutes } });
    await world.ledger.until((event) => event.kind === "error");
    agent.send({ event: "clear" });
    const cleared = await world.ledger.until((event) => event.kind === "clear");
    expect(cleared.kind === "clear" && cleared.droppedMs).toBeGreaterThan(9 * 60_000);
    expect(world.ledger.errors).toMatchObject([{ code: "media_overflow" }]);
  });

  it("brings keys as dtmf, and stop when the callee hangs up", async () => {
    const { agent, world, sid, socket } = await streamTo();
    world.carrier.press(sid, "1");
    world.carrier.hangUp(sid);
    await new Promise((resolve) => socket.once("close", resolve));
    expect(agent.messages.filter((one) => one.event === "dtmf")).toMatchObject([{ dtmf: { track: "inbound_track", digit: "1" } }]);
    expect(agent.messages.at(-1)).toMatchObject({ event: "stop", stop: { callSid: sid } });
    expect(world.ledger.call(sid)).toMatchObject({ status: "completed", hungUpBy: "callee" });
  });

  it("is over at the very frame at which the callee was to hang up", async () => {
    const { world, sid } = await streamTo({ faultRates: { hangUpEarly: 1 }, seed: 3 });
    expect(await world.ledger.untilEnded(sid)).toMatchObject({ hungUpBy: "callee", status: "completed" });
  });

  it("can break without a stop, and goes on with the verb behind the stream", async () => {
    const lively = await livelyWorld();
    const { agent, world, ours } = await (async () => {
      const opened = Promise.withResolvers<ScriptedAgent>();
      lively.ours.onMedia = (socket) => opened.resolve(scriptedAgent(socket));
      lively.ours.answer = (webhook) => (webhook.path === "/resume" ? "<Response><Say>We were cut off.</Say></Response>" : 200);
      lively.world.faults.onNextCall({ cutStreamAfterMs: 3_000 });
      await lively.call(silentCallee, { twiml: lively.streamTwiml(`<Redirect method="POST">${lively.ours.origin}/resume?t=token</Redirect>`) });
      return { ...lively, agent: await opened.promise };
    })();
    await world.ledger.until((event) => event.kind === "ended");
    expect(agent.messages.some((one) => one.event === "stop")).toBe(false);
    expect(ours.webhooks.filter((one) => one.path === "/resume")).toMatchObject([{ form: { CallStatus: "in-progress" }, signatureIsRight: true }]);
    expect(world.ledger.eventsOf("heard").map((one) => one.word).join(" ")).toBe("We were cut off.");
  });

  it("loses frames when told to, and leaves a hole in the timestamps", async () => {
    const { agent, world } = await streamTo({ faultRates: { missingFrames: 1 } });
    await new Promise<void>((resolve) => world.world.clock.setTimer(6_000, resolve));
    const stamps = agent.messages.filter((one) => one.event === "media").map((one) => Number(one.media?.timestamp));
    const holes = stamps.filter((stamp, index) => index > 0 && stamp - (stamps[index - 1] ?? 0) > 20);
    expect(holes.length).toBeGreaterThan(0);
  });

  it("signs the handshake, with a slash at the end of the address when told to", async () => {
    const plain = await streamTo();
    expect(plain.ours.upgrades).toEqual([{ plain: true, slash: false }]);
    const slashed = await streamTo({ signsTrailingSlash: true });
    expect(slashed.ours.upgrades).toEqual([{ plain: false, slash: true }]);
  });

  it("writes down a stream without a token and a handshake that was refused", async () => {
    const { call, world, ours } = await livelyWorld();
    const sid = await call(silentCallee, { twiml: `<Response><Connect><Stream url="${ours.mediaUrl.replace("/media", "/elsewhere")}"/></Connect></Response>` });
    await world.ledger.untilEnded(sid);
    expect(world.ledger.errors.map((one) => one.code)).toEqual(["stream_without_token", "stream_refused"]);
  });

  it("exports both sides of a call as a stereo WAV file", async () => {
    const { agent, world, sid } = await streamTo({ keepAudio: true });
    agent.say("namaste ji");
    await world.ledger.until((event) => event.kind === "heard" && event.word === "ji");
    world.carrier.hangUp(sid);
    const wav = Buffer.from(world.wavOf(sid) ?? []);
    expect(wav.toString("latin1", 0, 4)).toBe("RIFF");
    const right = Uint8Array.from({ length: (wav.length - 58) / 2 }, (_, index) => wav[58 + 2 * index + 1] ?? 0);
    expect(Buffer.from(right).includes(Buffer.from(modulate("namaste")).subarray(0, 1_000))).toBe(true);
  });
});
