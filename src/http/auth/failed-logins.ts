import type { Clock } from "../../domain/clock.ts";
import { rateLimited } from "./rate-limit.ts";

/**
 * Slows down whoever tries keys, by address and minute, counted in this process. A key that is right is never held up:
 * many operators may share one address with somebody who guesses.
 */
export interface FailedLogins {
  /** Counts a wrong key; refuses 429 when the address has sent too many of late. */
  note(address: string): void;
}

const windowMs = 60_000;
const mostFailures = 30;
const mostAddresses = 10_000;

export function failedLogins(clock: Clock): FailedLogins {
  const failures = new Map<string, { sinceMs: number; count: number }>();
  return {
    note(address) {
      const nowMs = clock.nowMs();
      const found = failures.get(address);
      const leftMs = found ? found.sinceMs + windowMs - nowMs : 0;
      if (found && leftMs > 0) {
        found.count += 1;
        if (found.count > mostFailures) throw rateLimited(leftMs);
        return;
      }
      failures.delete(address);
      failures.set(address, { sinceMs: nowMs, count: 1 });
      if (failures.size > mostAddresses) failures.delete(failures.keys().next().value ?? address);
    },
  };
}
