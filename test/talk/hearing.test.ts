import { describe, expect, test } from "vitest";
import { VendorError } from "../../src/domain/errors.ts";
import { inboundTimeline } from "../../src/talk/inbound-timeline.ts";
import { frameBytes, frameMs, silenceByte } from "../../src/talk/ports.ts";
import { hearingRig, isWord, loudFrame, type Opened, quietFrame } from "./hearing-rig.ts";

describe("R4.2: hearing over a connection that breaks", () => {
  test("every 7 s for 3 minutes loses nothing: each frame once, in order", () => {
    const call = hearingRig({ framesPerMessage: 4 });
    call.last().listener.onOpen();
    for (let round = 0; round < 26; round += 1) {
      call.speak(6_800);
      call.cut();
      call.speak(200);
      call.last().listener.onOpen();
    }
    call.speak(8_000);
    const numbers = call.numbers();
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length / call.sent()).toBeGreaterThanOrEqual(0.995);
    expect(call.deaf()).toBe(0);
  });

  test("keeps no more than ten seconds and replays them at 1.25 times their speed", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.stall(true);
    call.speak(15_000);
    call.stall(false);
    call.speak(4_000);
    const replayed = call.last().received.length;
    expect(replayed).toBeGreaterThanOrEqual(248);
    expect(replayed).toBeLessThanOrEqual(252);
    expect(call.numbers()[0]).toBeGreaterThanOrEqual(249);
  });

  test("hands over a short wait at once: the first words are not late", () => {
    const call = hearingRig();
    call.speak(300);
    call.last().listener.onOpen();
    expect(call.last().received).toHaveLength(15);
  });

  test("tries again after 0, 250, 500 and 1000 ms, then turns to the second transcriber", () => {
    const call = hearingRig({ names: ["first", "second"] });
    call.cut();
    call.clock.advance(0);
    expect(call.opened).toHaveLength(2);
    call.cut();
    call.clock.advance(249);
    expect(call.opened).toHaveLength(2);
    call.clock.advance(1);
    expect(call.opened).toHaveLength(3);
    call.cut();
    expect(call.last().name).toBe("second");
  });

  test("a refusal that cannot get better turns to the second at once", () => {
    const call = hearingRig({ names: ["first", "second"] });
    call.cut(new VendorError("transcriber", "401", "no", false));
    expect(call.opened.map((connection) => connection.name)).toEqual(["first", "second"]);
  });

  test("with nobody left it says that it is deaf, once", () => {
    const call = hearingRig();
    for (let round = 0; round < 12 && call.deaf() === 0; round += 1) {
      call.cut();
      call.clock.advance(1_000);
    }
    expect(call.deaf()).toBe(1);
    expect(call.opened.length).toBeLessThanOrEqual(6);
  });

  test("a connection that never opens is given up", () => {
    const call = hearingRig({ names: ["first", "second"] });
    call.clock.advance(20_000);
    expect(call.opened.some((connection) => connection.name === "second")).toBe(true);
  });

  test("a turn that was cut goes on in the next connection, with the words before", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.last().listener.onHearing({ kind: "started" });
    call.last().listener.onHearing({ kind: "words", text: "main kal" });
    call.cut();
    call.clock.advance(0);
    call.last().listener.onOpen();
    call.last().listener.onHearing({ kind: "started" });
    call.last().listener.onHearing({ kind: "words", text: "paisa dunga" });
    call.last().listener.onHearing({ kind: "ended", text: "paisa dunga", languages: [], silentForMs: 200 });
    expect(call.events).toEqual([
      { kind: "started" },
      { kind: "words", text: "main kal" },
      { kind: "words", text: "main kal paisa dunga" },
      { kind: "ended", text: "main kal paisa dunga", languages: [], silentForMs: 200 },
    ]);
  });

  test("the silence behind a turn counts what still waits to be handed over", () => {
    const call = hearingRig({ framesPerMessage: 4 });
    call.last().listener.onOpen();
    call.last().listener.onHearing({ kind: "started" });
    call.speak(400 + 60);
    call.last().listener.onHearing({ kind: "ended", text: "haan", languages: [], silentForMs: 300 });
    expect(call.events.at(-1)).toMatchObject({ kind: "ended", silentForMs: 360 });
  });

  test("a turn whose end was lost with the connection ends by itself", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.last().listener.onHearing({ kind: "started" });
    call.last().listener.onHearing({ kind: "words", text: "theek hai" });
    call.cut();
    call.clock.advance(0);
    call.last().listener.onOpen();
    call.clock.advance(2_000);
    expect(call.events.at(-1)).toEqual({ kind: "ended", text: "theek hai", languages: [], silentForMs: null });
  });

  test("what a connection says after it was given up is not heard", () => {
    const call = hearingRig();
    const old = call.last().listener;
    call.cut();
    call.clock.advance(0);
    old.onHearing({ kind: "words", text: "ghost" });
    old.onClosed(undefined);
    expect(call.events).toEqual([]);
    expect(call.opened).toHaveLength(2);
  });

  test("speech that goes in without a word coming out: the next transcriber is asked", () => {
    const call = hearingRig({ names: ["first", "second"] });
    call.last().listener.onOpen();
    for (let at = 0; at < 2_000; at += 20) call.hearing.frame(new Uint8Array(frameBytes).fill(0x20));
    expect(call.opened.map((connection) => connection.name)).toEqual(["first", "second"]);
    call.last().listener.onOpen();
    for (let at = 0; at < 3_000; at += 20) call.hearing.frame(new Uint8Array(frameBytes).fill(silenceByte));
    const loud = (connection: Opened) => connection.received.filter((audio) => audio[0] === 0x20).length;
    expect(loud(call.last())).toBe(100);
  });

  test("silence and line noise are no speech", () => {
    const call = hearingRig({ names: ["first", "second"] });
    call.last().listener.onOpen();
    for (let at = 0; at < 20_000; at += 20) call.hearing.frame(Uint8Array.from({ length: frameBytes }, (_, byte) => (byte % 2 === 0 ? 0xf8 : 0x78)));
    expect(call.opened).toHaveLength(1);
  });

  test("closing leaves neither timer nor connection", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.hearing.close();
    expect(call.last().closed).toBe(true);
    call.clock.advance(60_000);
    expect(call.clock.pending).toBe(0);
    expect(call.opened).toHaveLength(1);
  });
});

