import type { Clock, Timer } from "../../domain/clock.ts";

/** Pieces on their way to a peer. Pieces of one lane keep their order; lanes do not wait for each other. */
export interface Outbox<Piece> {
  /** Puts a piece in; it leaves `delayMs` from now, or right after the one before it in its lane when that is later. */
  put(piece: Piece, delayMs?: number, lane?: string): void;
  /** Runs `then` when everything put in so far has left. */
  afterAll(then: () => void): void;
  /** Throws away what has not left. */
  discard(): void;
  /** How many pieces have not left yet. */
  readonly waiting: number;
}

interface Entry {
  dueMs: number;
  run: () => void;
}

/** An outbox that hands its pieces to `deliver` on the clock. */
export function outbox<Piece>(clock: Clock, deliver: (piece: Piece) => void): Outbox<Piece> {
  let queue: Entry[] = [];
  const laneEndMs = new Map<string, number>();
  let timer: Timer | undefined;
  let draining = false;

  const drain = (): void => {
    timer?.cancel();
    timer = undefined;
    draining = true;
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      const waitMs = first.dueMs - clock.nowMs();
      if (waitMs > 0) {
        timer = clock.setTimer(waitMs, drain);
        break;
      }
      queue.shift();
      first.run();
    }
    draining = false;
  };

  const add = (entry: Entry): void => {
    const at = queue.findIndex((other) => other.dueMs > entry.dueMs);
    queue.splice(at === -1 ? queue.length : at, 0, entry);
    if (!draining && queue[0] === entry) drain();
  };

  return {
    put(piece, delayMs = 0, lane = "") {
      const dueMs = Math.max(clock.nowMs() + delayMs, laneEndMs.get(lane) ?? 0);
      laneEndMs.set(lane, dueMs);
      add({ dueMs, run: () => deliver(piece) });
    },
    afterAll: (run) => add({ dueMs: Math.max(clock.nowMs(), queue.at(-1)?.dueMs ?? 0), run }),
    discard() {
      timer?.cancel();
      timer = undefined;
      queue = [];
    },
    get waiting() {
      return queue.length;
    },
  };
}
