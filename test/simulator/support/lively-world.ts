import { DateTime } from "luxon";
import { onTestFinished } from "vitest";
import twilio from "twilio";
import { runningClock } from "../../../src/adapters/system/clock.ts";
import { type PhoneWorld, type PhoneWorldOptions, startPhoneWorld } from "../../../src/simulator/phone-world.ts";
import { silentLog } from "../../support/log.ts";
import { type OurSide, startOurSide } from "./our-side.ts";

export const accountSid = `AC${"0".repeat(31)}1`;
export const authToken = "a token of the phone world";
export const start = DateTime.fromISO("2026-11-23T11:00:00+05:30", { zone: "Asia/Kolkata" });

export type CallParameters = Partial<Parameters<twilio.Twilio["calls"]["create"]>[0]>;

export interface LivelyWorld {
  world: PhoneWorld;
  ours: OurSide;
  client: twilio.Twilio;
  clock: ReturnType<typeof runningClock>;
  /** Places a call with the stream TwiML, or with what is given. */
  call(to: string, parameters?: CallParameters): Promise<string>;
  streamTwiml(after?: string): string;
}

/** A phone world running twenty times as fast as ours, with our side beside it. */
export async function livelyWorld(options: Partial<PhoneWorldOptions> & { rate?: number } = {}): Promise<LivelyWorld> {
  const clock = runningClock({ startMs: start.toMillis(), rate: options.rate ?? 20 });
  const world = await startPhoneWorld({ clock, log: silentLog, accountSid, authToken, callsPerSecond: 50, ...options });
  const ours = await startOurSide(authToken);
  onTestFinished(async () => {
    await world.close();
    await ours.close();
  });
  const client = twilio(accountSid, authToken, { env: {} });
  client.api.baseUrl = world.origin;
  const streamTwiml = (after = ""): string => `<Response><Connect><Stream url="${ours.mediaUrl}"><Parameter name="token" value="once"/></Stream></Connect>${after}</Response>`;
  return {
    world,
    ours,
    client,
    clock,
    streamTwiml,
    async call(to, parameters = {}) {
      const call = await client.calls.create({
        to,
        from: "+14155550100",
        twiml: streamTwiml(),
        statusCallback: `${ours.origin}/status?t=token`,
        statusCallbackEvent: ["initiated", "ringing", "answered", "completed"],
        ...parameters,
      });
      return call.sid;
    },
  };
}
