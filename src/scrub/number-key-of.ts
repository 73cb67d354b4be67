import { Refusal } from "../domain/errors.ts";
import type { NumberKey, Vault } from "../domain/vault.ts";
import { listNumber, numberProblem } from "./list-number.ts";

/** The key of a number an asker wrote. Refuses: 422 `invalid_number`. */
export function numberKeyOf(vault: Vault, text: string): NumberKey {
  const reading = listNumber(text);
  if (reading.ok) return vault.numberKey(reading.number);
  throw new Refusal(422, "invalid_number", numberProblem(reading.reason), { errors: [{ path: "number", message: numberProblem(reading.reason) }] });
}
