import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seededDefects } from "./seeded-defects.ts";

const root = new URL("../../", import.meta.url).pathname;

test("every seeded defect still knows the line it spoils; `npm run chaos -- defects` shows that each is caught", async () => {
  expect(seededDefects).toHaveLength(20);
  for (const { name, file, find } of seededDefects) {
    const text = await readFile(join(root, file), "utf8");
    expect(text.split(find).length - 1, name).toBe(1);
  }
});
