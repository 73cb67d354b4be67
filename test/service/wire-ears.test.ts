import { expect, test } from "vitest";
import { type TranscriberVendor, transcriberVendors } from "../../src/config/variables.ts";
import type { Config } from "../../src/config.ts";
import type { RunningWorld } from "../../src/service/vendor-accounts.ts";
import { wireEars } from "../../src/service/wire-ears.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";

const models = { transcriber: "flux-general-multi", transcriberFallback: "nova-3", openAiTranscriber: "gpt-live-transcribe" } as Config["models"];
const access = { apiKey: "key", baseUrl: null };
const world: RunningWorld = { origin: "http://127.0.0.1:1", close: () => Promise.resolve() };

function earsOf(vendors: readonly TranscriberVendor[], where: RunningWorld | undefined): string[] {
  const accounts = { transcribers: vendors.map((vendor) => ({ vendor, ...access })), world: where };
  return wireEars({ config: { models }, accounts, clock: manualClock("2026-12-01T10:00"), log: silentLog }).map((ear) => ear.name);
}

test("ears stand in the order of the settings", () => {
  expect(earsOf(transcriberVendors, undefined)).toEqual(["deepgram", "openai gpt-live-transcribe"]);
  expect(earsOf(["openai", "deepgram"], { ...world, certificatePem: "pem" })).toEqual(["openai gpt-live-transcribe", "deepgram"]);
});

test("a phone world without TLS has no ears of OpenAI's, and nobody at all is refused", () => {
  expect(earsOf(transcriberVendors, world)).toEqual(["deepgram"]);
  expect(() => earsOf(["openai"], world)).toThrow("STT_PROVIDERS");
});
