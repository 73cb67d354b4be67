import type { Paise } from "../../domain/money.ts";

/** Paise per one unit of a currency the carrier bills in, such as `{ USD: 8_800 }`. */
export type ExchangeRates = Readonly<Record<string, number>>;

/**
 * Reads Twilio's price ("-0.0140" and "USD": a charge is negative) as paise, rounded up so that a cap errs on the safe
 * side; null while Twilio has not priced the call, or bills in a currency nobody gave a rate for.
 */
export function paiseFromPrice(price: string | null | undefined, unit: string | null | undefined, rates: ExchangeRates): Paise | null {
  if (price === null || price === undefined || price === "") return null;
  const amount = Number(price);
  const rate = rates[(unit ?? "USD").toUpperCase()];
  if (!Number.isFinite(amount) || rate === undefined) return null;
  return Math.ceil(Math.abs(amount) * rate - 1e-9);
}
