import type { ChildProcess } from "node:child_process";
import type { RunningClock } from "../../src/adapters/system/clock.ts";
import { pause } from "../../src/domain/clock.ts";
import type { ChaosDialerMessage } from "../support/chaos-dialer.ts";

/** Tells the survivor something, and resolves when it has done it. */
export async function tell(survivor: ChildProcess, message: ChaosDialerMessage): Promise<void> {
  const done = Promise.withResolvers<void>();
  const died = (): void => done.reject(new Error("the process that was to take over ended"));
  survivor.once("message", () => done.resolve());
  survivor.once("exit", died);
  survivor.send(message);
  await done.promise;
  survivor.off("exit", died);
}

/** Time in which calls are placed runs evenly: a placing that sleeps through a jump gives its attempt back. */
const evenMs = 240_000;

/**
 * Lets time pass for the carrier and the survivor. What lies between an even beginning and an even end, when nobody does
 * anything but wait for the last look at an attempt without a trace, is passed in jumps, no faster than the survivor works.
 */
export async function passTime(ms: number, clock: RunningClock, survivor: ChildProcess): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  const byMs = 2_000;
  await pause(clock, Math.min(ms, evenMs));
  while (clock.nowMs() < untilMs - evenMs) {
    clock.jumpTo(clock.nowMs() + byMs);
    await tell(survivor, { kind: "jump", byMs });
    await pause(clock, 200);
  }
  await pause(clock, untilMs - clock.nowMs());
}
