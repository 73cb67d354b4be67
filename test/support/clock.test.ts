import { describe, expect, it } from "vitest";
import { pause } from "../../src/domain/clock.ts";
import { manualClock } from "./clock.ts";

describe("the clock of tests", () => {
  it("reads its start in Asia/Kolkata whatever the server's zone", () => {
    expect(manualClock("2026-12-01T10:00").now().toISO()).toBe("2026-12-01T10:00:00.000+05:30");
    expect(manualClock("2026-12-01T10:00Z").now().toISO()).toBe("2026-12-01T15:30:00.000+05:30");
  });

  it("fires timers in the order of their instants, each at its own, and those of one instant as they were set", () => {
    const clock = manualClock("2026-12-01T10:00");
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name} ${clock.now().toFormat("HH:mm:ss")}`);
    clock.setTimer(2_000, note("b"));
    clock.setTimer(1_000, () => {
      note("a")();
      clock.setTimer(500, note("set by a"));
    });
    clock.setTimer(2_000, note("c"));
    clock.setTimer(9_000, note("later"));
    clock.setTimer(1_500, note("cancelled")).cancel();
    clock.advance(3_000);
    expect(fired).toEqual(["a 10:00:01", "set by a 10:00:01", "b 10:00:02", "c 10:00:02"]);
    expect(clock.pending).toBe(1);
    expect(clock.now().toFormat("HH:mm:ss")).toBe("10:00:03");
  });

  it("lets what a timer set off settle before the next one fires", async () => {
    const clock = manualClock("2026-12-01T10:00");
    const steps: string[] = [];
    const walk = async (): Promise<void> => {
      for (const step of ["one", "two", "three"]) {
        await pause(clock, 1_000);
        steps.push(`${step} ${clock.now().toFormat("ss")}`);
      }
    };
    const walked = walk();
    await clock.advanceToAsync("2026-12-01T10:01");
    await walked;
    expect(steps).toEqual(["one 01", "two 02", "three 03"]);
  });

  it("refuses to go back", () => {
    expect(() => manualClock("2026-12-01T10:00").advanceTo("2026-12-01T09:59")).toThrow("expected an instant at or after");
  });
});
