import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const source = new URL("../../src/", import.meta.url).pathname;

/** Adapters of the machine's clock, and programs, which set their clock by it. */
const mayReadTheMachine = /^(?:adapters\/system\/|(?:migrate|demo|simulator\/main|simulator\/world-worker)\.ts$)/;

async function sourceFiles(): Promise<string[]> {
  const names = await readdir(source, { recursive: true });
  return names.filter((name) => name.endsWith(".ts"));
}

describe("time", () => {
  it("comes from Clock everywhere: no file reads the machine's date by itself", async () => {
    const offenders: string[] = [];
    for (const name of await sourceFiles()) {
      if (mayReadTheMachine.test(name)) continue;
      const text = await readFile(join(source, name), "utf8");
      if (/new Date\(\s*\)|DateTime\.(?:now|local|utc)\(\s*\)|\bDate\(\s*\)|process\.hrtime|performance\.timeOrigin/.test(text)) offenders.push(name);
    }
    expect(offenders).toEqual([]);
  });

  it("reaches SQL as a parameter: no query asks the database's own clock", async () => {
    const offenders: string[] = [];
    for (const name of await sourceFiles()) {
      if (mayReadTheMachine.test(name)) continue;
      const text = await readFile(join(source, name), "utf8");
      if (/\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\s*\)(?=[\s\S]{0,80}(?:`|interval))|\bcurrent_timestamp\b/i.test(text.replaceAll(/clock\.now\(\)|\w+\.now\(\)/g, ""))) offenders.push(name);
    }
    expect(offenders).toEqual([]);
  });
});
