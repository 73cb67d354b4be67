import { parseArgs } from "node:util";
import { benchServer } from "../bench/bench-database.ts";
import { testRedis } from "../support/redis.ts";
import { allCells, runMatrix } from "./crash-matrix.ts";
import { runDefects } from "./run-defects.ts";
import { simulate } from "./simulate.ts";

const usage = `npm run chaos -- simulate [--seeds 500] [--from 1]   days of a simulated deployment, eight promises checked after every step
npm run chaos -- defects [--seeds 40] [--only text] twenty seeded defects, each of which the simulation must catch
npm run chaos -- crash [--seeds 20] [--rate 40]    real processes killed at every named point under every fault of the carrier`;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seeds: { type: "string" }, from: { type: "string" }, rate: { type: "string" }, only: { type: "string" } } });
const number = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Number(text));

switch (positionals[0] ?? "simulate") {
  case "simulate": {
    const { reports, tookMs } = await simulate({
      from: number(values.from, 1),
      seeds: number(values.seeds, 500),
      onSeed: ({ seed, calls, steps, trace }) => console.log(`seed ${seed}: ${calls} calls, ${steps} steps, trace ${trace.slice(0, 12)}`),
    });
    const calls = reports.reduce((sum, report) => sum + report.calls, 0);
    console.log(`${reports.length} seeds, ${calls} calls, 0 promises broken, ${(tookMs / 1_000).toFixed(1)} s (${(tookMs / reports.length).toFixed(0)} ms each)`);
    break;
  }
  case "defects": {
    const verdicts = await runDefects({
      only: values.only,
      seeds: number(values.seeds, 40),
      onVerdict: ({ defect, caught, said }) => console.log(`${caught ? "caught" : "MISSED"}  ${defect.name}\n        ${said}`),
    });
    const caught = verdicts.filter((verdict) => verdict.caught).length;
    console.log(`${caught} of ${verdicts.length} seeded defects caught`);
    if (caught < verdicts.length) process.exitCode = 1;
    break;
  }
  case "crash": {
    if (!(await crash(number(values.from, 1), number(values.seeds, 20), number(values.rate, 40)))) process.exitCode = 1;
    break;
  }
  default:
    console.error(usage);
    process.exitCode = 2;
}

/** The whole matrix, once per seed and way of taking over; every run has a database of its own. */
async function crash(from: number, seeds: number, rate: number): Promise<boolean> {
  const server = await benchServer();
  let broken = 0;
  try {
    for (let seed = from; seed < from + seeds; seed += 1) {
      for (const takeOver of ["same_node", "other_node"] as const) {
        const database = await server.open(`crash_${seed}_${takeOver}`);
        // Odd seeds keep the queue in Postgres, even ones in Redis.
        const redis = seed % 2 === 0 ? await testRedis() : undefined;
        const beganMs = performance.now();
        const report = await runMatrix(database, allCells(takeOver), { rate, seed, lanes: 3, ...(redis && { redis }) });
        await redis?.close();
        broken += report.rungTwice.length + report.lost.length + report.slotsLeaked;
        console.log(`seed ${seed}, ${takeOver}: ${report.cells} cells, ${report.calls} calls, ${report.rungTwice.length} rung twice, ${report.lost.length} lost, ${report.slotsLeaked} slots leaked, queue in ${redis ? "Redis" : "Postgres"}, ${((performance.now() - beganMs) / 1_000).toFixed(0)} s`);
        for (const line of [...report.rungTwice, ...report.lost]) console.log(`        ${line}`);
      }
    }
  } finally {
    await server.close();
  }
  return broken === 0;
}
