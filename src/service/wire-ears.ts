import { deepgramTranscriber } from "../adapters/deepgram/transcriber.ts";
import { openAiTranscriber } from "../adapters/openai/transcriber.ts";
import type { Config } from "../config.ts";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { Transcriber } from "../talk/ports.ts";
import type { VendorAccounts } from "./vendor-accounts.ts";

/** Who hears, in the order in which a call turns to them. A phone world without TLS has no ears of OpenAI's; throws when that leaves nobody. */
export function wireEars(parts: { config: Pick<Config, "models">; accounts: Pick<VendorAccounts, "transcribers" | "world">; clock: Clock; log: Log }): readonly Transcriber[] {
  const { accounts, clock, log } = parts;
  const { models } = parts.config;
  const certificatePem = accounts.world?.certificatePem;
  const ears = accounts.transcribers.flatMap(({ vendor, apiKey, baseUrl }) => {
    switch (vendor) {
      case "deepgram":
        return [deepgramTranscriber({ apiKey, baseUrl, clock, model: models.transcriber, fallbackModel: models.transcriberFallback })];
      case "openai":
        if (accounts.world && certificatePem === undefined) return [];
        return [openAiTranscriber({ apiKey, baseUrl, clock, log, model: models.openAiTranscriber, certificatePem })];
    }
  });
  if (ears.length === 0) throw new Error("expected somebody who hears: this phone world has no TLS, on which OpenAI insists; name deepgram in STT_PROVIDERS too");
  return ears;
}
