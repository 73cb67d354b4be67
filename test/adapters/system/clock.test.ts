import { afterEach, describe, expect, it } from "vitest";
import { type RunningClock, runningClock } from "../../../src/adapters/system/clock.ts";
import { pause, type Timer } from "../../../src/domain/clock.ts";

const startMs = Date.parse("2026-12-01T10:00:00+05:30");

describe("the running clock", () => {
  const timers: Timer[] = [];
  afterEach(() => {
    for (const timer of timers.splice(0)) timer.cancel();
  });
  const set = (clock: RunningClock, delayMs: number, fire: () => void): void => void timers.push(clock.setTimer(delayMs, fire));

  it("starts where it is told and runs on at its rate", async () => {
    const clock = runningClock({ startMs, rate: 1_000 });
    expect(clock.now().toISO()).toMatch(/^2026-12-01T10:00:/);
    await pause(clock, 20_000);
    const passedMs = clock.nowMs() - startMs;
    expect(passedMs).toBeGreaterThanOrEqual(20_000 - 1);
    expect(passedMs).toBeLessThan(2_000_000);
  });

  it("fires no timer early, in the order of their instants, and never while it is being set", async () => {
    const clock = runningClock({ startMs, rate: 100 });
    const fired: string[] = [];
    const done = new Promise<void>((resolve) => {
      set(clock, 3_000, () => (fired.push("c"), resolve()));
      set(clock, 2_000, () => fired.push(`b ${clock.nowMs() - startMs >= 1_999}`));
      set(clock, 0, () => fired.push("a"));
      fired.push("set");
    });
    await done;
    expect(fired).toEqual(["set", "a", "b true", "c"]);
  });

  it("cancels a timer, also one that is waited for through a signal", async () => {
    const clock = runningClock({ startMs, rate: 1_000 });
    const fired: string[] = [];
    clock.setTimer(1_000, () => fired.push("cancelled")).cancel();
    const stop = new AbortController();
    const waiting = pause(clock, 3_600_000 * 24, stop.signal);
    stop.abort();
    await waiting;
    await pause(clock, 5_000);
    expect(fired).toEqual([]);
  });

  it("jumps forward and fires what lies between, in order, but never back", async () => {
    const clock = runningClock({ startMs });
    const fired: string[] = [];
    const done = new Promise<void>((resolve) => {
      set(clock, 7_200_000, () => (fired.push("two hours"), resolve()));
      set(clock, 3_600_000, () => fired.push("one hour"));
    });
    clock.jumpTo(startMs + 3 * 3_600_000);
    await done;
    expect(fired).toEqual(["one hour", "two hours"]);
    clock.jumpTo(startMs);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(startMs + 3 * 3_600_000);
  });

  it("is corrected without hurrying or holding back its timers", async () => {
    const clock = runningClock({ startMs, rate: 100 });
    let firedAtMs = Number.NaN;
    const done = new Promise<void>((resolve) => set(clock, 2_000, () => ((firedAtMs = clock.nowMs()), resolve())));
    clock.correctBy(86_400_000);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(startMs + 86_400_000);
    await done;
    expect(firedAtMs - startMs - 86_400_000).toBeGreaterThanOrEqual(1_999);
  });

  it("waits longer than a machine's own timer can", () => {
    const clock = runningClock({ startMs });
    let fired = false;
    set(clock, 90 * 86_400_000, () => (fired = true));
    expect(fired).toBe(false);
    expect(process.getActiveResourcesInfo()).toContain("Timeout");
  });
});
