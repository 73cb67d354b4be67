import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import { ruleBook } from "../../src/rules/rule-book.ts";

const page = readFileSync(new URL("../../docs/compliance.md", import.meta.url), "utf8");
const table = page.split("\n").filter((line) => line.startsWith("| ") && line.includes("`test/"));
const words = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");

describe("the compliance page", () => {
  it("has a line for every rule of the book, and no line for a rule that is not there", () => {
    const named = table.flatMap((line) => words(line.split("|")[2] ?? ""));
    expect(new Set(named)).toEqual(new Set(ruleBook.map((rule) => rule.id)));
  });

  it("names tests that exist", () => {
    const paths = [...new Set(page.match(/test\/[\w/-]+\.test\.ts/g))];
    expect(paths.length).toBeGreaterThan(8);
    expect(paths.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
  });

  it("names every code that an operator may vouch for", () => {
    for (const code of acknowledgeableCodes) expect(page).toContain(`\`${code}\``);
  });
});
