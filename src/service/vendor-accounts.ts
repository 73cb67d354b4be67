import { randomBytes } from "node:crypto";
import type { Config } from "../config.ts";
import type { VendorAccess } from "../config/vendors.ts";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { E164 } from "../domain/phone-number.ts";
import { type PhoneWorld, type PhoneWorldOptions, startPhoneWorld } from "../simulator/phone-world.ts";

export interface CarrierAccount {
  accountSid: string;
  authTokens: readonly [string, ...string[]];
  fromNumbers: readonly E164[];
  apiBaseUrl: string | null;
  /** The origin the carrier reaches. */
  publicUrl: string;
  simulated: boolean;
}

/** Where every vendor is and how to sign in; `world` is the phone world when there is no real one. */
export interface VendorAccounts {
  carrier: CarrierAccount;
  transcriber: VendorAccess;
  brain: VendorAccess;
  voice: VendorAccess;
  world: PhoneWorld | undefined;
}

/** What trials and tests change about the phone world. */
export type WorldOptions = Omit<PhoneWorldOptions, "clock" | "log" | "accountSid" | "authToken" | "port">;

/** A caller number outside every real plan's use: 555-01xx is kept for examples. */
const worldCallerNumber = "+14155550100" as E164;

/** Takes the configured accounts, or starts a phone world and takes its own. `publicUrl` is where this service itself is reached. */
export async function vendorAccounts(deps: { config: Config; clock: Clock; log: Log; world?: WorldOptions | undefined }, publicUrl: string): Promise<VendorAccounts> {
  const { vendors } = deps.config;
  if (vendors.kind === "real") {
    const { carrier, transcriber, brain, voice } = vendors;
    return { carrier: { ...carrier, publicUrl, simulated: false }, transcriber, brain, voice, world: undefined };
  }
  const accountSid = `AC${randomBytes(16).toString("hex")}`;
  const authToken = randomBytes(16).toString("hex");
  const world = await startPhoneWorld({
    callsPerSecond: deps.config.callsPerSecond * 1.5,
    keepCalls: 5_000,
    ...deps.world,
    clock: deps.clock,
    log: deps.log.child({ part: "phone world" }),
    accountSid,
    authToken,
  });
  const access = (path = ""): VendorAccess => ({ apiKey: "phone-world", baseUrl: world.origin + path });
  return {
    carrier: { accountSid, authTokens: [authToken], fromNumbers: [worldCallerNumber], apiBaseUrl: world.origin, publicUrl, simulated: true },
    transcriber: access(),
    brain: access("/v1"),
    voice: access(),
    world,
  };
}
