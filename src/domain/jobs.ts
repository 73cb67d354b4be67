import { z } from "zod";
import type { AttemptId } from "./ids.ts";

/**
 * The job catalogue: every message that may travel through the queue. A job only wakes somebody up; Postgres
 * decides what is to be done, so a job lost, doubled or late changes nothing but the moment.
 * Payloads carry ids only. A job without a handler is a type error (`JobHandlers`).
 */
export const jobs = {
  /** A planned attempt is due: pass the gate, take a slot, place the call. */
  place_attempt: z.strictObject({ attemptId: z.uuid().transform((id) => id as AttemptId) }),
  /** Nothing to do: it proves that the queue still delivers. */
  probe: z.strictObject({ sentAtMs: z.number() }),
} as const;

export type JobName = keyof typeof jobs;
export type JobPayload<N extends JobName> = z.infer<(typeof jobs)[N]>;
export type JobHandlers = { [N in JobName]: (payload: JobPayload<N>) => Promise<void> };

/** Where due work is announced. Implementations: BullMQ on Postgres, BullMQ on Redis. */
export interface JobQueue {
  /** Announces a batch of planned attempts; announcing one twice is harmless. */
  announce<N extends JobName>(name: N, payloads: readonly JobPayload<N>[]): Promise<void>;
  /** Begins delivering jobs to the handlers, at most `concurrency` at once. */
  start(handlers: JobHandlers, concurrency: number): Promise<void>;
  /** Stops taking jobs; resolves when those running are done. */
  stop(): Promise<void>;
  /** Milliseconds since a job last went through, before the first since it was started, null before that: liveness is judged by progress. */
  msSinceProgress(): number | null;
}
