import { Refusal } from "../domain/errors.ts";

/** Named parameters, of a query or of a form. */
export type Parameters = Readonly<Record<string, unknown>>;

/** The query of a URL. */
export function readQuery(url: string): Parameters {
  const at = url.indexOf("?");
  return readParameters(at === -1 ? [] : new URLSearchParams(url.slice(at + 1)));
}

/**
 * Parameters as a record: `map[phone]=Mobile` becomes a record under "map". A key that comes twice is refused: two readers of one
 * request would see two different things (ASVS 15.3.7).
 */
export function readParameters(pairs: Iterable<readonly [string, string]>): Parameters {
  const parameters: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const seen = new Set<string>();
  for (const [key, value] of pairs) {
    const path = key.slice(0, 80);
    if (seen.has(key)) throw new Refusal(400, "duplicate_parameter", `expected the parameter ${path} once`, { path });
    seen.add(key);
    if (value.includes("\0")) throw new Refusal(400, "invalid_query", `expected the parameter ${path} without NUL`, { path });
    const nested = /^([a-z_]{1,40})\[([^[\]]{1,80})\]$/.exec(key);
    if (!nested) {
      parameters[key] = value;
      continue;
    }
    const [, name = "", part = ""] = nested;
    const record = parameters[name] ?? {};
    parameters[name] = record;
    if (typeof record !== "object" || record === null) throw new Refusal(400, "duplicate_parameter", `expected the parameter ${name} once`, { path });
    Object.defineProperty(record, part, { value, enumerable: true });
  }
  return parameters;
}

/** Both together: what the query says wins over the form, also within a record. */
export function queryOverForm(query: Parameters, form: Parameters): Parameters {
  const both: Record<string, unknown> = Object.assign(Object.create(null) as Record<string, unknown>, form, query);
  for (const [name, value] of Object.entries(query)) {
    const under = form[name];
    if (isRecord(value) && isRecord(under)) both[name] = { ...under, ...value };
  }
  return both;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
