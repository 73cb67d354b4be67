import { fork } from "node:child_process";
import { SeedFailed, type SeedReport } from "./run-seed.ts";

/** A process that runs seeds, one after the other, on a database of its own. */
export interface SeedWorker {
  /** Throws `SeedFailed` with the process's own words. */
  run(seed: number): Promise<SeedReport>;
  stop(): Promise<void>;
}

/** What the process answers to the number of a seed. */
export type SeedAnswer = { kind: "report"; report: SeedReport } | { kind: "failed"; message: string } | { kind: "broken"; message: string };

const program = new URL("./seed-worker-child.ts", import.meta.url).pathname;
/** Seeds make little that lasts: a large nursery and a collector without threads of its own leave the cores to the work. */
const execArgv = ["--max-semi-space-size=64", "--single-threaded-gc"];

export function startSeedWorker(databaseUrl: string): SeedWorker {
  const child = fork(program, [databaseUrl], { execArgv, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    async run(seed) {
      const answer = await new Promise<SeedAnswer>((resolve, reject) => {
        child.once("message", resolve);
        void gone.then(() => reject(new Error(`the process that ran seed ${seed} ended`)));
        child.send(seed);
      });
      if (answer.kind === "report") return answer.report;
      throw answer.kind === "failed" ? new SeedFailed(answer.message) : new Error(answer.message);
    },
    async stop() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}
