import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import extractConfig from "dependency-cruiser/config-utl/extract-depcruise-config";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** One planted file per rule: the rule it breaks, where it lies, what it imports. */
const violations: readonly (readonly [rule: string, file: string, source: string])[] = [
  ["domain-stands-alone", "src/domain/planted-a.ts", 'export type { Row } from "../db/rows.ts";'],
  ["domain-does-no-io", "src/rules/planted-b.ts", 'import { hostname } from "node:os"; export const a = hostname();'],
  ["rules-know-only-words", "src/rules/planted-c.ts", 'import type { Row } from "../db/rows.ts"; export type A = Row;'],
  ["db-below-stages", "src/db/planted-d.ts", 'import { dial } from "../dial/dial.ts"; export const a = dial;'],
  ["stages-do-not-meet", "src/dial/planted-e.ts", 'import type { Talk } from "../talk/talk.ts"; export type A = Talk;'],
  ["stages-state-needs-as-ports", "src/talk/planted-f.ts", 'import { clock } from "../adapters/system/clock.ts"; export const a = clock;'],
  ["stages-open-nothing", "src/report/planted-g.ts", 'import { readFileSync } from "node:fs"; export const a = readFileSync;'],
  ["sql-in-queries-files", "src/scrub/planted-h.ts", 'import { sql } from "kysely"; export const a = sql;'],
  ["doors-ask-use-cases", "src/http/planted-i.ts", 'import { ask } from "../dial/ask.queries.ts"; export const a = ask;'],
  ["doors-and-adapters-apart", "src/http/planted-j.ts", 'import { clock } from "../adapters/system/clock.ts"; export const a = clock;'],
  ["adapters-serve-ports", "src/adapters/openai/planted-k.ts", 'import { config } from "../../config.ts"; export const a = config;'],
  ["one-vendor-one-folder", "src/adapters/openai/planted-l.ts", 'import { hear } from "../deepgram/hear.ts"; export const a = hear;'],
  ["system-knows-no-vendor", "src/adapters/system/planted-m.ts", 'import { hear } from "../deepgram/hear.ts"; export const a = hear;'],
  ["simulator-speaks-the-wire", "src/simulator/planted-n.ts", 'import { dial } from "../dial/dial.ts"; export const a = dial;'],
  ["simulator-program-takes-clock-and-log", "src/simulator/main.ts", 'import { dial } from "../dial/dial.ts"; export const a = dial;'],
  ["simulator-stays-out-of-production", "src/adapters/openai/planted-o.ts", 'import { world } from "../../simulator/world.ts"; export const a = world;'],
  ["settings-for-programs", "src/http/planted-p.ts", 'import { config } from "../config.ts"; export const a = config;'],
  ["composition-is-the-top", "src/http/planted-q.ts", 'import { serve } from "../service/serve.ts"; export const a = serve;'],
  ["programs-are-the-top", "src/service/planted-r.ts", 'import { run } from "../main.ts"; export const a = run;'],
  ["only-there-twilio", "src/dial/planted-s.ts", 'import twilio from "twilio"; export const a = twilio;'],
  ["only-there-deepgram-sdk", "src/talk/planted-t.ts", 'import { DeepgramClient } from "@deepgram/sdk"; export const a = DeepgramClient;'],
  ["only-there-openai", "src/talk/planted-u.ts", 'import OpenAI from "openai"; export const a = OpenAI;'],
  ["only-there-bullmq", "src/schedule/planted-v.ts", 'import { Queue } from "bullmq"; export const a = Queue;'],
  ["only-there-ioredis", "src/dial/planted-w.ts", 'import type { Redis } from "ioredis"; export type A = Redis;'],
  ["only-there-pino", "src/http/planted-x.ts", 'import { pino } from "pino"; export const a = pino;'],
  ["only-there-prom-client", "src/dial/planted-y.ts", 'import { Counter } from "prom-client"; export const a = Counter;'],
  ["only-there-express", "src/adapters/twilio/planted-z.ts", 'import express from "express"; export const a = express;'],
  ["only-there-ws", "src/talk/planted-aa.ts", 'import { WebSocket } from "ws"; export const a = WebSocket;'],
  ["only-there-csv-parse", "src/report/planted-ab.ts", 'import { parse } from "csv-parse"; export const a = parse;'],
  ["only-there-pg", "src/outcome/planted-ac.ts", 'import pg from "pg"; export const a = pg.Pool;'],
  ["service-without-tests", "src/dial/planted-ad.ts", 'import { help } from "../../test/help.ts"; export const a = help;'],
  ["service-without-dev-tools", "src/dial/planted-ae.ts", 'import fc from "fast-check"; export const a = fc;'],
  ["no-circles", "src/dial/planted-af.ts", 'import { b } from "./planted-ag.ts"; export const a = () => b;'],
  ["oracle-reads-the-law-itself", "test/law-days/oracle/planted-aj.ts", 'import { rule } from "../../../src/rules/rule.ts"; export const a = rule;'],
  ["no-orphans", "src/dial/planted-ah.ts", "export const a = 1;"],
  ["no-ghosts", "src/dial/planted-ai.ts", 'import { a } from "./nowhere.ts"; export const b = a;'],
];

