import { pause } from "../domain/clock.ts";
import { planTick } from "./plan-tick.ts";
import type { PlannerDeps } from "./ports.ts";

export interface Planner {
  /** Plans nothing more; resolves when the tick under way is over. */
  stop(): Promise<void>;
}

const tickEveryMs = 500;
/** After a tick that failed, so that a database that is away is not asked twice a second. */
const tickAfterFailureMs = 2_000;

/** Ticks until stopped. A tick that fails, or is not over in time, is logged and the next one tries again. */
export function startPlanner(deps: PlannerDeps): Planner {
  const stopping = new AbortController();
  const pulse = deps.liveness?.loop("planner", { vital: true });
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const worked = await tick();
      await pause(deps.clock, worked ? tickEveryMs : tickAfterFailureMs, stopping.signal);
    }
  };
  const tick = async (): Promise<boolean> => {
    try {
      await (pulse ? pulse.run(() => planTick(deps)) : planTick(deps));
      return true;
    } catch (error) {
      deps.log.error("a tick of the planner failed", { error });
      return false;
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
      pulse?.end();
    },
  };
}
