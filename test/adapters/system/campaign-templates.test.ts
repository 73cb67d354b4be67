import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { campaignTemplates } from "../../../src/adapters/system/campaign-templates.ts";
import { readDefinition } from "../../../src/schedule/read-definition.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "templates-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("every template that ships is a definition without a problem", async () => {
  const shipped = campaignTemplates("campaigns");
  const names = await shipped.names();
  expect(names).toContain("emi-reminder");
  for (const name of names) expect(readDefinition(await shipped.load(name)).definition.name, name).not.toBe("");
});

test("templates are files of the folder by their name; an edit counts at once, and a missing one is none", async () => {
  const templates = campaignTemplates(folder);
  await writeFile(join(folder, "shop.yaml"), "name: Shop\n");
  await writeFile(join(folder, "notes.txt"), "nothing");
  expect(await templates.names()).toEqual(["shop"]);
  expect(await templates.load("shop")).toEqual({ name: "Shop" });
  await writeFile(join(folder, "shop.yaml"), "name: New shop\n");
  expect(await templates.load("shop")).toEqual({ name: "New shop" });
  expect(await templates.load("other")).toBeUndefined();
});

test("a file that is not YAML, or that blows itself up with aliases, is refused by its name", async () => {
  const templates = campaignTemplates(folder);
  await writeFile(join(folder, "torn.yaml"), "name: [unclosed\n");
  await expect(templates.load("torn")).rejects.toThrow(/^torn\.yaml is not valid YAML/);
  await writeFile(join(folder, "bomb.yaml"), "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n");
  await expect(templates.load("bomb")).rejects.toThrow(/^bomb\.yaml is not valid YAML/);
});
