import { fork } from "node:child_process";
import type { StretchReport } from "./run-stretch.ts";

export interface StretchOrder {
  seed: number;
  stretch: number;
  /** A rule to make wrong for this stretch, by the name of the defect. */
  defect: string | null;
}

export interface StretchAnswer {
  report: StretchReport | null;
  /** Why there is no report: the simulation itself failed. */
  broken: string | null;
}

/** A process that runs stretches, one after the other, on a database of its own. */
export interface StretchWorker {
  run(order: StretchOrder): Promise<StretchReport>;
  stop(): Promise<void>;
}

const program = new URL("./stretch-worker-child.ts", import.meta.url).pathname;

export function startStretchWorker(databaseUrl: string): StretchWorker {
  const child = fork(program, [databaseUrl], { execArgv: ["--max-semi-space-size=64", "--single-threaded-gc"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    async run(order) {
      const answer = await new Promise<StretchAnswer>((resolve, reject) => {
        child.once("message", resolve);
        void gone.then(() => reject(new Error(`the process that ran stretch ${order.stretch} ended`)));
        child.send(order);
      });
      if (answer.report) return answer.report;
      throw new Error(`stretch ${order.stretch} of seed ${order.seed}: ${answer.broken ?? "no report"}`);
    },
    async stop() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}