/** What the planted files import, and files that keep every rule. */
const innocent: Readonly<Record<string, string>> = {
  "src/main.ts": 'import { config } from "./config.ts"; import { serve } from "./service/serve.ts"; export const run = [config, serve];',
  "src/config.ts": "export const config = 1;",
  "src/service/serve.ts": 'import { dial } from "../dial/dial.ts"; import { world } from "../simulator/world.ts"; export const serve = [dial, world];',
  "src/domain/word.ts": 'import { DateTime } from "luxon"; export const word = DateTime;',
  "src/rules/rule.ts": 'import { word } from "../domain/word.ts"; export const rule = word;',
  "src/db/rows.ts": 'import type { Kysely } from "kysely"; import { word } from "../domain/word.ts"; export type Row = Kysely<typeof word>;',
  "src/dial/dial.ts": 'import type { Row } from "../db/rows.ts"; import { rule } from "../rules/rule.ts"; import { ask } from "./ask.queries.ts"; export const dial = [rule, ask] as unknown as Row;',
  "src/dial/ask.queries.ts": 'import { sql } from "kysely"; export const ask = sql;',
  "src/dial/planted-ag.ts": 'import { a } from "./planted-af.ts"; export const b = () => a;',
  "src/talk/talk.ts": 'import type { Row } from "../db/rows.ts"; export type Talk = Row;',
  "src/adapters/system/clock.ts": 'import { word } from "../../domain/word.ts"; export const clock = word;',
  "src/adapters/deepgram/hear.ts": 'import { clock } from "../system/clock.ts"; export const hear = clock;',
  "src/simulator/world.ts": 'import { word } from "../domain/word.ts"; export const world = word;',
  "test/help.ts": "export const help = 1;",
};

describe("the layers", () => {
  let folder: string;
  let result: ICruiseResult;
  let forbidden: IForbiddenRuleType[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "layers-"));
    const planted = Object.fromEntries(violations.map(([, file, source]) => [file, source]));
    for (const [file, source] of Object.entries({ ...innocent, ...planted })) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      await writeFile(join(folder, file), `${source}\n`);
    }
    const root = new URL("../../", import.meta.url).pathname;
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    await symlink(join(root, "package.json"), join(folder, "package.json"));
    const layers = await extractConfig(join(root, ".dependency-cruiser.mjs"));
    forbidden = layers.forbidden ?? [];
    const answer = await cruise(["src", "test"], { ...layers.options, baseDir: folder, validate: true, ruleSet: { forbidden } }, { ...layers.options?.enhancedResolveOptions, symlinks: false });
    if (typeof answer.output === "string") throw new Error("expected the result as an object");
    result = answer.output;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are read from the .ts files themselves, type-only imports too", () => {
    expect(result.modules.map((module) => module.source).filter((source) => source.startsWith("src/")).length).toBe(Object.keys(innocent).length - 1 + violations.filter(([, file]) => file.startsWith("src/")).length);
    const talk = result.modules.find((module) => module.source === "src/talk/talk.ts");
    expect(talk?.dependencies.map((dependency) => dependency.resolved)).toEqual(["src/db/rows.ts"]);
  });

  it.each(violations)("fail on %s in %s", (rule, file) => {
    const broken = result.summary.violations.filter((violation) => violation.rule.name === rule).map((violation) => violation.from);
    expect(broken).toContain(file);
  });

  it("leave files alone that keep them", () => {
    const accused = new Set(result.summary.violations.map((violation) => violation.from));
    expect(Object.keys(innocent).filter((file) => accused.has(file))).toEqual([]);
  });

  it("have a planted violation for each rule, and a written reason", () => {
    const rules = forbidden.map((rule) => rule.name ?? "");
    expect(violations.map(([rule]) => rule).sort()).toEqual([...rules].sort());
    for (const rule of forbidden) expect(rule.comment?.length, rule.name ?? "").toBeGreaterThan(40);
  });
});
