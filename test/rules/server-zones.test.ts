import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Judges a thousand fixed instants around every edge and prints a digest; run in a process of each zone. */
const script = `
import { createHash } from "node:crypto";
const { judge } = await import("./src/rules/judge.ts");
const { istFromMs } = await import("./src/domain/clock.ts");
const { facts, promotion, told, at } = await import("./test/rules/facts-fixture.ts");
const days = ["2026-03-08", "2026-04-05", "2026-09-27", "2026-11-01", "2026-12-31", "2027-01-01", "2028-02-29"];
const answers = [];
for (const day of days) for (let minute = 0; minute < 1440; minute += 10) {
  const now = istFromMs(at(day + " 00:00") + minute * 60000);
  answers.push(told(judge(facts({ microfinance: true, window: { from: "08:30", to: "18:10", days: [1, 2, 3, 4, 5, 6] } }), now)), told(judge(promotion(day), now)));
}
console.log(new Date().getTimezoneOffset(), answers.length, createHash("sha256").update(answers.join("\\n")).digest("hex"));
`;

function judgedIn(zone: string): { offset: string; rest: string } {
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { env: { ...process.env, TZ: zone, NODE_OPTIONS: "" }, encoding: "utf8" });
  const [offset = "", ...rest] = printed.trim().split(" ");
  return { offset, rest: rest.join(" ") };
}

describe("the server's own zone", () => {
  it("changes nothing: UTC, New York and Auckland judge alike", () => {
    const zones = ["UTC", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"].map(judgedIn);
    expect(new Set(zones.map((zone) => zone.offset)).size).toBe(4);
    expect(new Set(zones.map((zone) => zone.rest)).size).toBe(1);
    expect(zones[0]?.rest).toMatch(/^2016 [0-9a-f]{64}$/);
  });
});
