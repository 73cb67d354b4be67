import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, apiFixture } from "./api-fixture.ts";
import { leakOf, stepsOfTwoAccounts, type TwoAccounts, twoAccounts } from "./two-accounts.ts";

let api: ApiFixture;
let world: TwoAccounts;
beforeAll(async () => {
  api = await apiFixture();
  world = await twoAccounts(api);
});
afterAll(() => api.close());

describe("R5.4 two accounts of one deployment", () => {
  it("never see each other, whatever they ask in whatever order (npm run bench -- tenants --full: 10,000 sequences)", async () => {
    await fc.assert(
      fc.asyncProperty(stepsOfTwoAccounts, async (steps) => {
        expect(await leakOf(world, steps)).toBeUndefined();
      }),
      { numRuns: 40, endOnFailure: true },
    );
  }, 30_000);

  it("would be caught seeing each other", async () => {
    const [mine, theirs] = world.tenants;
    const spying: TwoAccounts = { ...world, tenants: [{ ...mine, key: theirs.key }, theirs] };
    const lists = world.routes.findIndex((route) => route.method === "get" && route.path === "/v1/suppressions");
    await api.ask("POST", "/v1/suppressions", { key: theirs.key, body: { number: "9822000001", reason: theirs.canary } });
    expect(await leakOf(spying, [{ who: 0, route: lists, foreign: false, pick: 2, requestKey: null }])).toContain(theirs.canary);
  });
});
