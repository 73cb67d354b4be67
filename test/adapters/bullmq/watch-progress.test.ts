import { expect, test } from "vitest";
import { startWatch } from "../../../src/adapters/bullmq/watch-progress.ts";
import { manualClock } from "../../support/clock.ts";

function watched(probe: () => Promise<void> = () => Promise.resolve()) {
  const clock = manualClock("2026-11-24T11:00");
  const seen = { probes: 0, reopens: 0, failures: 0, lastProgressMs: null as number | null };
  const watch = startWatch({
    clock,
    lastProgressMs: () => seen.lastProgressMs,
    probe: () => {
      seen.probes += 1;
      return probe();
    },
    reopen: () => (seen.reopens += 1),
    onProbeFailed: () => (seen.failures += 1),
  });
  return { clock, seen, watch };
}

test("a probe is sent at once and then whenever nothing came through for five seconds", () => {
  const { clock, seen } = watched();
  clock.advance(0);
  expect(seen.probes).toBe(1);
  clock.advance(4_000);
  expect(seen.probes).toBe(1);
  clock.advance(2_000);
  expect(seen.probes).toBe(2);
});

test("while jobs come through nothing is probed and nothing is reopened", () => {
  const { clock, seen } = watched();
  for (let second = 0; second < 120; second += 1) {
    seen.lastProgressMs = clock.nowMs();
    clock.advance(1_000);
  }
  expect(seen.probes).toBe(0);
  expect(seen.reopens).toBe(0);
});

test("R3.3: a queue that takes probes and never delivers them is opened anew after twenty seconds, and again after twenty more", () => {
  const { clock, seen } = watched();
  clock.advance(19_000);
  expect(seen.reopens).toBe(0);
  clock.advance(2_000);
  expect(seen.reopens).toBe(1);
  clock.advance(20_000);
  expect(seen.reopens).toBe(2);
  seen.lastProgressMs = clock.nowMs();
  clock.advance(19_000);
  expect(seen.reopens).toBe(2);
});

test("a probe that cannot be sent is reported and tried again; a stopped watch does nothing more", async () => {
  const { clock, seen, watch } = watched(() => Promise.reject(new Error("the queue is away")));
  await clock.advanceAsync(11_000);
  expect(seen.failures).toBe(3);
  watch.stop();
  await clock.advanceAsync(60_000);
  expect(seen.probes).toBe(3);
  expect(clock.pending).toBe(0);
});
