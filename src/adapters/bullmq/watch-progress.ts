import type { Clock } from "../../domain/clock.ts";

export interface WatchDeps {
  clock: Clock;
  lastProgressMs(): number | null;
  /** Sends a job through the queue. */
  probe(): Promise<void>;
  /** Opens both ends of the queue anew. */
  reopen(): void;
  onProbeFailed(error: Error): void;
}

export interface Watch {
  stop(): void;
}

/** Nothing came through for so long: a probe is sent. */
export const probeAfterMs = 5_000;
const lookEveryMs = 1_000;
/** Neither did the probes: the ends of the queue are opened anew, and again after as long. */
export const reopenAfterMs = 20_000;

/** Looks once a second whether jobs come through, and acts when they do not. */
export function startWatch(deps: WatchDeps): Watch {
  const { clock } = deps;
  let freshMs = clock.nowMs();
  let probedMs = 0;
  let stopped = false;
  let timer = clock.setTimer(0, () => look());
  const look = (): void => {
    if (stopped) return;
    const nowMs = clock.nowMs();
    freshMs = Math.max(freshMs, deps.lastProgressMs() ?? 0);
    if (nowMs - freshMs >= reopenAfterMs) {
      freshMs = nowMs;
      deps.reopen();
    }
    if (nowMs - Math.max(deps.lastProgressMs() ?? 0, probedMs) >= probeAfterMs) {
      probedMs = nowMs;
      deps.probe().catch((error: unknown) => deps.onProbeFailed(error instanceof Error ? error : new Error(String(error))));
    }
    timer = clock.setTimer(lookEveryMs, look);
  };
  return {
    stop() {
      stopped = true;
      timer.cancel();
    },
  };
}
