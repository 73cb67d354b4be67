import type { Clock, Timer } from "../domain/clock.ts";
import type { Liveness, LoopTraits } from "../domain/liveness.ts";
import type { Log } from "../domain/log.ts";

export interface Loop {
  /** Starts no further run and resolves when the one under way is over. */
  stop(): Promise<void>;
}

export interface RepeatDeps {
  clock: Clock;
  log: Log;
  /** Is told of every run; without it a run may take as long as it likes. */
  liveness?: Liveness;
}

/**
 * Runs work again and again, `everyMs` after the end of the last run, never twice at once. A run that fails is logged and
 * the next one comes as usual; so it is with one that is not over in time, which may then still be under way.
 */
export function repeat(deps: RepeatDeps, name: string, everyMs: number, work: () => Promise<unknown>, traits?: LoopTraits): Loop {
  const pulse = deps.liveness?.loop(name, traits);
  let stopped = false;
  let timer: Timer | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    try {
      await (pulse ? pulse.run(work) : work());
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
      pulse?.end();
    },
  };
}
