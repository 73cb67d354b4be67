import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const lockShape = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      dev: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

describe("the lock file", () => {
  let packages: z.infer<typeof lockShape>["packages"];
  let text: string;
  let allowed: Record<string, boolean>;
  beforeAll(async () => {
    text = await readFile(new URL("../../package-lock.json", import.meta.url), "utf8");
    packages = lockShape.parse(JSON.parse(text)).packages;
    const about: unknown = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    allowed = z.object({ allowScripts: z.record(z.string(), z.boolean()) }).parse(about).allowScripts;
  });

  it("holds the binaries of every platform, else npm ci refuses it on all of them", () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages))
        .map((name) => `${path === "" ? "this project" : path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it("says of every install script whether it may run", () => {
    const undecided = Object.entries(packages)
      .filter(([, entry]) => entry.hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length))
      .filter((name) => !(name in allowed));
    expect(undecided).toEqual([]);
  });

  it("names no registry, so that any may serve it", () => {
    expect(text).not.toMatch(/"resolved"/);
  });
});
