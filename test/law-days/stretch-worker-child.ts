import { openDatabase } from "../../src/db/database.ts";
import { openSimDatabase } from "../chaos/simulation/open-sim-database.ts";
import { runStretch } from "./run-stretch.ts";
import { lawDefects } from "./seeded-defects.ts";
import type { StretchAnswer, StretchOrder } from "./stretch-worker.ts";

// Runs the stretches it is sent until nobody listens any more.
const url = process.argv[2] ?? "";
const database = openSimDatabase(url);
const lists = openDatabase(url, { maxConnections: 1 });
const answer = (said: StretchAnswer): void => {
  if (process.connected) process.send?.(said);
};

async function run({ seed, stretch, defect }: StretchOrder): Promise<StretchAnswer> {
  const undo = lawDefects.find(({ name }) => name === defect)?.make();
  try {
    return { report: await runStretch({ database, lists }, { seed, stretch }), broken: null };
  } catch (error) {
    return { report: null, broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    undo?.();
  }
}

process.on("message", (order: StretchOrder) => void run(order).then(answer));
// At once: a run under way has nobody to answer to and would keep a core busy until its end.
process.on("disconnect", () => process.exit(0));
