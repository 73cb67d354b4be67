import type { Clock, Timer } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";

export interface Loop {
  /** Starts no further run and resolves when the one under way is over. */
  stop(): Promise<void>;
}

/**
 * Runs work again and again, `everyMs` after the end of the last run, never twice at once. A run that fails is logged and
 * the next one comes as usual.
 */
export function repeat(deps: { clock: Clock; log: Log }, name: string, everyMs: number, work: () => Promise<unknown>): Loop {
  let stopped = false;
  let timer: Timer | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      deps.log.error("a background run failed; it is repeated", { loop: name, error });
    }
    if (!stopped) schedule();
  };
  const schedule = (): void => {
    timer = deps.clock.setTimer(everyMs, () => {
      running = run();
    });
  };
  schedule();
  return {
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
    },
  };
}
