import { describe, expect, it } from "vitest";
import { newLedger } from "../../src/simulator/ledger.ts";
import { newTicker } from "../../src/simulator/carrier-ticker.ts";
import { newPlayback } from "../../src/simulator/carrier-playback.ts";
import { manualClock } from "../support/clock.ts";

const created = (to: string) => ({ kind: "created", to, from: "+14155550100", persona: "pays", form: {} }) as const;

describe("the ledger", () => {
  it("tells what became of each call, and which went to a number", () => {
    const clock = manualClock("2026-11-23T11:00");
    const ledger = newLedger(clock);
    ledger.record(created("+911"), "CA1");
    clock.advance(1_000);
    ledger.record({ kind: "status", status: "initiated" }, "CA1");
    ledger.record({ kind: "status", status: "ringing" }, "CA1");
    ledger.record(created("+912"), "CA2");
    ledger.record({ kind: "ended", status: "no-answer", hungUpBy: "carrier", sipCode: 487, durationSeconds: 0 }, "CA1");

    expect(ledger.callsTo("+911")).toMatchObject([{ callSid: "CA1", status: "no-answer", answeredAtMs: null, hungUpBy: "carrier" }]);
    expect((ledger.call("CA1")?.ringingAtMs ?? 0) - (ledger.call("CA1")?.createdAtMs ?? 0)).toBe(1_000);
    expect(ledger.calls().map((one) => one.status)).toEqual(["no-answer", "queued"]);
    expect(ledger.call("CA3")).toBeUndefined();
  });

  it("parts what was heard into utterances, and measures how long the callee waited", () => {
    const ledger = newLedger(manualClock("2026-11-23T11:00"));
    const heard = (word: string, startMs: number, endMs: number): void => ledger.record({ kind: "heard", word, startSample: startMs * 8, endSample: endMs * 8 }, "CA1");
    const said = (text: string, startMs: number, endMs: number): void => ledger.record({ kind: "said", text, startSample: startMs * 8, endSample: endMs * 8, finished: true }, "CA1");
    heard("namaste", 0, 400);
    heard("ji", 450, 600);
    said("haan", 1_200, 1_500);
    heard("achha", 2_300, 2_700);
    said("ek", 3_000, 3_300);
    said("minute", 3_500, 3_900);
    heard("ji?", 4_100, 4_300);
    expect(ledger.heardUtterances("CA1").map((one) => one.text)).toEqual(["namaste ji", "achha", "ji?"]);
    expect(ledger.replyGaps("CA1")).toEqual([{ after: "haan", gapMs: 800 }, { after: "minute", gapMs: 200 }]);
  });

  it("wakes whoever waits for a line, and exports all of them as JSON", async () => {
    const ledger = newLedger(manualClock("2026-11-23T11:00"));
    const later = ledger.until((event) => event.kind === "error");
    ledger.record(created("+911"), "CA1");
    ledger.error("bad_twiml", "nothing there", "CA1");
    expect(await later).toMatchObject({ kind: "error", callSid: "CA1" });
    expect(ledger.toNdjson().trimEnd().split("\n").map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(["created", "error"]);
    ledger.clear();
    expect(ledger.events).toEqual([]);
  });

  it("forgets its oldest calls when it was told to keep few", () => {
    const ledger = newLedger(manualClock("2026-11-23T11:00"), { keepCalls: 10 });
    for (let index = 0; index < 100; index += 1) ledger.record(created(`+91${index}`), `CA${index}`);
    expect(ledger.calls().length).toBeLessThanOrEqual(11);
    expect(ledger.calls().at(-1)?.callSid).toBe("CA99");
    expect(ledger.events.length).toBeLessThanOrEqual(12);
  });
});

describe("the playback buffer", () => {
  it("plays in order across chunks of any size and fills the rest of a frame with silence", () => {
    const marks: string[] = [];
    const playback = newPlayback((name, cleared) => marks.push(`${name}${cleared ? " cleared" : ""}`));
    playback.enqueue(new Uint8Array(100).fill(1));
    playback.mark("a");
    playback.enqueue(new Uint8Array(100).fill(2));
    playback.mark("b");
    const first = playback.frame();
    expect([first[0], first[99], first[100], first[159]]).toEqual([1, 1, 2, 2]);
    expect(marks).toEqual(["a"]);
    const second = playback.frame();
    expect([second[39], second[40]]).toEqual([2, 0xff]);
    expect(marks).toEqual(["a", "b"]);
    expect(playback.playedSamples).toBe(200);
    playback.enqueue(new Uint8Array(500));
    playback.mark("c");
    expect(playback.clear()).toBe(500);
    expect(marks.at(-1)).toBe("c cleared");
  });
});

describe("the ticker", () => {
  it("gives every frame its 20 ms and none twice", () => {
    const clock = manualClock("2026-11-23T11:00");
    let frames = 0;
    const ticker = newTicker(clock, () => undefined);
    const line = { frame: () => void (frames += 1) };
    ticker.add(line);
    clock.advance(19);
    expect(frames).toBe(0);
    clock.advance(981);
    expect(frames).toBe(50);
    ticker.remove(line);
    clock.advance(1_000);
    expect(frames).toBe(50);
    expect(clock.pending).toBe(0);
  });

  it("skips what it could not make up after a long standstill", () => {
    const clock = manualClock("2026-11-23T11:00");
    let frames = 0;
    let skippedMs = 0;
    let jumpedMs = 0;
    const jumping = { ...clock, nowMs: () => clock.nowMs() + jumpedMs };
    const ticker = newTicker(jumping, (lostMs) => {
      skippedMs = lostMs;
    });
    ticker.add({ frame: () => void (frames += 1) });
    clock.advance(100);
    jumpedMs = 3_600_000;
    clock.advance(1_000);
    ticker.stop();
    expect(skippedMs).toBeGreaterThan(3_599_000);
    expect(frames).toBeLessThan(60);
  });
});
