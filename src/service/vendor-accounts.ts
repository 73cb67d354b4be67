import { randomBytes } from "node:crypto";
import type { Config } from "../config.ts";
import type { TranscriberAccess, VendorAccess } from "../config/vendors.ts";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { E164 } from "../domain/phone-number.ts";
import { startPhoneWorld } from "../simulator/phone-world.ts";

export interface CarrierAccount {
  accountSid: string;
  authTokens: readonly [string, ...string[]];
  fromNumbers: readonly E164[];
  apiBaseUrl: string | null;
  /** The origin the carrier reaches. */
  publicUrl: string;
  simulated: boolean;
}

/** A phone world that stands in for every vendor. */
export interface RunningWorld {
  /** "http://127.0.0.1:PORT" */
  origin: string;
  /** Of its TLS side, on which OpenAI's Realtime insists; absent: nobody hears or speaks by it, the other services do. */
  certificatePem?: string;
  close(): Promise<void>;
}

/** How a phone world signs its requests and wants ours signed. */
export interface WorldAccount {
  accountSid: string;
  authToken: string;
  /** Calls that leave its queue per second. */
  callsPerSecond: number;
}

export type StartWorld = (account: WorldAccount) => Promise<RunningWorld>;

/** Where every vendor is and how to sign in; `world` is the phone world when there is no real one. */
export interface VendorAccounts {
  carrier: CarrierAccount;
  /** In the order in which they are turned to. */
  transcribers: readonly TranscriberAccess[];
  brain: VendorAccess;
  brainFallback: VendorAccess;
  voice: VendorAccess;
  world: RunningWorld | undefined;
}

/** A caller number outside every real plan's use: 555-01xx is kept for examples. */
const worldCallerNumber = "+14155550100" as E164;
/** Live calls and their ledger that a long-running world keeps. */
const worldKeepsCalls = 5_000;
/** The world's own pace leaves room, so that its queue stays empty and ours decides. */
const worldPaceMargin = 1.5;

export interface AccountDeps {
  config: Config;
  clock: Clock;
  log: Log;
  /** Default: a phone world in this process. */
  startWorld?: StartWorld | undefined;
}

/** Takes the configured accounts, or starts a phone world and takes its own. `publicUrl` is where this service itself is reached. */
export async function vendorAccounts(deps: AccountDeps, publicUrl: string): Promise<VendorAccounts> {
  const { vendors } = deps.config;
  if (vendors.kind === "real") {
    const { carrier, transcribers, brain, brainFallback, voice } = vendors;
    return { carrier: { ...carrier, publicUrl, simulated: false }, transcribers, brain, brainFallback, voice, world: undefined };
  }
  const account = {
    accountSid: `AC${randomBytes(16).toString("hex")}`,
    authToken: randomBytes(16).toString("hex"),
    callsPerSecond: deps.config.callsPerSecond * worldPaceMargin,
  };
  const world = await (deps.startWorld ?? worldHere(deps))(account);
  const access = (path = ""): VendorAccess => ({ apiKey: "phone-world", baseUrl: world.origin + path });
  return {
    carrier: { accountSid: account.accountSid, authTokens: [account.authToken], fromNumbers: [worldCallerNumber], apiBaseUrl: world.origin, publicUrl, simulated: true },
    transcribers: vendors.transcribers.map((vendor) => ({ vendor, ...access(vendor === "openai" ? "/v1" : "") })),
    brain: access("/v1"),
    brainFallback: access("/v1"),
    voice: access(),
    world,
  };
}

function worldHere(deps: AccountDeps): StartWorld {
  return (account) => startPhoneWorld({ ...account, keepCalls: worldKeepsCalls, clock: deps.clock, log: deps.log.child({ part: "phone world" }) });
}
