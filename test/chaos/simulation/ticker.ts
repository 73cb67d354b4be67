import type { Agenda, Owner } from "./agenda.ts";
import type { SimDatabase } from "./open-sim-database.ts";
import { nextWork, type WorkKind } from "./sim-database.ts";

/** What every process does again and again without being asked: planning, announcing, taking over, looking after calls. */
export interface Ticker {
  /** Something may have been written: whatever fell due is done at the next beat. */
  wake(): void;
}

export interface TickerDeps {
  agenda: Agenda;
  owner: Owner;
  database: SimDatabase;
  run(kind: WorkKind): Promise<void>;
  /** From then on nothing new is planned. */
  lastPlanMs: number;
}

/** The loops of the product look every half second to ten seconds; the slowest of them sets the beat here. */
const beatMs = 10_000;

/** Beats only while there is something to do: between the beats of a quiet night nothing runs and no time passes. */
export function newTicker({ agenda, owner, database, run, lastPlanMs }: TickerDeps): Ticker {
  let nextMs = Number.POSITIVE_INFINITY;
  let writesSeen = -1;
  const beatAfter = (ms: number): number => (Math.floor(ms / beatMs) + 1) * beatMs;
  const tickAt = (atMs: number): void => {
    if (atMs >= nextMs) return;
    nextMs = atMs;
    agenda.at(atMs, owner, "tick", () => tick(atMs));
  };
  const tick = async (atMs: number): Promise<void> => {
    if (atMs !== nextMs) return;
    nextMs = Number.POSITIVE_INFINITY;
    writesSeen = database.writes;
    const work = Object.entries(await nextWork(database)) as [WorkKind, number][];
    const due = work.filter(([kind]) => kind !== "plan" || atMs <= lastPlanMs);
    for (const [kind, dueMs] of due) if (dueMs <= atMs) await run(kind);
    const earliestMs = Math.min(...due.map(([, dueMs]) => dueMs));
    if (Number.isFinite(earliestMs)) tickAt(beatAfter(Math.max(atMs, earliestMs - 1)));
  };
  return {
    wake() {
      if (database.writes !== writesSeen) tickAt(beatAfter(agenda.nowMs()));
    },
  };
}
