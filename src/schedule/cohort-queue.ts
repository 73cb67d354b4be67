/** A number of contacts, as an expectation and so not always whole, that stand alike: tried so often, due from then on. */
export interface Cohort {
  count: number;
  attempts: number;
  /** Attempts made on `day` (days since 1970, IST). */
  attemptsToday: number;
  day: number;
  dueMs: number;
}

export interface CohortQueue {
  /** Takes up to `limit` contacts that are due: retries, the longest due first, then fresh ones. */
  take(atMs: number, limit: number): Cohort | undefined;
  add(cohort: Cohort): void;
  /** When the next one falls due; undefined when the queue is empty. */
  nextDueMs(): number | undefined;
  /** Contacts still in it. */
  total(): number;
}

/** A list of `contacts` fresh ones, due at once, and of those that come back into it. */
export function cohortQueue(contacts: number, nowMs: number): CohortQueue {
  const fresh: Cohort = { count: contacts, attempts: 0, attemptsToday: 0, day: 0, dueMs: nowMs };
  /** Kept in the order of `dueMs`; cohorts that stand alike are one. */
  const retries: Cohort[] = [];
  let total = contacts;

  const takeFrom = (cohort: Cohort, limit: number): Cohort => {
    const count = Math.min(cohort.count, limit);
    cohort.count -= count;
    total -= count;
    return { ...cohort, count };
  };

  return {
    take(atMs, limit) {
      if (limit <= 1e-9) return undefined;
      while (retries[0] && retries[0].count <= 1e-9) retries.shift();
      const first = retries[0];
      if (first && first.dueMs <= atMs) return takeFrom(first, limit);
      return fresh.count > 1e-9 ? takeFrom(fresh, limit) : undefined;
    },
    add(cohort) {
      if (cohort.count <= 1e-9) return;
      total += cohort.count;
      let at = retries.length;
      while (at > 0 && (retries[at - 1]?.dueMs ?? 0) > cohort.dueMs) at -= 1;
      for (let before = at - 1; before >= 0 && retries[before]?.dueMs === cohort.dueMs; before -= 1) {
        const same = retries[before];
        if (same && same.attempts === cohort.attempts && same.attemptsToday === cohort.attemptsToday && same.day === cohort.day) {
          same.count += cohort.count;
          return;
        }
      }
      retries.splice(at, 0, { ...cohort });
    },
    nextDueMs: () => (fresh.count > 1e-9 ? fresh.dueMs : retries.find((cohort) => cohort.count > 1e-9)?.dueMs),
    total: () => total,
  };
}
