import type { Clock } from "../../src/domain/clock.ts";
import type { Random } from "../../src/domain/random.ts";
import type { Faults } from "./fault-proxy.ts";

/** The bytes of one connection in one direction, on their way. */
export interface Flow {
  take(bytes: Buffer): void;
  /** The sender has nothing more; told to the receiver when all before it has arrived. */
  finish(): void;
  /** From now on everything vanishes, endings too. */
  deafen(): void;
  readonly deaf: boolean;
}

export interface FlowOptions {
  clock: Clock;
  random: Random;
  /** Asked for every piece, so that faults can change while a connection lives. */
  faults: () => Faults;
  write: (bytes: Buffer) => void;
  /** Told of bytes that nobody will get. */
  vanish: (count: number) => void;
  end: () => void;
  cut: () => void;
}

/** Slow connections deliver in pieces of this long. */
const pieceMs = 20;

export function faultyFlow(options: FlowOptions): Flow {
  const { clock } = options;
  /** Nothing may arrive before this instant: what came earlier arrives earlier. */
  let freeAtMs = 0;
  let passedBytes = 0;
  let deaf = false;

  const deliver = (dueMs: number, act: () => void): void => {
    freeAtMs = Math.max(freeAtMs, dueMs);
    const waitMs = freeAtMs - clock.nowMs();
    if (waitMs <= 0) act();
    else clock.setTimer(waitMs, act);
  };
  const dueMs = (faults: Faults): number => Math.max(freeAtMs, clock.nowMs() + (faults.latencyMs ?? 0) + (faults.jitterMs ?? 0) * options.random.fraction());
  const pass = (bytes: Buffer): void => {
    if (deaf) options.vanish(bytes.length);
    else options.write(bytes);
  };
  const send = (bytes: Buffer, faults: Faults): void => {
    const { bytesPerSecond } = faults;
    if (bytesPerSecond === undefined) return deliver(dueMs(faults), () => pass(bytes));
    const pieceBytes = Math.max(1, Math.floor((bytesPerSecond * pieceMs) / 1_000));
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      const piece = bytes.subarray(from, from + pieceBytes);
      deliver(dueMs(faults) + (piece.length * 1_000) / bytesPerSecond, () => pass(piece));
    }
  };

  return {
    take(bytes) {
      const faults = options.faults();
      if (deaf || faults.blackhole) return options.vanish(bytes.length);
      const left = (faults.cutAfterBytes ?? Number.POSITIVE_INFINITY) - passedBytes;
      passedBytes += bytes.length;
      if (bytes.length <= left) return send(bytes, faults);
      if (left > 0) send(bytes.subarray(0, left), faults);
      deliver(freeAtMs, () => {
        if (!deaf) options.cut();
      });
    },
    finish() {
      if (deaf || options.faults().blackhole) return;
      deliver(freeAtMs, () => {
        if (!deaf) options.end();
      });
    },
    deafen() {
      deaf = true;
    },
    get deaf() {
      return deaf;
    },
  };
}
