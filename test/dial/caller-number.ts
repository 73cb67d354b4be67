import { type E164, readCallerNumber } from "../../src/domain/phone-number.ts";

/** The number that tests present. */
export const callerNumber: E164 = known("+14155550100");

function known(text: string): E164 {
  const number = readCallerNumber(text);
  if (number === undefined) throw new Error(`expected a caller number, got ${text}`);
  return number;
}
