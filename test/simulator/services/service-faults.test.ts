import { afterEach, beforeEach, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { pause } from "../../../src/domain/clock.ts";
import { seededRandom } from "../../../src/domain/random.ts";
import { modulate } from "../../../src/simulator/modem.ts";
import { silence } from "../../../src/simulator/mulaw.ts";
import { faultDesk, type ServiceFault } from "../../../src/simulator/services/service-faults.ts";
import { type ServiceWorld, serviceWorld } from "./service-world.ts";

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld({ rate: 20, latencies: { endOfTurn: () => ({ eagerMs: 300, endMs: 700 }) } });
});
afterEach(() => world.close());

/** A listening socket that is played a word and a second of silence; what came back. */
async function listen(fault: ServiceFault | undefined) {
  if (fault) world.services.faults.set("deepgram", { kind: "script", faults: [fault] });
  const socket = new WebSocket(`${world.ws}/v2/listen?model=flux-general-en&encoding=mulaw&sample_rate=8000`, { headers: { authorization: "Token k" } });
  const texts: { text: string; atMs: number }[] = [];
  let pings = 0;
  socket.on("ping", () => (pings += 1));
  socket.on("message", (data) => texts.push({ text: Buffer.isBuffer(data) ? data.toString() : "", atMs: world.clock.nowMs() }));
  const ended = new Promise<string>((resolve) => {
    socket.on("close", (code) => resolve(`closed ${code}`));
    socket.on("error", (error) => resolve(`error ${error.message}`));
  });
  const openedAtMs = await new Promise<number | undefined>((resolve) => {
    socket.on("open", () => resolve(world.clock.nowMs()));
    void ended.then(() => resolve(undefined));
    void pause(world.clock, 4_000).then(() => resolve(undefined));
  });
  const play = (): void => socket.send(Buffer.concat([modulate("hello"), silence(8_000)]));
  return { socket, texts, ended, openedAtMs, play, pings: () => pings, told: () => texts.some(({ text }) => text.includes("EndOfTurn")) };
}

describe("faults of a listening socket", () => {
  test("a refused key, a reset and a black hole never open", async () => {
    const refused = await listen({ kind: "status", status: 401 });
    expect([refused.openedAtMs, await refused.ended]).toEqual([undefined, "error Unexpected server response: 401"]);
    const reset = await listen({ kind: "reset" });
    expect([reset.openedAtMs, await reset.ended]).toEqual([undefined, expect.stringContaining("ECONNRESET")]);
    const hole = await listen({ kind: "blackhole" });
    expect(hole.openedAtMs).toBeUndefined();
    hole.socket.terminate();
  });

  test("kept alive: pings, and not one message", async () => {
    const { play, texts, pings, socket } = await listen({ kind: "keep_alive_only" });
    play();
    await pause(world.clock, 6_000);
    expect(texts).toEqual([]);
    expect(pings()).toBeGreaterThanOrEqual(1);
    socket.terminate();
  });

  test("empty: turns without words", async () => {
    const { play, told, texts, socket } = await listen({ kind: "empty" });
    play();
    await expect.poll(told).toBe(true);
    expect(texts.every(({ text }) => !text.includes("hello"))).toBe(true);
    socket.terminate();
  });

  test("garbage: no message can be read", async () => {
    const { play, texts, socket } = await listen({ kind: "garbage" });
    play();
    await expect.poll(() => texts.length).toBeGreaterThan(2);
    expect(() => JSON.parse(texts[0]?.text ?? "") as unknown).toThrow();
    socket.terminate();
  });

  test("slow start and dribble: the same messages, late", async () => {
    const slow = await listen({ kind: "slow_start", delayMs: 3_000 });
    await expect.poll(() => slow.texts.length).toBe(1);
    expect((slow.texts[0]?.atMs ?? 0) - (slow.openedAtMs ?? 0)).toBeGreaterThan(2_500);
    slow.socket.terminate();
    const dribble = await listen({ kind: "dribble", gapMs: 500 });
    dribble.play();
    await expect.poll(dribble.told).toBe(true);
    expect((dribble.texts.at(-1)?.atMs ?? 0) - (dribble.openedAtMs ?? 0)).toBeGreaterThan(dribble.texts.length * 450);
    dribble.socket.terminate();
  });

  test("cut after a while, or all at once when the vendor dies", async () => {
    expect(await (await listen({ kind: "cut", everyMs: 200 })).ended).toBe("closed 1006");
    const [one, other] = [await listen(undefined), await listen(undefined)];
    world.services.cut("elevenlabs");
    world.services.cut("deepgram");
    expect(await Promise.all([one.ended, other.ended])).toEqual(["closed 1006", "closed 1006"]);
  });

  test("what was listened to is written down when the socket closes", async () => {
    const { play, told, socket } = await listen(undefined);
    play();
    await expect.poll(told).toBe(true);
    socket.close();
    await expect.poll(() => world.ledger.eventsOf("service").flatMap(({ what, fields }) => (what === "listened" ? [fields] : []))).toEqual([{ model: "flux-general-en", seconds: expect.any(Number) as number }]);
  });
});

describe("fault plans", () => {
  const fault: ServiceFault = { kind: "reset" };

  test("a script is one fault a connection, then all is well; setting a plan begins anew", () => {
    const desk = faultDesk(seededRandom(1), { openai: { kind: "script", faults: [fault, undefined, fault] } });
    expect([1, 2, 3, 4].map(() => desk.next("openai")?.kind)).toEqual(["reset", undefined, "reset", undefined]);
    desk.set("openai", { kind: "script", faults: [fault] });
    expect(desk.next("openai")).toEqual(fault);
    expect(desk.next("deepgram")).toBeUndefined();
  });

  test("chance repeats with the seed", () => {
    const draw = (): unknown[] => {
      const desk = faultDesk(seededRandom(5), { openai: { kind: "chance", probability: 0.3, faults: [fault] } });
      return Array.from({ length: 100 }, () => desk.next("openai")?.kind);
    };
    expect(draw()).toEqual(draw());
    expect(draw().filter((kind) => kind === "reset").length).toBeGreaterThan(15);
    expect(draw().filter((kind) => kind === "reset").length).toBeLessThan(45);
  });
});
