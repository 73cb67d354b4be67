import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { benchServer } from "../bench/bench-database.ts";
import { testRedis } from "../support/redis.ts";
import { claimRace } from "./claim-race.ts";
import { allCells, runMatrix } from "./crash-matrix.ts";
import { drainUnderCalls } from "./drain.ts";
import { runDefects } from "./run-defects.ts";
import { killDialers } from "./killed-dialers.ts";
import { simulate } from "./simulate.ts";

const usage = `npm run chaos                                          the whole proof: all of the following, one after the other
npm run chaos -- simulate [--seeds 500] [--from 1]     days of a simulated deployment, eight promises checked after every step
npm run chaos -- repeat [--seeds 100] [--from 1]       each seed again, the last first: it must come out exactly as before
npm run chaos -- defects [--seeds 100] [--only text]    twenty seeded defects, each of which the simulation must catch
npm run chaos -- bars [--only R3.5]                    tests of the suite at the size their bars are meant for
npm run chaos -- claims [--contacts 20000]             sixteen dispatchers in a race for every contact
npm run chaos -- drain [--calls 50]                    the service asked to stop under live calls, once and a second time
npm run chaos -- kills [--contacts 5000]               dialers of the service killed every two seconds while a list is called
npm run chaos -- crash [--seeds 20] [--from 1] [--rate 40]
                                                       real processes killed at every named point under every fault of the carrier`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string" }, from: { type: "string" }, rate: { type: "string" }, only: { type: "string" }, calls: { type: "string" }, contacts: { type: "string" } },
});
const number = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Number(text));

/** Each says what it found and answers whether every promise was kept; a simulated seed that fails throws, and says which. */
const proofs: Readonly<Record<string, () => Promise<boolean>>> = { simulate: simulation, repeat, defects, bars, claims, drain, kills, crash };

const [wanted] = positionals;
const chosen = wanted === undefined ? Object.values(proofs) : [proofs[wanted]];
for (const proof of chosen) {
  if (!proof) console.error(usage);
  if (!(await proof?.())) process.exitCode = 1;
}

async function simulation(): Promise<boolean> {
  const { reports, tookMs } = await simulate({
    from: number(values.from, 1),
    seeds: number(values.seeds, 500),
    onSeed: ({ seed, calls, steps, trace }) => console.log(`seed ${seed}: ${calls} calls, ${steps} steps, trace ${trace.slice(0, 12)}`),
  });
  const calls = reports.reduce((sum, report) => sum + report.calls, 0);
  console.log(`${reports.length} seeds, ${calls} calls, 0 promises broken, ${(tookMs / 1_000).toFixed(1)} s (${(tookMs / reports.length).toFixed(0)} ms each)`);
  return true;
}

/** Whatever ran before it on its database, and whatever runs beside it, a seed is one story. */
async function repeat(): Promise<boolean> {
  const from = number(values.from, 1);
  const seeds = number(values.seeds, 100);
  const forth = await simulate({ from, seeds });
  const back = await simulate({ from, seeds, backwards: true });
  const differ = forth.reports.filter(({ trace }, index) => back.reports[index]?.trace !== trace).map(({ seed }) => seed);
  console.log(`${seeds} seeds run twice, ${differ.length} came out differently${differ.length > 0 ? `: ${differ.join(", ")}` : ""}`);
  return differ.length === 0;
}

async function defects(): Promise<boolean> {
  const verdicts = await runDefects({
    only: values.only,
    seeds: number(values.seeds, 100),
    onVerdict: ({ defect, caught, said }) => console.log(`${caught ? "caught" : "MISSED"}  ${defect.name}\n        ${said}`),
  });
  const caught = verdicts.filter((verdict) => verdict.caught).length;
  console.log(`${caught} of ${verdicts.length} seeded defects caught`);
  return caught === verdicts.length;
}

/** R2.7 a thousand permutations, R3.5 a hundred thousand commands. */
function bars(): Promise<boolean> {
  const names = values.only ?? "R2\\.7|R3\\.5";
  const child = spawn("npx", ["vitest", "run", "test/dial", "-t", names], { env: { ...process.env, LONG_FORM: "1" }, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0));
  });
}

