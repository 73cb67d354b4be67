import twilio from "twilio";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { vendorAccounts } from "../../src/service/vendor-accounts.ts";
import { startPhoneWorld } from "../../src/simulator/phone-world.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";

const numbers = Array.from({ length: 20 }, (_, index) => `+9160000010${index + 10}`);

interface Reached {
  origin: string;
  accountSid: string;
  authToken: string;
}

/** Places a call to each number and answers the carrier's ids of them. */
async function sidsOfCalls({ origin, accountSid, authToken }: Reached): Promise<string[]> {
  const client = twilio(accountSid, authToken, { env: {} });
  client.api.baseUrl = origin;
  const calls = await Promise.all(numbers.map((to) => client.calls.create({ to, from: "+14155550100", twiml: "<Response><Hangup/></Response>" })));
  return calls.map((call) => call.sid);
}

test("a service that is started again on its database gets no call id that the database holds already", async () => {
  const config = loadConfig({ DATA_KEY: Buffer.alloc(32, 1).toString("base64"), LOG_LEVEL: "silent" });
  const startOnce = async (): Promise<string[]> => {
    const { carrier, world } = await vendorAccounts({ config, clock: manualClock("2026-12-01T10:30"), log: silentLog }, "http://127.0.0.1:1");
    onTestFinished(async () => world?.close());
    return sidsOfCalls({ origin: carrier.apiBaseUrl ?? "", accountSid: carrier.accountSid, authToken: carrier.authTokens[0] });
  };
  const both = [...(await startOnce()), ...(await startOnce())];
  expect(new Set(both).size).toBe(2 * numbers.length);
});

test("a world with a seed gives its calls the same ids in every run, and another seed gives others", async () => {
  const account = { accountSid: `AC${"0".repeat(32)}`, authToken: "token of a world" };
  const run = async (seed: number): Promise<string[]> => {
    const world = await startPhoneWorld({ ...account, seed, clock: manualClock("2026-12-01T10:30"), log: silentLog });
    onTestFinished(() => world.close());
    return sidsOfCalls({ ...account, origin: world.origin });
  };
  const once = await run(5);
  expect(await run(5)).toEqual(once);
  expect(new Set([...once, ...(await run(6))]).size).toBe(2 * numbers.length);
});
