import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newExpectedPlaces } from "../../src/dial/expected-places.ts";
import { afterSend, callerFlow, campaignFlow, carrierFlow, closestMs, type FlowPace, nextSendMs } from "../../src/dial/pace.ts";

const nowMs = Date.parse("2026-12-01T11:00:00+05:30");

const at = (laterMs = 0) => ({ nowMs: nowMs + laterMs, latestMs: Number.POSITIVE_INFINITY });

describe("those who came too early for a place in the pace", () => {
  test("are told to come one after the other, as far apart as the pace asks, behind everybody who has a place", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 2, max: 40 }), (carrier, campaign, aheadMs, waiting) => {
        const flows = [carrierFlow(carrier), campaignFlow("a", campaign)];
        const taken = new Map<string, FlowPace>(afterSend(flows, new Map(), nowMs + aheadMs).map(({ key, ...pace }) => [key, pace]));
        const expected = newExpectedPlaces();
        const places = Array.from({ length: waiting }, () => expected.expect([flows], taken, at()));
        expect(places[0]).toBe(nextSendMs(flows, taken, nowMs));
        for (const [index, place] of places.entries()) {
          if (index > 0) expect(place - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(closestMs(Math.min(carrier, campaign)) - 0.001);
        }
      }),
    );
  });

  test("of a slow campaign do not keep those of another from coming sooner", () => {
    const expected = newExpectedPlaces();
    const slow = [carrierFlow(20), campaignFlow("slow", 1)];
    const quick = [carrierFlow(20), campaignFlow("quick", 10)];
    expect([1, 2, 3].map(() => expected.expect([slow], new Map(), at()) - nowMs)).toEqual([0, 1_000, 2_000]);
    expect([1, 2, 3].map(() => expected.expect([quick], new Map(), at()) - nowMs)).toEqual([150, 200, 250]);
  });

  test("take the caller number that is free soonest when others wait for the first", () => {
    const expected = newExpectedPlaces();
    const from = (number: string) => [carrierFlow(10), callerFlow(number, 1)];
    const places = Array.from({ length: 4 }, () => expected.expect([from("one"), from("two")], new Map(), at()) - nowMs);
    expect(places).toEqual([0, 100, 1_000, 1_000]);
  });

  test("are not noted when their place is too far to wait for: the next one is told the same", () => {
    const expected = newExpectedPlaces();
    const flows = [campaignFlow("slow", 0.1)];
    const near = { nowMs, latestMs: nowMs + 4_000 };
    expect([1, 2, 3].map(() => expected.expect([flows], new Map(), near) - nowMs)).toEqual([0, 10_000, 10_000]);
  });

  test("leave no trace of campaigns that are long over", () => {
    const expected = newExpectedPlaces();
    for (let n = 0; n < 1_000; n += 1) expected.expect([[campaignFlow(String(n), 1)]], new Map(), at(n * 10_000));
    expect(expected.expect([[campaignFlow("0", 1)]], new Map(), at()), "forgotten").toBe(nowMs);
  });
});
