import { openSimDatabase } from "./open-sim-database.ts";
import { runSeed, SeedFailed } from "./run-seed.ts";
import type { SeedAnswer } from "./seed-worker.ts";

// Runs the seeds it is sent until nobody listens any more.
const database = openSimDatabase(process.argv[2] ?? "");
const answer = (said: SeedAnswer): void => void process.send?.(said);

process.on("message", (seed: number) => {
  runSeed(database, seed).then(
    (report) => answer({ kind: "report", report }),
    (error: unknown) => {
      const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
      answer(error instanceof SeedFailed ? { kind: "failed", message: error.message } : { kind: "broken", message: words });
    },
  );
});
// At once: a run under way has nobody to answer to and would keep a core busy until its end.
process.on("disconnect", () => process.exit(0));
