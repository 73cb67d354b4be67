import fc from "fast-check";
import { expect, test } from "vitest";
import { type Definition, definitionSchema } from "../../src/domain/definition.ts";
import { usualMix } from "../../src/schedule/call-mix.ts";
import { callingHours } from "../../src/rules/calling-hours.ts";
import { forecast, type ForecastInput } from "../../src/schedule/forecast.ts";
import { manualClock } from "../support/clock.ts";
import { callPrices, reminder } from "./list-fixture.ts";

const at = (iso: string): number => manualClock(iso).nowMs();

function definition(change: Record<string, unknown> = {}): Definition {
  return definitionSchema.parse({ ...reminder, ...change });
}

function input(of: Definition, change: Partial<ForecastInput> = {}): ForecastInput {
  return {
    contacts: 1_000,
    cps: 1,
    concurrency: 1_000,
    hours: callingHours(of),
    retry: of.retry,
    limits: of.limits,
    prices: callPrices,
    mix: usualMix,
    nowMs: at("2026-11-24T11:00"),
    ...change,
  };
}

test("a list without retries takes its contacts divided by the pace, inside the calling hours", () => {
  const plain = definition({ retry: {}, window: { from: "10:00", to: "18:00" } });
  const small = forecast(input(plain, { contacts: 3_600 }));
  expect(small).toMatchObject({ calls: 3_600, days: [{ date: "2026-11-24", calls: 3_600 }], limitedBy: "pace" });
  expect(small.finishesAtMs).toBe(at("2026-11-24T12:00"));

  const large = forecast(input(plain, { contacts: 25_200 + 3_600 }));
  expect(large.days.map((day) => [day.date, day.calls])).toEqual([["2026-11-24", 25_200], ["2026-11-25", 3_600]]);
  expect(large.finishesAtMs).toBe(at("2026-11-25T11:00"));
});

test("collection on a microfinance loan stops at 18:00 in 2026 and at 19:00 from 2027", () => {
  const loans = definition({ purpose: "collection", microfinance: true, retry: {} });
  const days = forecast(input(loans, { contacts: 100_000, nowMs: at("2026-12-31T09:00") })).days;
  expect(days[0]).toMatchObject({ date: "2026-12-31", calls: 9 * 3_600 });
  expect(days[1]).toMatchObject({ date: "2027-01-01", calls: 11 * 3_600 });
});

test("slots limit a campaign whose pace would allow more", () => {
  const of = definition({ retry: {} });
  const result = forecast(input(of, { cps: 10, concurrency: 10 }));
  expect(result.limitedBy).toBe("concurrency");
  expect(result.callsPerSecond).toBeLessThan(0.25);
});

test("retries come back after their delay and stop at the limit of attempts", () => {
  const of = definition({ retry: { no_answer: ["1h"] }, limits: { attempts: 3 } });
  const nobodyAnswers = { ...usualMix, reached: 0, noAnswer: 1, busy: 0, voicemail: 0, notReached: 0 };
  const result = forecast(input(of, { contacts: 100, mix: nobodyAnswers }));
  expect(result.calls).toBe(300);
  expect(result.finishesAtMs).toBeGreaterThanOrEqual(at("2026-11-24T13:00"));
  expect(result.finishesAtMs).toBeLessThan(at("2026-11-24T13:20"));
});

test("a number rests for the day once it was called as often as a day allows", () => {
  const of = definition({ retry: { no_answer: ["30m"] }, limits: { attempts: 3, per_number_per_day: 2 } });
  const nobodyAnswers = { ...usualMix, reached: 0, noAnswer: 1, busy: 0, voicemail: 0, notReached: 0 };
  expect(forecast(input(of, { contacts: 100, mix: nobodyAnswers })).days.map((day) => day.calls)).toEqual([200, 100]);
});

test("a campaign whose window never opens has no finish", () => {
  expect(forecast(input(definition(), { hours: () => null }))).toMatchObject({ calls: 0, finishesAtMs: null, days: [] });
});

test("nobody is called more often than the limit, the days add up, and more pace never takes longer", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50_000 }),
      fc.double({ min: 0.2, max: 20, noNaN: true }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 1_439 }),
      (contacts, cps, attempts, minute) => {
        const of = definition({ retry: { no_answer: ["30m", "2h"], busy: ["10m"] }, limits: { attempts } });
        const nowMs = at("2026-11-24T00:00") + minute * 60_000;
        const slow = forecast(input(of, { contacts, cps, nowMs }));
        expect(slow.calls).toBeGreaterThanOrEqual(contacts - 1);
        expect(slow.calls).toBeLessThanOrEqual(contacts * attempts);
        expect(Math.abs(slow.days.reduce((sum, day) => sum + day.calls, 0) - slow.calls)).toBeLessThanOrEqual(slow.days.length);
        expect(slow.costPaise.low).toBeLessThanOrEqual(slow.costPaise.likely);
        expect(slow.costPaise.likely).toBeLessThanOrEqual(slow.costPaise.high);
        const fast = forecast(input(of, { contacts, cps: cps * 2, nowMs }));
        expect((fast.finishesAtMs ?? 0) - (slow.finishesAtMs ?? 0)).toBeLessThanOrEqual(300_000);
      },
    ),
    { numRuns: 40 },
  );
});
