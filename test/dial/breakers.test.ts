import { describe, expect, test } from "vitest";
import { diagnose, type Tally } from "../../src/dial/diagnose.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import { receiveFact } from "../../src/dial/receive-fact.ts";
import { tendBreakers } from "../../src/dial/tend-breakers.ts";
import type { AccountId, CampaignId, ImportId } from "../../src/domain/ids.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import { dialWorld, endedAs, fact } from "./dial-world.ts";
import { unknownAnswer } from "./fake-carrier.ts";

const tally = (more: Partial<Tally>): Tally => ({
  accountId: "account-1" as AccountId,
  campaignId: "campaign-1" as CampaignId,
  importId: "list-1" as ImportId,
  fromNumber: "+14155550100" as E164,
  decided: 0,
  carrierFaults: 0,
  ourFaults: 0,
  listFaults: 0,
  answered: 0,
  unheard: 0,
  brokenTalks: 0,
  ...more,
});

describe("the diagnosis of failing calls", () => {
  test("a few failures, or few calls, prove nothing", () => {
    expect(diagnose([tally({ decided: 100, carrierFaults: 20, listFaults: 20, answered: 40, brokenTalks: 5 })])).toEqual([]);
    expect(diagnose([tally({ decided: 10, carrierFaults: 10 })])).toEqual([]);
  });

  test("failures everywhere are the carrier's, or ours when the carrier refuses how we ask or nobody opens the stream", () => {
    expect(diagnose([tally({ decided: 20, carrierFaults: 15 }), tally({ campaignId: "campaign-2" as CampaignId, decided: 20, carrierFaults: 12 })])).toMatchObject([{ arm: "carrier", cause: "carrier" }]);
    expect(diagnose([tally({ decided: 20, ourFaults: 18 })])).toMatchObject([{ arm: "carrier", cause: "our_side" }]);
    expect(diagnose([tally({ decided: 40, answered: 20, unheard: 16 })])).toMatchObject([{ arm: "carrier", cause: "our_side" }]);
  });

  test("wrong numbers of one list shed that list only; a broken agent its campaign only", () => {
    const good = tally({ importId: "list-2" as ImportId, campaignId: "campaign-2" as CampaignId, decided: 30, answered: 20 });
    expect(diagnose([tally({ decided: 30, listFaults: 20 }), good])).toMatchObject([{ arm: "segment", importId: "list-1", cause: "list_segment" }]);
    expect(diagnose([tally({ decided: 30, answered: 20, brokenTalks: 15 }), good])).toMatchObject([{ arm: "agent", campaignId: "campaign-1", cause: "agent" }]);
  });

  test("one caller number that the carrier blocks, or that nobody picks up for, rests; the others dial on", () => {
    const good = tally({ fromNumber: "+14155550101" as E164, decided: 60, answered: 30 });
    expect(diagnose([tally({ decided: 20, carrierFaults: 16 }), good])).toMatchObject([{ arm: "caller", number: "+14155550100", cause: "blocked" }]);
    expect(diagnose([tally({ decided: 60, answered: 3 }), good])).toMatchObject([{ arm: "caller", number: "+14155550100", cause: "unanswered" }]);
  });
});

describe("the breaker", () => {
  test("opens when the carrier fails, says so, lets single trial calls through and closes when they end well", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 100 } });
    let tail = 0;
    const place = async () => {
      world.clock.advance(100);
      const planned = await world.planned(tail++);
      return { planned, placing: await placeAttempt(world.deps, planned) };
    };
    for (let n = 0; n < 20; n += 1) {
      world.carrier.onNextPlace({ creates: false, answers: unknownAnswer });
      await place();
    }
    await tendBreakers(world.deps);
    const { planned, placing } = await place();
    expect(placing).toMatchObject({ kind: "postponed", code: "breaker_carrier" });
    expect(await world.attempt(planned.attemptId)).toMatchObject({ state: "planned", refusal_code: "breaker_carrier" });
    expect(world.log.sentences("error")).toContain("dialing is held back: too many calls fail");

    world.clock.advance(60_000);
    for (let trial = 0; trial < 3; trial += 1) {
      const tried = await place();
      expect(tried.placing).toMatchObject({ kind: "placed" });
      expect((await place()).placing).toMatchObject({ kind: "postponed", code: "breaker_carrier" });
      const call = world.carrier.callTo(tried.planned.number);
      world.carrier.end(call, "no_answer");
      await receiveFact(world.deps, { token: call.order.token, fact: fact(world, call.callSid, 3, endedAs("no_answer")) });
      world.clock.advance(10_000);
    }
    world.clock.advance(60_000);
    await tendBreakers(world.deps);
    expect(await world.database.db.selectFrom("breakers").selectAll().execute()).toEqual([]);
    expect((await place()).placing).toMatchObject({ kind: "placed" });
  });

  test("a trial that fails opens the arm again for twice as long", async () => {
    const world = await dialWorld();
    let tail = 0;
    for (let n = 0; n < 20; n += 1) {
      world.clock.advance(100);
      world.carrier.onNextPlace({ creates: false, answers: unknownAnswer });
      await placeAttempt(world.deps, await world.planned(tail++));
    }
    await tendBreakers(world.deps);
    world.clock.advance(61_000);
    world.carrier.onNextPlace({ creates: false, answers: unknownAnswer });
    await placeAttempt(world.deps, await world.planned(tail++));
    await tendBreakers(world.deps);
    const [breaker] = await world.database.db.selectFrom("breakers").selectAll().execute();
    expect((breaker?.until.getTime() ?? 0) - world.clock.nowMs()).toBe(120_000);
  });

  test("a refusal that is about the whole carrier account stops everybody at once; one about a campaign pauses it", async () => {
    const paused: unknown[] = [];
    const world = await dialWorld();
    const deps = { ...world.deps, stopDialing: { pauseCampaign: async (input: unknown) => void paused.push(input) } };
    world.carrier.onNextPlace({ creates: false, answers: { kind: "refused", reason: "other", code: "21210", detail: "not yours", scope: "campaign" } }, { creates: false, answers: { kind: "refused", reason: "other", code: "20003", detail: "who are you", scope: "carrier" } });
    for (let n = 0; n < 2; n += 1) {
      await placeAttempt(deps, await world.planned(n));
      world.clock.advance(100);
    }
    expect(paused).toEqual([{ campaignId: world.campaignId, because: "carrier_21210" }]);
    expect(await placeAttempt(deps, await world.planned(5))).toMatchObject({ kind: "postponed", code: "breaker_our_side" });
  });
});
