/** A job as it lies in the store. */
export interface StoredJob {
  /** Adding a job whose id is already there changes nothing. Never all digits, never with a colon. */
  id: string;
  name: string;
  data: unknown;
}

/** Where jobs are added. */
export interface JobAdder {
  add(jobs: readonly StoredJob[]): Promise<void>;
  close(): Promise<void>;
}

/** Somebody who takes jobs, as long as it is not closed. */
export interface JobTaker {
  /** Takes no further job; resolves when those running are done, or at once when forced. */
  close(options: { force: boolean }): Promise<void>;
}

/** A database that BullMQ can keep jobs in. Connections report their troubles to `onError`; both ends reconnect by themselves. */
export interface QueueStore {
  readonly name: "postgres" | "redis";
  /** Makes the store ready, or throws a `VendorError` of kind "queue" that says why it cannot be used. */
  prepare(): Promise<void>;
  openAdder(queueName: string, onError: (error: Error) => void): JobAdder;
  openTaker(queueName: string, options: TakerOptions): JobTaker;
}

export interface TakerOptions {
  concurrency: number;
  /** Runs one job. Whatever it throws ends the job: a job is never tried twice. */
  run(job: { name: string; data: unknown }): Promise<void>;
  onError(error: Error): void;
}

/**
 * How every job is kept, on both stores: tried once, forgotten when it ends. `maxStalledCount: 0` makes a job whose worker died
 * fail instead of running again: Postgres decides what is tried again, not the queue.
 */
export const jobRules = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;
export const takerRules = {
  maxStalledCount: 0,
  /** Seconds an idle worker waits for a job in one go. */
  drainDelay: 5,
  /** Milliseconds after which a failed fetch is tried again; the library waits 15 s by itself. */
  runRetryDelay: 1_000,
} as const;

/** How soon a dead worker's jobs are given up. Until then their ids cannot be announced again, so it is short. */
export interface LockTiming {
  /** A worker renews its locks twice in this time. */
  lockMs: number;
  /** How often locks that ran out are looked for. */
  checkEveryMs: number;
}

export const usualLockTiming: LockTiming = { lockMs: 15_000, checkEveryMs: 5_000 };
