import { twilioCarrier } from "../adapters/twilio/carrier.ts";
import { twilioDialect } from "../adapters/twilio/dialect.ts";
import type { Config } from "../config.ts";
import { isLoopback } from "../config/value-kinds.ts";
import type { AccountInUse } from "../dial/carrier-account.ts";
import type { CarrierDialect } from "../dial/carrier-dialect.ts";
import type { Carrier } from "../dial/ports.ts";
import type { Clock } from "../domain/clock.ts";
import type { E164 } from "../domain/phone-number.ts";
import { refuseSampleNumbers } from "./sample-numbers.ts";
import type { CarrierAccount } from "./vendor-accounts.ts";

/** The carrier, how it writes its callbacks, and the caller numbers of campaigns that name none. */
export interface OpenedCarrier {
  carrier: Carrier;
  dialect: CarrierDialect;
  fromNumbers: readonly E164[];
}

/** Opens the carrier account. Numbers of the sample lists are dialed in the phone world only. */
export function openCarrier(deps: { config: Config; clock: Clock }, account: CarrierAccount): OpenedCarrier {
  const { accountSid, authTokens, publicUrl } = account;
  const carrier = twilioCarrier({
    accountSid,
    authToken: authTokens[0],
    apiBaseUrl: account.apiBaseUrl ?? undefined,
    publicUrl,
    clock: deps.clock,
    exchangeRates: deps.config.prices.exchangeRates,
  });
  return {
    carrier: account.simulated ? carrier : refuseSampleNumbers(carrier),
    dialect: twilioDialect({ accountSid, authTokens, publicUrl }),
    fromNumbers: account.fromNumbers,
  };
}

/**
 * The account as the database is bound to it. A carrier on this machine is a simulation, whatever its address and account:
 * it rings nobody, and the phone world invents an account at each start.
 */
export function accountInUse({ accountSid, apiBaseUrl, simulated }: CarrierAccount): AccountInUse {
  const rehearsal = simulated || (apiBaseUrl !== null && isLoopback(apiBaseUrl));
  return rehearsal ? { carrier: "simulation", account: "simulation" } : { carrier: "twilio", account: accountSid };
}
