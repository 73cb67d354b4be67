import type { VendorUsage } from "../domain/conversation.ts";
import type { Paise } from "../domain/money.ts";
import type { Prices } from "./ports.ts";

/**
 * What one call cost: the carrier's own price once known, else its started minutes at the configured price, plus
 * what the speech and language vendors were used for. Rounded up to the paisa, so that a cap errs on the safe side.
 */
export function callCostPaise(call: { durationSeconds: number | null; carrierPricePaise: number | null; usage: Partial<VendorUsage> }, prices: Prices): Paise {
  const startedMinutes = Math.ceil((call.durationSeconds ?? 0) / 60);
  const carrier = call.carrierPricePaise ?? startedMinutes * prices.carrierPerMinutePaise;
  const vendors =
    ((call.usage.transcriberSeconds ?? 0) / 60) * prices.transcriberPerMinutePaise +
    ((call.usage.voiceCharacters ?? 0) / 1_000) * prices.voicePerThousandCharactersPaise +
    ((call.usage.brainInputTokens ?? 0) / 1_000_000) * prices.brainPerMillionInputTokensPaise +
    ((call.usage.brainOutputTokens ?? 0) / 1_000_000) * prices.brainPerMillionOutputTokensPaise;
  return Math.ceil(carrier + vendors);
}