async function claims(): Promise<boolean> {
  const server = await benchServer();
  try {
    const report = await claimRace(await server.open("claims"), { dispatchers: 16, contacts: number(values.contacts, 20_000) });
    const { claimsPerSecond, claimP99Ms, ...found } = report;
    console.log(`${JSON.stringify(found)}, ${claimsPerSecond.toFixed(0)} claims a second, p99 ${claimP99Ms.toFixed(0)} ms`);
    return report.rungTwice + report.claimedTwice === 0 && report.calls === report.contacts;
  } finally {
    await server.close();
  }
}

async function drain(): Promise<boolean> {
  const liveCalls = number(values.calls, 50);
  const server = await benchServer();
  try {
    const once = await drainUnderCalls({ databaseUrl: (await server.open("drain_once")).url, liveCalls, hangUpAfterMs: 15_000 });
    console.log(`SIGTERM under ${once.live} live calls, ${once.waiting} people waiting: ${once.cut.length} cut, ${once.placedLate} placed later than a second after, ${once.failedWebhooks} webhooks unanswered, exit ${once.exitCode} after ${(once.tookMs / 1_000).toFixed(1)} s`);
    const twice = await drainUnderCalls({ databaseUrl: (await server.open("drain_twice")).url, liveCalls });
    console.log(`a second SIGTERM: ${twice.cut.length} of ${twice.live} calls ended by us, ${twice.placedLate} placed late, exit ${twice.exitCode} after ${(twice.tookMs / 1_000).toFixed(1)} s`);
    return once.cut.length + once.placedLate + once.failedWebhooks + twice.placedLate === 0 && once.exitCode === 0 && twice.exitCode === 0;
  } finally {
    await server.close();
  }
}

/** Beside the undisturbed run, of which a fifth of the list says enough. */
async function kills(): Promise<boolean> {
  const contacts = number(values.contacts, 5_000);
  const server = await benchServer();
  try {
    const setting = { callsPerSecond: 20, dialers: 3 };
    const calm = await killDialers(await server.open("kills_none"), { ...setting, contacts: Math.ceil(contacts / 5) });
    const report = await killDialers(await server.open("kills"), { ...setting, contacts, killEveryMs: 2_000 });
    const share = report.callsPerSecond / calm.callsPerSecond;
    console.log(`undisturbed: ${calm.calls} calls, ${calm.callsPerSecond.toFixed(1)} a second`);
    console.log(`${report.kills} dialers killed: ${JSON.stringify(report)}, ${(share * 100).toFixed(0)} % of the undisturbed pace`);
    return report.rungTwice + report.lost + report.slotsLeaked + calm.rungTwice + calm.lost + calm.slotsLeaked === 0 && share >= 0.7;
  } finally {
    await server.close();
  }
}

/** The whole matrix, once per seed and way of taking over; every run has a database of its own. Odd seeds keep the queue in Postgres, even ones in Redis. */
async function crash(): Promise<boolean> {
  const from = number(values.from, 1);
  const server = await benchServer();
  let broken = 0;
  try {
    for (let seed = from; seed < from + number(values.seeds, 20); seed += 1) {
      for (const takeOver of ["same_node", "other_node"] as const) {
        const database = await server.open(`crash_${seed}_${takeOver}`);
        const redis = seed % 2 === 0 ? await testRedis() : undefined;
        const beganMs = performance.now();
        const report = await runMatrix(database, allCells(takeOver), { rate: number(values.rate, 40), seed, lanes: 3, ...(redis && { redis }) });
        await redis?.close();
        await database.close();
        broken += report.rungTwice.length + report.lost.length + report.slotsLeaked;
        const found = `${report.rungTwice.length} rung twice, ${report.lost.length} lost, ${report.slotsLeaked} slots leaked`;
        console.log(`seed ${seed}, ${takeOver}, queue in ${redis ? "Redis" : "Postgres"}: ${report.cells} cells, ${report.calls} calls, ${found}, ${((performance.now() - beganMs) / 1_000).toFixed(0)} s`);
        for (const line of [...report.rungTwice, ...report.lost]) console.log(`        ${line}`);
      }
    }
  } finally {
    await server.close();
  }
  return broken === 0;
}
