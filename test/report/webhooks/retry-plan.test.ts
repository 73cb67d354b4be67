import fc from "fast-check";
import { expect, test } from "vitest";
import { nextTryMs, restMs } from "../../../src/report/webhooks/retry-plan.ts";

const minutes = (ms: number): number => Math.round(ms / 60_000);

test("the schedule is that of Standard Webhooks: ten tries over three days and three and a half hours", () => {
  let atMs = 0;
  const waits: number[] = [];
  for (let tries = 1; ; tries += 1) {
    const next = nextTryMs(tries, atMs, 0.5);
    if (next === null) break;
    waits.push(next - atMs);
    atMs = next;
  }
  expect(waits.map(minutes)).toEqual([0, 5, 30, 120, 300, 600, 840, 1_200, 1_440]);
  expect(minutes(atMs)).toBe(75 * 60 + 35);
});

test("jitter stays within twenty per cent and an endpoint's Retry-After is heard, up to a day", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.option(fc.integer({ min: 0, max: 10_000_000_000 })), (tries, fraction, retryAfterMs) => {
      const middle = nextTryMs(tries, 0, 0.5) ?? 0;
      const next = nextTryMs(tries, 0, fraction, retryAfterMs) ?? 0;
      const asked = Math.min(retryAfterMs ?? 0, 86_400_000);
      expect(next).toBeGreaterThanOrEqual(Math.max(asked, middle * 0.799));
      expect(next).toBeLessThanOrEqual(Math.max(asked, middle * 1.201));
    }),
  );
});

test("an endpoint rests longer with every failure, a minute at most unless it asks for more", () => {
  expect([1, 2, 3, 6, 60].map((failures) => restMs(failures))).toEqual([2_000, 4_000, 8_000, 60_000, 60_000]);
  expect(restMs(1, 120_000)).toBe(120_000);
});
