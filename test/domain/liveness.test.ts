import { describe, expect, it } from "vitest";
import { newLiveness } from "../../src/domain/liveness.ts";
import { repeat } from "../../src/dial/repeat.ts";
import { manualClock } from "../support/clock.ts";
import { recordingLog } from "../support/log.ts";

const hanging = () => new Promise<never>(() => undefined);

describe("the liveness of a process", () => {
  it("misses a vital loop of which no run has ended for 45 seconds, and no other", async () => {
    const clock = manualClock("2026-12-01T11:00");
    const liveness = newLiveness(clock);
    const vital = liveness.loop("planner", { vital: true });
    const other = liveness.loop("sweep");
    clock.advance(45_000);
    expect(liveness.stalled()).toEqual([]);
    clock.advance(1);
    expect(liveness.stalled()).toEqual(["planner"]);
    await vital.run(() => Promise.resolve());
    expect(liveness.stalled()).toEqual([]);
    expect(liveness.msSinceRun()).toEqual(new Map([["planner", 0], ["sweep", 45_001]]));
    vital.end();
    other.end();
    clock.advance(60_000);
    expect(liveness.stalled()).toEqual([]);
  });

  it("counts a run that failed: the loop goes round, and the log says what fails", async () => {
    const clock = manualClock("2026-12-01T11:00");
    const liveness = newLiveness(clock);
    const pulse = liveness.loop("planner", { vital: true });
    clock.advance(60_000);
    await expect(pulse.run(() => Promise.reject(new Error("the database is away")))).rejects.toThrow("the database is away");
    expect(liveness.stalled()).toEqual([]);
  });

  it("a run that hangs is missed, and after its deadline the loop goes on without it", async () => {
    const clock = manualClock("2026-12-01T11:00");
    const log = recordingLog();
    const liveness = newLiveness(clock);
    let runs = 0;
    const loop = repeat({ clock, log, liveness }, "fold the inbox", 2_000, () => ((runs += 1) === 1 ? hanging() : Promise.resolve()), { vital: true, deadlineMs: 60_000 });
    await clock.advanceAsync(48_000);
    expect(liveness.stalled()).toEqual(["fold the inbox"]);
    await clock.advanceAsync(14_000);
    expect(log.lines.map((line) => line.sentence)).toEqual(["a background run failed; it is repeated"]);
    await clock.advanceAsync(2_000);
    expect(runs).toBe(2);
    expect(liveness.stalled()).toEqual([]);
    await loop.stop();
  });
});
