import { type Definition, dispositionRule } from "./definition.ts";
import { rupeesFromPaise } from "./money.ts";

/** A disposition's fields, as they are stored. */
export type DispositionFields = Readonly<Record<string, string | number | boolean>>;

/** The fields as every door, file and webhook shows them: money in rupees, everything else as stored. */
export function shownFields(stored: DispositionFields, definition: Definition, disposition: string | null): Record<string, string | number | boolean> {
  const types = (disposition === null ? undefined : dispositionRule(definition, disposition)?.fields) ?? {};
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [name, types[name] === "money" && typeof value === "number" ? Number(rupeesFromPaise(value)) : value]),
  );
}
