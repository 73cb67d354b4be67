import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

async function plan(...args: string[]): Promise<{ code: number; out: string }> {
  try {
    const { stdout } = await run("node_modules/.bin/node", ["src/plan.ts", ...args]);
    return { code: 0, out: stdout };
  } catch (error) {
    const failed = error as { code?: number; stderr?: string };
    return { code: failed.code ?? -1, out: failed.stderr ?? "" };
  }
}

test("npm run plan prints the days, the finish and the cost of a definition that ships", async () => {
  const { code, out } = await plan("campaigns/emi-reminder.yaml", "--contacts", "5,000", "--cps", "0.5");
  expect(code).toBe(0);
  expect(out).toMatch(/calls {2,}[\d,]+ \(/);
  expect(out).toMatch(/speed {2,}0\.50 calls\/s, limited by pace/);
  expect(out).toMatch(/finished {2,}\w{3} \d+ \w{3} \d{4}, \d\d:\d\d IST/);
  expect(out).toMatch(/cost {2,}₹[\d,]+ \(between ₹[\d,]+ and ₹[\d,]+\)/);
});

test("a wrong command line or file is told in plain words, without a stack", async () => {
  const [nothing, missing, zero, csv] = await Promise.all([
    plan(),
    plan("no-such-file.yaml", "--contacts", "5"),
    plan("campaigns/emi-reminder.yaml", "--contacts", "none"),
    plan("campaigns/emi-reminder.csv", "--contacts", "5"),
  ]);
  expect(nothing).toMatchObject({ code: 1, out: expect.stringMatching(/^usage: npm run plan/) as string });
  expect(missing).toMatchObject({ code: 1, out: expect.stringMatching(/^cannot read no-such-file\.yaml/) as string });
  expect(zero).toMatchObject({ code: 1, out: expect.stringMatching(/^--contacts: expected a whole number/) as string });
  expect(csv).toMatchObject({ code: 1, out: expect.stringMatching(/^the campaign definition is not valid/) as string });
  for (const { out } of [nothing, missing, zero, csv]) expect(out).not.toContain("    at ");
});
