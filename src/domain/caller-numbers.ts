import type { Definition } from "./definition.ts";
import { type E164, readCallerNumber } from "./phone-number.ts";

/** The numbers a campaign may present, in the order of its definition: its own, or those of the deployment when it names none. */
export function callerNumbersOf(definition: Definition, ofDeployment: readonly E164[]): readonly E164[] {
  const own = (definition.from_numbers ?? []).flatMap((number) => readCallerNumber(number) ?? []);
  return own.length > 0 ? own : ofDeployment;
}
