import { spawn } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type SeededDefect, seededDefects } from "./seeded-defects.ts";

const root = new URL("../../", import.meta.url).pathname;

export interface DefectVerdict {
  defect: SeededDefect;
  caught: boolean;
  /** The seed and the promise that broke, in the words of the simulation. */
  said: string;
}

/** Makes each defect in a copy of the product and lets the simulation look for it, one after the other. */
export async function runDefects(options: { seeds: number; only: string | undefined; onVerdict: (verdict: DefectVerdict) => void }): Promise<DefectVerdict[]> {
  const verdicts: DefectVerdict[] = [];
  for (const defect of seededDefects.filter(({ name }) => name.includes(options.only ?? ""))) {
    const verdict = await runDefect(defect, options.seeds);
    options.onVerdict(verdict);
    verdicts.push(verdict);
  }
  return verdicts;
}

async function runDefect(defect: SeededDefect, seeds: number): Promise<DefectVerdict> {
  // Inside the project, so that the copy finds the project's packages.
  const copy = join(root, ".data", "defect");
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  try {
    for (const folder of ["src", "test", "migrations"]) await cp(join(root, folder), join(copy, folder), { recursive: true });
    await makeWrong(copy, defect);
    const { code, output } = await simulateIn(copy, seeds);
    const said = /SeedFailed: (.*)/.exec(output)?.[1] ?? output.trim().split("\n").at(-1) ?? "";
    return { defect, caught: code !== 0 && output.includes("SeedFailed"), said };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function makeWrong(copy: string, { name, file, find, replace }: SeededDefect): Promise<void> {
  const path = join(copy, file);
  const text = await readFile(path, "utf8");
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`expected the text of the defect "${name}" once in ${file}, found it ${parts.length - 1} times`);
  await writeFile(path, parts.join(replace));
}

function simulateIn(copy: string, seeds: number): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(copy, "test", "chaos", "main.ts"), "simulate", "--seeds", String(seeds)], { cwd: copy, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
