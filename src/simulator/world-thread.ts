import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { WorldLatencies } from "./world-latencies.ts";

/** What a phone world in a thread of its own is told at its start; plain values only. */
export interface WorldThreadOptions {
  accountSid: string;
  authToken: string;
  callsPerSecond: number;
  seed: number;
  /** The clock: its reading at the system's `atSystemMs`, and how much faster than real time it runs. */
  clock: { startMs: number; atSystemMs: number; rate: number };
}

/** What its ledger came to. */
export interface WorldSummary {
  calls: number;
  rang: number;
  errors: readonly { code: string; detail: string }[];
  latencies: WorldLatencies;
}

/** A phone world that shares neither memory nor processor with the service under test. */
export interface WorldThread {
  /** "http://127.0.0.1:PORT" */
  origin: string;
  /** Moves its clock forward. */
  jumpTo(epochMs: number): void;
  summary(): Promise<WorldSummary>;
  close(): Promise<void>;
}

const started = z.object({ kind: z.literal("started"), origin: z.string() });
const ms = z.number().nullable();
const summed = z.object({
  kind: z.literal("summary"),
  summary: z.object({
    calls: z.number(),
    rang: z.number(),
    errors: z.array(z.object({ code: z.string(), detail: z.string() })),
    latencies: z.object({
      replies: z.object({ turns: z.number(), p50Ms: ms, p95Ms: ms }),
      vendors: z.object({ endOfTurnMs: ms, firstTokenMs: ms, firstSoundMs: ms }),
    }),
  }),
});

/** Starts the phone world in a worker thread and waits until it listens. */
export async function startWorldThread(options: WorldThreadOptions): Promise<WorldThread> {
  const worker = new Worker(new URL("./world-worker.ts", import.meta.url), { workerData: options });
  const { origin } = await nextMessage(worker, started);
  return {
    origin,
    jumpTo: (epochMs) => worker.postMessage({ kind: "jump", epochMs }),
    async summary() {
      const answer = nextMessage(worker, summed);
      worker.postMessage({ kind: "summary" });
      return (await answer).summary;
    },
    close: async () => void (await worker.terminate()),
  };
}

function nextMessage<T>(worker: Worker, shape: z.ZodType<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (message: unknown) => {
      worker.off("error", reject);
      const reading = shape.safeParse(message);
      if (reading.success) resolve(reading.data);
      else reject(reading.error);
    });
  });
}
