import { parseArgs } from "node:util";
import type { StretchReport } from "./run-stretch.ts";
import { lawDefects } from "./seeded-defects.ts";
import { openSimulation } from "./simulate-days.ts";
import { daysPerStretch } from "./stretch-dates.ts";

const usage = `npm run simulate-days -- [--days 500] [--seed 1]   campaign days with faults, every call judged by an oracle of its own
npm run simulate-days -- --seed S --stretch N      repeats one stretch of ${daysPerStretch} days
npm run simulate-days -- --defects [--only text]   rules made wrong on purpose, each of which the oracle must catch`;

const { values } = parseArgs({ options: { days: { type: "string" }, seed: { type: "string" }, stretch: { type: "string" }, defects: { type: "boolean" }, only: { type: "string" }, help: { type: "boolean" } } });
if (values.help) console.log(usage);
else {
  const simulation = await openSimulation();
  try {
    const seed = Number(values.seed ?? 1);
    await (values.defects ? runDefects(seed) : run(seed));
  } finally {
    await simulation.close();
  }

  async function run(seed: number): Promise<void> {
    const { reports, tookMs } = await simulation.simulateDays({ seed, stretches: stretchesAsked(), onReport: (report) => print(seed, report) });
    summarise(seed, reports, tookMs);
  }

  async function runDefects(seed: number): Promise<void> {
    for (const defect of lawDefects.filter(({ name }) => name.includes(values.only ?? ""))) {
      const found = await simulation.caught(defect, { seed, stretches: stretchesAsked() });
      console.log(found ? `caught  ${defect.name}\n        stretch ${found.stretch}, ${found.at}: ${found.what}` : `MISSED  ${defect.name}`);
      if (!found) process.exitCode = 1;
    }
  }
}

function stretchesAsked(): number[] {
  if (values.stretch !== undefined) return [Number(values.stretch)];
  return Array.from({ length: Math.ceil(Number(values.days ?? 500) / daysPerStretch) }, (_, stretch) => stretch);
}

function summarise(seed: number, reports: readonly StretchReport[], tookMs: number): void {
  const total = (of: (report: StretchReport) => number): number => reports.reduce((sum, report) => sum + of(report), 0);
  console.log(`calls by purpose: ${told(reports.map(({ callsByPurpose }) => callsByPurpose))}`);
  console.log(`refusals by code: ${told(reports.map(({ refusals }) => refusals))}`);
  const violations = total((report) => report.violations.length);
  console.log(`seed ${seed}, ${reports.length * daysPerStretch} days, ${total(({ calls }) => calls)} calls, ${violations} violations, ${(tookMs / 1_000).toFixed(0)} s`);
  if (violations > 0) process.exitCode = 1;
}

function print(seed: number, report: StretchReport): void {
  console.log(`stretch ${report.stretch}: ${report.firstDay} to ${report.lastDay}, ${report.calls} calls, ${report.violations.length} violations`);
  for (const { at, campaign, what } of report.violations) console.log(`  ${at}  ${campaign}: ${what}`);
  if (report.violations.length > 0) console.log(`  repeat it: npm run simulate-days -- --seed ${seed} --stretch ${report.stretch}`);
}

function told(counts: readonly Readonly<Record<string, number>>[]): string {
  const sums = new Map<string, number>();
  for (const [word, times] of counts.flatMap((each) => Object.entries(each))) sums.set(word, (sums.get(word) ?? 0) + times);
  return [...sums].sort((a, b) => b[1] - a[1]).map(([word, times]) => `${word} ${times}`).join(", ");
}
