import fc from "fast-check";
import { expect, test } from "vitest";
import type { DueClass } from "../../src/domain/contact.ts";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { type AccountClaim, type CampaignClaim, type Grant, shareCapacity } from "../../src/schedule/share-capacity.ts";
import { noStandings, type Standings } from "../../src/schedule/standings.ts";

const plenty = 1_000_000;

function account(name: string, weight = 1, room = plenty): AccountClaim {
  return { accountId: name as AccountId, weight, room };
}

function campaign(name: string, of: string, due: Partial<Record<DueClass, number>>, weight = 1, room = plenty): CampaignClaim {
  return { campaignId: name as CampaignId, accountId: of as AccountId, weight, room, due: { callback: 0, retry: 0, fresh: 0, ...due } };
}

function total(grants: readonly Grant[], of?: string, dueClass?: DueClass): number {
  return grants.filter((grant) => (!of || grant.campaignId === of) && (!dueClass || grant.dueClass === dueClass)).reduce((sum, grant) => sum + grant.count, 0);
}

/** Runs many small ticks with the same standing claims and adds up what each campaign received. */
function ticks(count: number, capacity: number, claims: { accounts: AccountClaim[]; campaigns: CampaignClaim[] }): Grant[] {
  let standings: Standings = noStandings;
  const all: Grant[] = [];
  for (let tick = 0; tick < count; tick += 1) {
    const round = shareCapacity(capacity, claims, standings);
    standings = round.standings;
    all.push(...round.grants);
  }
  return all;
}

const claimsArbitrary = fc
  .tuple(
    fc.array(fc.record({ weight: fc.integer({ min: 1, max: 20 }), room: fc.integer({ min: 0, max: 60 }) }), { minLength: 1, maxLength: 4 }),
    fc.array(
      fc.record({
        owner: fc.nat(3),
        weight: fc.integer({ min: 1, max: 20 }),
        room: fc.integer({ min: 0, max: 40 }),
        due: fc.record({ callback: fc.nat(8), retry: fc.nat(20), fresh: fc.nat(60) }),
      }),
      { maxLength: 8 },
    ),
  )
  .map(([accounts, campaigns]) => ({
    accounts: accounts.map((each, index) => account(`a${index}`, each.weight, each.room)),
    campaigns: campaigns.map((each, index) => campaign(`c${index}`, `a${each.owner % accounts.length}`, each.due, each.weight, each.room)),
  }));

test("gives nothing that is not due, nothing above anyone's room, and withholds nothing that can be used", () => {
  fc.assert(
    fc.property(claimsArbitrary, fc.nat(120), (claims, capacity) => {
      const { grants } = shareCapacity(capacity, claims, noStandings);
      let usable = 0;
      for (const owner of claims.accounts) {
        const own = claims.campaigns.filter((each) => each.accountId === owner.accountId);
        const wanted = own.map((each) => Math.min(each.room, each.due.callback + each.due.retry + each.due.fresh));
        usable += Math.min(owner.room, wanted.reduce((sum, each) => sum + each, 0));
        const received = own.map((each) => total(grants, each.campaignId));
        expect(received.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(owner.room);
        own.forEach((each, index) => {
          expect(received[index]).toBeLessThanOrEqual(each.room);
          for (const dueClass of ["callback", "retry", "fresh"] as const) {
            expect(total(grants, each.campaignId, dueClass)).toBeLessThanOrEqual(each.due[dueClass]);
          }
        });
      }
      expect(total(grants)).toBe(Math.min(capacity, usable));
    }),
  );
});

test("campaigns that always have work receive in proportion to their weights, one call more or less", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 8 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 20, max: 150 }),
      (weights, capacity, count) => {
        const campaigns = weights.map((weight, index) => campaign(`c${index}`, "a", { fresh: plenty }, weight));
        const grants = ticks(count, capacity, { accounts: [account("a")], campaigns });
        const sum = weights.reduce((one, other) => one + other, 0);
        weights.forEach((weight, index) => {
          expect(Math.abs(total(grants, `c${index}`) - (capacity * count * weight) / sum)).toBeLessThanOrEqual(weights.length);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test("an account with many campaigns receives no more than its weight", () => {
  const campaigns = [campaign("lone", "small", { fresh: plenty }), ...Array.from({ length: 9 }, (_, index) => campaign(`c${index}`, "big", { fresh: plenty }))];
  const grants = ticks(100, 4, { accounts: [account("small"), account("big")], campaigns });
  expect(total(grants, "lone")).toBe(200);
});

test("a promised callback goes before the fresh contacts of every campaign, whatever their weights", () => {
  const claims = { accounts: [account("a", 100), account("b", 1)], campaigns: [campaign("heavy", "a", { fresh: plenty }, 100), campaign("light", "b", { callback: 2, fresh: plenty })] };
  expect(shareCapacity(2, claims, noStandings).grants).toEqual([{ campaignId: "light", dueClass: "callback", count: 2 }]);
});

test("in one campaign callbacks go first, then retries, and fresh contacts still get one call in twenty", () => {
  const claims = { accounts: [account("a")], campaigns: [campaign("c", "a", { callback: 3, retry: plenty, fresh: plenty })] };
  const first = shareCapacity(10, claims, noStandings).grants;
  expect(total(first, "c", "callback")).toBe(3);
  expect(total(first, "c", "retry")).toBe(7);
  const later = ticks(100, 4, { accounts: [account("a")], campaigns: [campaign("c", "a", { retry: plenty, fresh: plenty })] });
  expect(total(later, "c", "fresh")).toBe(20);
});

test("nobody starves: a fresh campaign of weight 1 is served however many promised callbacks others keep having", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3 }), (others, weight, capacity) => {
      const campaigns = [
        campaign("patient", "p", { fresh: plenty }),
        ...Array.from({ length: others }, (_, index) => campaign(`c${index}`, `a${index}`, { callback: plenty }, weight)),
      ];
      const accounts = [account("p"), ...Array.from({ length: others }, (_, index) => account(`a${index}`, weight))];
      const calls = others * (6 + weight) + others * weight + 10;
      const grants = ticks(Math.ceil(calls / capacity), capacity, { accounts, campaigns });
      expect(total(grants, "patient")).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});

test("a campaign that comes and goes with callbacks does not outrun one that always has work", () => {
  let standings: Standings = noStandings;
  const received = { steady: 0, visitor: 0 };
  for (let tick = 0; tick < 400; tick += 1) {
    const campaigns = [campaign("steady", "a", { fresh: plenty }), campaign("visitor", "b", { callback: tick % 2 === 0 ? 1 : 0 })];
    const round = shareCapacity(1, { accounts: [account("a", 3), account("b", 1)], campaigns }, standings);
    standings = round.standings;
    received.steady += total(round.grants, "steady");
    received.visitor += total(round.grants, "visitor");
  }
  expect(received.visitor).toBeLessThanOrEqual(110);
  expect(received.visitor).toBeGreaterThanOrEqual(95);
});

test("a campaign that was idle for long earns no credit", () => {
  const busy = campaign("busy", "a", { fresh: plenty });
  let standings = shareCapacity(500, { accounts: [account("a")], campaigns: [busy] }, noStandings).standings;
  const grants: Grant[] = [];
  for (let tick = 0; tick < 20; tick += 1) {
    const round = shareCapacity(1, { accounts: [account("a")], campaigns: [busy, campaign("late", "a", { fresh: plenty })] }, standings);
    standings = round.standings;
    grants.push(...round.grants);
  }
  expect(total(grants, "busy")).toBe(10);
});
