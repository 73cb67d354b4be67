import type { Clock } from "../../src/domain/clock.ts";
import type { CallSid } from "../../src/domain/ids.ts";
import { bytesPerMs, frameBytes, type PhoneLine, type PhoneLineListener } from "../../src/talk/ports.ts";

export interface ScriptedLine extends PhoneLine {
  /** The callee's side. */
  readonly listener: PhoneLineListener | undefined;
  /** Every byte handed over, in order. */
  readonly sent: readonly Uint8Array[];
  /** Every byte that has been played by now, what was cleared left out. */
  played(): Uint8Array;
  /** The most sound that ever waited to be played, in ms. */
  readonly mostAheadMs: number;
  readonly cleared: number;
  readonly closed: boolean;
  /** The line takes nothing until this is undone. */
  stall(stalled: boolean): void;
}

/** A phone line that plays, marks and clears as a carrier does, on the test's clock. */
export function scriptedLine(clock: Clock): ScriptedLine {
  const sent: Uint8Array[] = [];
  const queue: ({ audio: Uint8Array; startMs: number; endMs: number } | { mark: string; atMs: number })[] = [];
  const done: Uint8Array[] = [];
  let listener: PhoneLineListener | undefined;
  let freeAtMs = 0;
  let mostAheadMs = 0;
  let cleared = 0;
  let closed = false;
  let stalled = false;

  const settle = (): void => {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      if ("mark" in next) {
        if (next.atMs > clock.nowMs()) return;
        queue.shift();
        listener?.onMark(next.mark);
      } else {
        if (next.endMs > clock.nowMs()) return;
        queue.shift();
        done.push(next.audio);
      }
    }
  };
  return {
    callSid: "CA1" as CallSid,
    get listener() {
      return listener;
    },
    sent,
    get mostAheadMs() {
      return mostAheadMs;
    },
    get cleared() {
      return cleared;
    },
    get closed() {
      return closed;
    },
    played() {
      settle();
      return Buffer.concat(done);
    },
    stall: (now) => void (stalled = now),
    listen: (wanted) => void (listener = wanted),
    play(audio) {
      if (audio.length % frameBytes !== 0) throw new RangeError(`expected whole frames, got ${audio.length} bytes`);
      if (stalled) return false;
      const copy = audio.slice();
      sent.push(copy);
      const startMs = Math.max(freeAtMs, clock.nowMs());
      freeAtMs = startMs + copy.length / bytesPerMs;
      mostAheadMs = Math.max(mostAheadMs, freeAtMs - clock.nowMs());
      queue.push({ audio: copy, startMs, endMs: freeAtMs });
      clock.setTimer(freeAtMs - clock.nowMs(), settle);
      return true;
    },
    mark(name) {
      const atMs = Math.max(freeAtMs, clock.nowMs());
      queue.push({ mark: name, atMs });
      clock.setTimer(atMs - clock.nowMs(), settle);
    },
    clear() {
      cleared += 1;
      settle();
      freeAtMs = clock.nowMs();
      const marks = queue.flatMap((entry) => ("mark" in entry ? [entry.mark] : []));
      queue.length = 0;
      clock.setTimer(30, () => marks.forEach((mark) => listener?.onMark(mark)));
    },
    close: () => void (closed = true),
  };
}
