import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parseYaml } from "./adapters/system/campaign-templates.ts";
import { runningClock } from "./adapters/system/clock.ts";
import { loadPrices } from "./config.ts";
import { Refusal } from "./domain/errors.ts";
import { usualMix } from "./schedule/call-mix.ts";
import { callingHours } from "./rules/calling-hours.ts";
import { forecast, type ForecastInput } from "./schedule/forecast.ts";
import { budgetPaise } from "./domain/spending-cap.ts";
import { planText } from "./schedule/plan-text.ts";
import { readDefinition } from "./schedule/read-definition.ts";

const usage = "usage: npm run plan -- <definition.yaml> --contacts N [--cps N] [--concurrency N]";

/** A wrong command line or file: told in one line, without a stack. */
class PlanError extends Error {}

async function plan(args: string[]): Promise<string> {
  const { path, contacts, cps, concurrency } = readCommandLine(args);
  const { definition } = readDefinition(parseYaml(await readText(path), path));
  const prices = loadPrices();
  const input: ForecastInput = {
    contacts,
    cps: cps ?? definition.limits.cps,
    concurrency: concurrency ?? definition.limits.concurrency,
    hours: callingHours(definition),
    retry: definition.retry,
    limits: definition.limits,
    prices: { carrierPerMinutePaise: prices.carrierPerMinutePaise, vendorsPerTalkMinutePaise: prices.usualTalkMinutePaise },
    mix: usualMix,
    nowMs: runningClock().nowMs(),
  };
  return planText({ name: definition.name, budgetPaise: budgetPaise(definition) }, input, forecast(input));
}

function readCommandLine(args: string[]): { path: string; contacts: number; cps: number | undefined; concurrency: number | undefined } {
  const options = { contacts: { type: "string" }, cps: { type: "string" }, concurrency: { type: "string" } } as const;
  const parse = () => {
    try {
      return parseArgs({ args, options, allowPositionals: true });
    } catch (error) {
      throw new PlanError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    }
  };
  const { values, positionals } = parse();
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0 || values.contacts === undefined) throw new PlanError(usage);
  return {
    path,
    contacts: numberOf("--contacts", values.contacts, { whole: true, most: 10_000_000 }),
    cps: values.cps === undefined ? undefined : numberOf("--cps", values.cps, { whole: false, most: 1_000 }),
    concurrency: values.concurrency === undefined ? undefined : numberOf("--concurrency", values.concurrency, { whole: true, most: 100_000 }),
  };
}

function numberOf(option: string, text: string, kind: { whole: boolean; most: number }): number {
  const value = /^\d+(?:\.\d+)?$/.test(text.replaceAll(",", "")) ? Number(text.replaceAll(",", "")) : Number.NaN;
  if (value > 0 && value <= kind.most && (!kind.whole || Number.isInteger(value))) return value;
  throw new PlanError(`${option}: expected a ${kind.whole ? "whole number" : "number"} above 0 and up to ${kind.most}, got ${text}`);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new PlanError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

try {
  process.stdout.write(`${await plan(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const problems = error instanceof Refusal ? error.errors.filter((each) => each.path !== "").map((each) => `\n  ${each.path}: ${each.message}`).join("") : "";
  process.stderr.write(`${error.message}${problems}\n`);
  process.exitCode = 1;
}
