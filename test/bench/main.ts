import { writeFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type { BenchResult } from "./bench-result.ts";
import { benchTable, ratioOf } from "./bench-table.ts";
import { benchDispatch } from "./dispatch.ts";
import { benchExport } from "./export.ts";
import { benchHostile } from "./hostile.ts";
import { benchImport } from "./import.ts";
import { benchPace } from "./pace.ts";
import { benchPlanFlat } from "./plan-flat.ts";
import { benchReply } from "./reply.ts";
import { benchRules } from "./rules.ts";
import { benchScrub, fullScrubBench } from "./scrub.ts";
import { benchTenants } from "./tenants.ts";

type Bench = (full: boolean) => BenchResult[] | Promise<BenchResult[]>;

/** Every bench by its name: at a size of a minute or less, and at the size its bar is meant for. */
const benches: Readonly<Record<string, Bench>> = {
  rules: (full) => benchRules({ seconds: full ? 12 : 3 }),
  dispatch: (full) => benchDispatch({ calls: full ? 6_000 : 1_500 }),
  pace: (full) => benchPace({ seconds: full ? 60 : 10 }),
  reply: (full) => benchReply({ calls: 20, published: full }),
  "plan-flat": (full) => benchPlanFlat(full ? {} : { ticks: 60, sizes: [10_000, 50_000, 100_000] }),
  scrub: (full) => benchScrub(full ? fullScrubBench : { contacts: 20_000, preferences: 400_000, blockedShare: 0.05 }),
  import: (full) => benchImport(full ? 1_000_000 : 20_000),
  hostile: (full) => benchHostile({ long: full }),
  export: (full) => benchExport({ contacts: full ? 100_000 : 20_000 }),
  tenants: (full) => benchTenants({ sequences: full ? 10_000 : 300 }),
};
const aliases: Readonly<Record<string, string>> = { flat: "plan-flat" };

const usage = `npm run bench [-- name … [--full] [--json FILE]]
names: ${Object.keys(benches).join(", ")} (flat is plan-flat); without one, all of them
--full       the sizes the bars are meant for, which take minutes
--json FILE  one line of JSON per measure`;

class WrongArguments extends Error {}

interface Wanted {
  names: string[];
  full: boolean;
  json: string | undefined;
}

function readArguments(args: string[]): Wanted {
  const { values, positionals } = readOptions(args);
  const names = positionals.map((name) => aliases[name] ?? name);
  const unknown = positionals.filter((_, index) => !Object.hasOwn(benches, names[index] ?? ""));
  if (unknown.length > 0) throw new WrongArguments(`there is no bench named ${unknown.join(", ")}`);
  return { names: names.length === 0 ? Object.keys(benches) : [...new Set(names)], full: values.full ?? false, json: values.json };
}

function readOptions(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { full: { type: "boolean" }, json: { type: "string" } } });
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function runBenches({ names, full, json }: Wanted): Promise<void> {
  const results: BenchResult[] = [];
  for (const name of names) {
    const startMs = performance.now();
    console.error(`${name} …`);
    results.push(...(await resultsOf(name, full)));
    console.error(`${name}: ${Math.round((performance.now() - startMs) / 1_000)} s`);
  }
  console.log(benchTable(results));
  if (json !== undefined) {
    const lines = results.map((result) => `${JSON.stringify({ ...result, ratio: ratioOf({ value: result.value, reference: result.reference }), full })}\n`);
    await writeFile(json, lines.join(""));
  }
  if (results.some((result) => !result.met)) process.exitCode = 1;
}

/** A bench that fails is a line of the table too: the others still run, and the exit code tells. */
async function resultsOf(name: string, full: boolean): Promise<BenchResult[]> {
  try {
    return (await benches[name]?.(full)) ?? [];
  } catch (error) {
    console.error(error);
    return [{ bench: name, measure: "did not finish (the error stands above)", value: 0, unit: "", bar: "finishes", met: false }];
  }
}

try {
  await runBenches(readArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof WrongArguments)) throw error;
  console.error(`${error.message}\n${usage}`);
  process.exitCode = 2;
}
