import { expect, it } from "vitest";
import { stopOnSignals } from "../../src/service/stop-on-signals.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";

function process(drain: () => Promise<void>) {
  const clock = manualClock("2026-12-01T11:00");
  const exits: number[] = [];
  let endings = 0;
  const onSignal = stopOnSignals({ service: { drain, endCalls: () => void (endings += 1) }, log: silentLog, clock, drainMs: 600_000, exit: (code) => void exits.push(code) });
  return { clock, exits, onSignal, endings: () => endings };
}
const never = () => new Promise<void>(() => undefined);

it("a process that drained ends well, and one that cannot drain says so", async () => {
  const good = process(() => Promise.resolve());
  good.onSignal("SIGTERM");
  await good.clock.advanceAsync(0);
  expect(good.exits).toEqual([0]);
  const bad = process(() => Promise.reject(new Error("the database is away")));
  bad.onSignal("SIGTERM");
  await bad.clock.advanceAsync(0);
  expect(bad.exits).toEqual([1]);
});

it("a drain that never ends is ended a minute after the last call should have", () => {
  const { clock, exits, onSignal } = process(never);
  onSignal("SIGTERM");
  clock.advance(659_999);
  expect(exits).toEqual([]);
  clock.advance(1);
  expect(exits).toEqual([1]);
});

it("after a second signal the goodbyes have a minute", () => {
  const { clock, exits, onSignal, endings } = process(never);
  onSignal("SIGTERM");
  onSignal("SIGTERM");
  expect(endings()).toBe(1);
  clock.advance(59_999);
  onSignal("SIGTERM");
  expect(exits).toEqual([]);
  clock.advance(1);
  expect(exits).toEqual([1]);
});
