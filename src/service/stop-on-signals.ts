import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { Service } from "./start-service.ts";

export interface StopDeps {
  service: Pick<Service, "drain" | "endCalls">;
  log: Log;
  /** Real time. */
  clock: Clock;
  /** How long live calls may go on, in milliseconds. */
  drainMs: number;
  exit(code: number): void;
}

/** What a drain may take beyond the calls it waits for; whoever is not done by then waits for something that never comes. */
const graceMs = 60_000;

/**
 * What SIGTERM and SIGINT do: the first drains, a further one ends live calls with a goodbye. A process that cannot end by
 * itself, because a connection it waits for is dead, ends with code 1 a minute after it should have.
 */
export function stopOnSignals(deps: StopDeps): (signal: string) => void {
  const { service, log, clock } = deps;
  const endWithin = (ms: number): void => {
    clock.setTimer(ms, () => {
      log.error("the process could not come to its end and is ended; attempts under way are taken over by others", { afterMs: ms });
      deps.exit(1);
    });
  };
  let signals = 0;
  return (signal) => {
    signals += 1;
    if (signals > 1) {
      log.warn("asked again to stop: live calls are ended with a goodbye", { signal });
      service.endCalls();
      if (signals === 2) endWithin(graceMs);
      return;
    }
    log.info("stopping: no new calls, live calls go on to their end", { signal });
    endWithin(deps.drainMs + graceMs);
    service.drain().then(
      () => deps.exit(0),
      (error: unknown) => {
        log.error("stopping failed", { error });
        deps.exit(1);
      },
    );
  };
}
