import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Refusal } from "../../src/domain/errors.ts";
import { importContacts } from "../../src/intake/import-contacts.ts";
import { hostileFiles } from "../support/hostile-files.ts";
import { intakeFixture } from "./intake-fixture.ts";

let world: Awaited<ReturnType<typeof intakeFixture>>;
beforeAll(async () => {
  world = await intakeFixture();
});
afterAll(() => world.close());

describe("R5.6 a hostile file is refused or its bad rows are reported, within seconds", () => {
  it("there are forty of them", () => {
    expect(hostileFiles.filter((file) => !file.long).length).toBeGreaterThanOrEqual(40);
  });

  it.each(hostileFiles.filter((file) => !file.long).map((file) => [file.name, file] as const))(
    "%s",
    async (_name, { bytes, fate }) => {
      const campaignId = await world.newCampaign();
      const importing = importContacts(world.deps, { accountId: world.accountId, campaignId, source: bytes(), mapping: {}, onDuplicate: "keep_first" });
      if ("refused" in fate) {
        const refusal = await importing.then(() => undefined, (error: unknown) => error);
        expect(refusal).toBeInstanceOf(Refusal);
        expect(refusal).toMatchObject({ code: fate.refused });
        expect(await world.contacts(campaignId)).toEqual([]);
      } else {
        const report = await importing;
        expect(report).toMatchObject({ state: "done", accepted: fate.accepted });
        expect(report.rows).toBe(report.accepted + report.rejected);
        if (fate.reasons) expect(Object.keys(report.rejectsByReason)).toEqual(fate.reasons);
        expect(await world.contacts(campaignId)).toHaveLength(fate.accepted);
      }
      expect(await world.countOf("import_rows")).toBe(0);
    },
    5_000,
  );

  it("and none of them has changed the language's own objects", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
