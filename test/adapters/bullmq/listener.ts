import type { AttemptId } from "../../../src/domain/ids.ts";
import type { JobHandlers } from "../../../src/domain/jobs.ts";

/** Handlers that keep what they were given and let a test wait for it. */
export interface Listener {
  handlers: JobHandlers;
  placed: AttemptId[];
  probes: number;
  /** Resolves when the handler was called for so many attempts in all. */
  whenPlaced(count: number): Promise<void>;
  whenProbed(count: number): Promise<void>;
}

/** `meanwhile` runs inside the handler, before the attempt counts as placed. */
export function listener(meanwhile: (attemptId: AttemptId) => Promise<void> = () => Promise.resolve()): Listener {
  const waiting = new Set<() => void>();
  const until = (reached: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!reached()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const told = (): void => [...waiting].forEach((look) => look());
  const self: Listener = {
    placed: [],
    probes: 0,
    handlers: {
      place_attempt: async ({ attemptId }) => {
        await meanwhile(attemptId);
        self.placed.push(attemptId);
        told();
      },
      probe: () => {
        self.probes += 1;
        told();
        return Promise.resolve();
      },
    },
    whenPlaced: (count) => until(() => self.placed.length >= count),
    whenProbed: (count) => until(() => self.probes >= count),
  };
  return self;
}
