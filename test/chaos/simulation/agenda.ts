import { type Clock, istFromMs, type Timer } from "../../../src/domain/clock.ts";

/** Whoever can die: a process of the deployment, or the world outside, which cannot. */
export interface Owner {
  readonly name: string;
}

/** Virtual time, and everything that will happen in it. One thing runs at a time, so a run repeats exactly. */
export interface Agenda {
  nowMs(): number;
  /** Does something at an instant. It belongs to the owner and does not happen once the owner is forgotten. */
  at(atMs: number, owner: Owner, what: string, run: () => Promise<void>): void;
  /**
   * A clock for the owner's code, ahead of the agenda by `offsetMs`. A task that waits on it is put aside until then, and
   * for `stallMs` longer: a process that was swapped out.
   */
  clockFor(owner: Owner, offsetMs: number, stallMs?: () => number): Clock;
  /** Drops everything an owner still had to do: tasks put aside stay where they are, for ever. */
  forget(owner: Owner): void;
  /** The task running now never goes on: its process died at this very point. */
  dieHere(): Promise<never>;
  /** Does what is due until the instant, in order; `after` runs after each thing with its name. */
  runUntil(endMs: number, after: (what: string) => Promise<void>): Promise<void>;
}

interface Entry {
  atMs: number;
  order: number;
  owner: Owner;
  what: string;
  run: () => Promise<void>;
}

/** A chain of awaits that started as one entry. It is quiet when it has ended or waits for an instant. */
interface Task {
  ended: Promise<void>;
  becomesQuiet: () => void;
}

export function newAgenda(startMs: number): Agenda {
  let nowMs = startMs;
  let order = 0;
  let entries: Entry[] = [];
  let current: Task | undefined;

  const add = (atMs: number, owner: Owner, what: string, run: () => Promise<void>): Entry => {
    const entry = { atMs: Math.max(atMs, nowMs), order: order++, owner, what, run };
    entries.push(entry);
    return entry;
  };
  const take = (endMs: number): Entry | undefined => {
    let next: Entry | undefined;
    for (const entry of entries) {
      if (entry.atMs <= endMs && (!next || entry.atMs < next.atMs || (entry.atMs === next.atMs && entry.order < next.order))) next = entry;
    }
    entries = entries.filter((entry) => entry !== next);
    return next;
  };
  const untilQuiet = async (task: Task, go: () => void): Promise<void> => {
    const quiet = new Promise<void>((resolve) => {
      task.becomesQuiet = resolve;
    });
    current = task;
    go();
    await Promise.race([task.ended, quiet]);
    current = undefined;
  };

  return {
    nowMs: () => nowMs,
    at(atMs, owner, what, run) {
      add(atMs, owner, what, async () => {
        const task: Task = { ended: Promise.resolve(), becomesQuiet: () => undefined };
        await untilQuiet(task, () => {
          task.ended = run();
        });
      });
    },
    clockFor: (owner, offsetMs, stallMs = () => 0) => ({
      nowMs: () => nowMs + offsetMs,
      now: () => istFromMs(Math.floor(nowMs + offsetMs)),
      setTimer(delayMs, fire): Timer {
        const task = current;
        if (!task) throw new Error("expected a running task to set the timer");
        const entry = add(nowMs + Math.max(0, delayMs) + stallMs(), owner, "", () => untilQuiet(task, fire));
        task.becomesQuiet();
        return {
          cancel: () => {
            entries = entries.filter((each) => each !== entry);
          },
        };
      },
    }),
    forget(owner) {
      entries = entries.filter((entry) => entry.owner !== owner);
    },
    dieHere() {
      current?.becomesQuiet();
      return new Promise<never>(() => undefined);
    },
    async runUntil(endMs, after) {
      for (let entry = take(endMs); entry; entry = take(endMs)) {
        nowMs = Math.max(nowMs, entry.atMs);
        await entry.run();
        await after(entry.what);
      }
      nowMs = endMs;
    },
  };
}
