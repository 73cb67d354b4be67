import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forgetCarrierAccount, keepToCarrierAccount } from "../../src/dial/carrier-account.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import { accountInUse } from "../../src/service/open-carrier.ts";
import type { CarrierAccount } from "../../src/service/vendor-accounts.ts";
import { manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { testVault } from "../support/vault.ts";
import { dialWorld } from "./dial-world.ts";

const account = (more: Partial<CarrierAccount>) => accountInUse({ accountSid: "AC1", authTokens: ["token"], fromNumbers: [], apiBaseUrl: null, publicUrl: "https://calls.example", simulated: false, ...more });
const real = account({});

describe("the carrier account of a database", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(() => database.close());
  const start = (used: ReturnType<typeof account>) => keepToCarrierAccount({ db: database.db, clock: manualClock("2026-12-01T11:00"), vault: testVault(database.db) }, used);

  it("is the first one's, at every start and in every process", async () => {
    await Promise.all([start(real), start(real)]);
    await start(account({ authTokens: ["a newer token"], apiBaseUrl: "https://api.dublin.ie1.twilio.com" }));
    await expect(start(account({ accountSid: "AC2" }))).rejects.toThrow("another account of twilio");
    expect(JSON.stringify((await database.pool.query("select * from carrier_account")).rows)).not.toContain("AC1");
  });

  it("is never simulated once it was real, nor real once it was simulated", async () => {
    await start(account({ simulated: true, apiBaseUrl: "http://127.0.0.1:4010" }));
    await expect(start(real)).rejects.toThrow("(simulation, since 2026-12-01T11:00:00.000+05:30), but the settings name twilio");
    await forgetCarrierAccount(database.db);
    await start(real);
    await expect(start(account({ simulated: true }))).rejects.toThrow("but the settings name simulation");
  });

  it("is the same simulation however the phone world is reached and whatever account it has", async () => {
    await start(account({ simulated: true, accountSid: "AC3" }));
    await start(account({ simulated: true, accountSid: "AC4" }));
    await start(account({ apiBaseUrl: "http://localhost:4011", accountSid: "AC5" }));
  });

  it("is not forgotten while a call may be live", async () => {
    const world = await dialWorld();
    await placeAttempt(world.deps, await world.planned(1));
    await expect(forgetCarrierAccount(world.database.db)).rejects.toThrow("expected no call to be under way, but 1 may be");
  });
});
