/** Money is whole paise everywhere inside; rupees exist only at the edges. */
export type Paise = number;

const rupeesPattern = /^(?:(?:rs\.?|inr|₹)\s*)?(\d{1,3}(?:,\d{2,3})*|\d+)(?:\.(\d{1,2}))?(?:\s*\/-)?$/i;

/** Reads an amount of rupees as people write it ("4,500", "₹ 1,20,000.50", "Rs. 900/-"); undefined when it is none. */
export function paiseFromRupees(text: string): Paise | undefined {
  const match = rupeesPattern.exec(text.trim());
  if (!match) return undefined;
  const rupees = Number((match[1] ?? "").replaceAll(",", ""));
  const paise = Number((match[2] ?? "").padEnd(2, "0"));
  const total = rupees * 100 + paise;
  return Number.isSafeInteger(total) ? total : undefined;
}

/** "4500" or "4500.50": rupees as machines write them, without grouping. */
export function rupeesFromPaise(amountPaise: Paise): string {
  const sign = amountPaise < 0 ? "-" : "";
  const whole = Math.trunc(Math.abs(amountPaise) / 100);
  const paise = Math.abs(amountPaise) % 100;
  return paise === 0 ? `${sign}${whole}` : `${sign}${whole}.${String(paise).padStart(2, "0")}`;
}
