import type { Clock } from "../../domain/clock.ts";
import { rateLimited } from "./rate-limit.ts";

/** Slows down whoever tries keys: a few failures per address and minute, counted in this process. */
export interface FailedLogins {
  /** Refuses 429 when the address has failed too often of late. */
  check(address: string): void;
  note(address: string): void;
}

const windowMs = 60_000;
const mostFailures = 30;
const mostAddresses = 10_000;

export function failedLogins(clock: Clock): FailedLogins {
  const failures = new Map<string, { sinceMs: number; count: number }>();
  return {
    check(address) {
      const found = failures.get(address);
      const leftMs = found ? found.sinceMs + windowMs - clock.nowMs() : 0;
      if (found && leftMs > 0 && found.count >= mostFailures) throw rateLimited(leftMs);
    },
    note(address) {
      const nowMs = clock.nowMs();
      const found = failures.get(address);
      if (found && found.sinceMs + windowMs > nowMs) found.count += 1;
      else failures.set(address, { sinceMs: nowMs, count: 1 });
      if (failures.size > mostAddresses) failures.delete(failures.keys().next().value ?? address);
    },
  };
}
