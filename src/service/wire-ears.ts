import { deepgramTranscriber } from "../adapters/deepgram/transcriber.ts";
import { openAiTranscriber } from "../adapters/openai/transcriber.ts";
import type { Config } from "../config.ts";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { Transcriber } from "../talk/ports.ts";
import type { VendorAccounts } from "./vendor-accounts.ts";

/** Who hears, in the order in which a call turns to them. A phone world without TLS has no ears of OpenAI's. */
export function wireEars(parts: { config: Config; accounts: VendorAccounts; clock: Clock; log: Log }): readonly Transcriber[] {
  const { accounts, clock, log } = parts;
  const { models } = parts.config;
  const certificatePem = accounts.world?.certificatePem;
  return accounts.transcribers.flatMap(({ vendor, apiKey, baseUrl }) => {
    switch (vendor) {
      case "deepgram":
        return [deepgramTranscriber({ apiKey, baseUrl, clock, model: models.transcriber, fallbackModel: models.transcriberFallback })];
      case "openai":
        if (accounts.world && certificatePem === undefined) return [];
        return [openAiTranscriber({ apiKey, baseUrl, clock, log, model: models.openAiTranscriber, certificatePem })];
    }
  });
}
