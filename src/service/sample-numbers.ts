import type { Carrier } from "../dial/ports.ts";
import type { E164 } from "../domain/phone-number.ts";

/**
 * The lists in `campaigns/` use this block, because India reserves no numbers for examples. Whoever holds such a number
 * must not be rung because somebody tried a sample on a real account.
 */
const sampleBlock = /^\+9160000\d{5}$/;

export function isSampleNumber(number: E164): boolean {
  return sampleBlock.test(number);
}

/** The same carrier, except that it never rings a number of the sample lists. */
export function refuseSampleNumbers(carrier: Carrier): Carrier {
  return {
    ...carrier,
    place: (order) =>
      isSampleNumber(order.to)
        ? Promise.resolve({ kind: "refused", reason: "other", code: "sample_number", detail: "numbers of the sample lists are dialed in the phone world only", scope: "contact" })
        : carrier.place(order),
  };
}
