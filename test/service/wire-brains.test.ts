import { expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { wireBrains } from "../../src/service/wire-brains.ts";

const access = { apiKey: "key", baseUrl: null };
const brainsOf = (brainFallback: string | null): string[] =>
  wireBrains({ config: { models: { brain: "first", brainFallback, brainEffort: "none" } as Config["models"] }, accounts: { brain: access, brainFallback: access } }).map((brain) => brain.name);

test("a second language model stands behind the first when one is named", () => {
  expect(brainsOf("second")).toEqual(["openai first", "openai second"]);
  expect(brainsOf(null)).toEqual(["openai first"]);
});
