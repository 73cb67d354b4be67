import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/domain/random.ts";
import { afterLoss, afterSend, carrierFlow, closestMs, type FlowPace, nextSendMs, type PaceState, toleranceMs } from "../../src/dial/pace.ts";
import { meanPerSecond, mostInOneSecond } from "./paced-dialer.ts";

/** One call as the pace sees it: how long after the call before it asks for a place, and how late its process wakes on it. */
interface Ask {
  gapMs: number;
  lateMs: number;
}

const leastAfterSecondMs = 40;

/**
 * Calls of one flow take places, `width` of them waiting at once in any number of processes: the state is shared, lateness is
 * each one's own. A call that is later than the tolerance takes another place, as `placeAttempt` does; `stays` is the part of
 * its lateness that it has there again.
 */
function leaveAll(callsPerSecond: number, width: number, asks: readonly Ask[], stays = 0.1): { places: number[]; departures: number[] } {
  const flows = [carrierFlow(callsPerSecond)];
  let state: PaceState = new Map();
  const places: number[] = [];
  const departures: number[] = [];
  const take = (fromMs: number, spareMs = 0): number => {
    const sendMs = nextSendMs(flows, state, fromMs);
    state = new Map<string, FlowPace>(afterSend(flows, state, sendMs, spareMs).map(({ key, ...pace }) => [key, pace]));
    places.push(sendMs);
    return sendMs;
  };
  const left = [...asks];
  const waiting: { placeMs: number; lateMs: number; missed: number; spareMs: number }[] = [];
  let nowMs = 1_000_000;
  const askNext = (): void => {
    const ask = left.shift();
    if (!ask) return;
    nowMs += ask.gapMs;
    waiting.push({ placeMs: take(nowMs), lateMs: ask.lateMs, missed: 0, spareMs: 0 });
  };
  for (let n = 0; n < width; n += 1) askNext();
  for (;;) {
    const call = waiting.sort((one, other) => one.placeMs - other.placeMs).shift();
    if (!call) return { places: places.sort((one, other) => one - other), departures: departures.sort((one, other) => one - other) };
    const wokeMs = call.placeMs + call.lateMs;
    nowMs = Math.max(nowMs, wokeMs);
    if (call.lateMs <= toleranceMs(callsPerSecond) + call.spareMs) {
      departures.push(wokeMs);
      askNext();
    } else {
      state = afterLoss(flows, state);
      const spareMs = call.missed === 0 ? 0 : leastAfterSecondMs * 2 ** call.missed;
      waiting.push({ placeMs: take(wokeMs, spareMs), lateMs: call.lateMs * stays, missed: call.missed + 1, spareMs });
    }
  }
}

const lateness = fc.oneof({ weight: 8, arbitrary: fc.double({ min: 0, max: 8, noNaN: true }) }, { weight: 2, arbitrary: fc.double({ min: 0, max: 300, noNaN: true }) });
const asksOf = (length: number, gapMs: fc.Arbitrary<number>) => fc.array(fc.record({ gapMs, lateMs: lateness }), { minLength: length, maxLength: length });

describe("even pace", () => {
  test("R1.6 whatever the arrivals and however late processes wake: never more than one call above the pace in any sliding second", () => {
    const gap = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 40, noNaN: true }), fc.double({ min: 0, max: 3_000, noNaN: true }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 0.1, 1), asksOf(150, gap), (callsPerSecond, width, stays, asks) => {
        const { places, departures } = leaveAll(callsPerSecond, width, asks, stays);
        expect(mostInOneSecond(departures)).toBeLessThanOrEqual(callsPerSecond + 1);
        for (const [index, placeMs] of places.entries()) {
          const before = places[index - 1];
          if (before !== undefined) expect(placeMs - before).toBeGreaterThanOrEqual(closestMs(callsPerSecond) - 1e-6);
        }
      }),
      { numRuns: 150, seed: 16 },
    );
  });

  test("R1.6 at 30 a second for a minute with always more to place: at most 31 in any second, mean within 1 %, though some wake too late", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seededRandom(seed);
        // One in a hundred is held up for longer than the tolerance; the others by the usual few milliseconds.
        const asks = Array.from({ length: 1_801 }, (_, n) => ({ gapMs: 0, lateMs: n % 100 === 50 ? 25 + random.fraction() * 100 : random.fraction() * 8 }));
        const { departures } = leaveAll(30, 32, asks);
        expect(mostInOneSecond(departures)).toBeLessThanOrEqual(31);
        expect(Math.abs(meanPerSecond(departures) / 30 - 1)).toBeLessThanOrEqual(0.01);
      }),
      { numRuns: 100, seed: 30 },
    );
  });

  test("what was lost is made up for slowly, at most half a second of it, and never after idleness", () => {
    const flows = [carrierFlow(10)];
    const take = (state: PaceState, fromMs: number): { sendMs: number; state: PaceState } => {
      const sendMs = nextSendMs(flows, state, fromMs);
      return { sendMs, state: new Map(afterSend(flows, state, sendMs).map(({ key, ...pace }) => [key, pace])) };
    };
    const first = take(new Map(), 0);
    const onTime = take(first.state, 0);
    expect(onTime.sendMs).toBeCloseTo(100);
    let lost = onTime.state;
    for (let n = 0; n < 20; n += 1) lost = afterLoss(flows, lost);
    const next = take(lost, 0);
    expect(next.sendMs).toBeCloseTo(100 + closestMs(10));
    let { state } = next;
    let sendMs = 0;
    for (let n = 0; n < 2_000; n += 1) ({ sendMs, state } = take(state, 0));
    expect(sendMs / 100 - 2_002).toBeCloseTo(-5, 0);
    const idle = take(first.state, 60_000);
    expect(take(idle.state, 0).sendMs).toBeCloseTo(60_100);
  });

  test("a limiter that is off lets nobody take another place", () => {
    expect(toleranceMs(1_000_000)).toBe(Number.POSITIVE_INFINITY);
    expect(toleranceMs(30)).toBeGreaterThan(17);
    expect(toleranceMs(1)).toBe(250);
  });
});