describe("a transcriber that is up, answers, and never with words", () => {
  const orders = [["first", "second"], ["second", "first"]];
  test.each(orders)("%s is left for %s", (first, second) => {
    const call = hearingRig({ names: [first ?? "", second ?? ""] });
    call.last().listener.onOpen();
    for (let turn = 0; turn < 3 && call.opened.length === 1; turn += 1) {
      call.last().listener.onHearing({ kind: "started" });
      for (let nth = 0; nth < 60; nth += 1) call.hearing.frame(loudFrame(nth));
      for (let nth = 0; nth < 40; nth += 1) call.hearing.frame(quietFrame());
      call.last().listener.onHearing({ kind: "ended", text: "", languages: [], silentForMs: null });
    }
    expect(call.opened.map((connection) => connection.name)).toEqual([first, second]);
    call.last().listener.onOpen();
    for (let nth = 0; nth < 500; nth += 1) call.hearing.frame(quietFrame());
    // Nothing said to it is lost to the next one, as far as three seconds go back.
    expect(call.last().received.filter(isWord).length).toBeGreaterThanOrEqual(60);
  });

  test("is believed when it takes a horn of a second and a half for no words", () => {
    const call = hearingRig({ names: ["first", "second"] });
    call.last().listener.onOpen();
    call.last().listener.onHearing({ kind: "started" });
    for (let nth = 0; nth < 75; nth += 1) call.hearing.frame(loudFrame(nth));
    call.last().listener.onHearing({ kind: "ended", text: "", languages: [], silentForMs: null });
    for (let nth = 0; nth < 20; nth += 1) call.hearing.frame(loudFrame(nth));
    expect(call.opened).toHaveLength(1);
  });

  test("is left twice in a call and no more: a noisy street is loud and wordless too", () => {
    const call = hearingRig({ names: ["first", "second"] });
    for (let nth = 0; nth < 60 * 50; nth += 1) {
      call.clock.advance(frameMs);
      if (nth % 50 === 0) {
        call.last().listener.onOpen();
        call.last().listener.onHearing({ kind: "started" });
        call.last().listener.onHearing({ kind: "ended", text: "", languages: [], silentForMs: null });
      }
      call.hearing.frame(loudFrame(nth));
    }
    expect(call.opened).toHaveLength(3);
    expect(call.deaf()).toBe(0);
  });
});

describe("R4.6: the timeline of the line", () => {
  const run = (stamps: readonly number[]) => {
    const out: ("voice" | "silence")[] = [];
    const timeline = inboundTimeline((frame) => void out.push(frame[0] === silenceByte ? "silence" : "voice"));
    for (const stamp of stamps) timeline.push(stamp, new Uint8Array(frameBytes));
    return out;
  };
  test("fills holes with silence", () => {
    expect(run([5, 25, 85, 105])).toEqual(["voice", "voice", "silence", "silence", "voice", "voice"]);
  });
  test("drops repeats and late frames", () => {
    expect(run([0, 20, 20, 40, 0, 60])).toEqual(["voice", "voice", "voice", "voice"]);
  });
  test("takes jitter of a few milliseconds for none", () => {
    expect(run([0, 21, 38, 62, 79])).toHaveLength(5);
  });
  test("does not drift in ten minutes of jitter, loss and repeats", () => {
    let seed = 1;
    const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const stamps: number[] = [];
    for (let at = 0; at < 600_000; at += 20) {
      if (chance() < 0.05) continue;
      const stamp = at + Math.round(chance() * 12 - 6);
      stamps.push(stamp);
      if (chance() < 0.01) stamps.push(stamp);
    }
    expect(Math.abs(run(stamps).length * 20 - 600_000)).toBeLessThanOrEqual(60);
  });
  test("a jump of more than ten seconds is not filled in full", () => {
    expect(run([0, 60_000, 60_020])).toHaveLength(503);
  });
});
