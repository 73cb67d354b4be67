import { Refusal } from "../domain/errors.ts";

/**
 * The query of a URL. `map[phone]=Mobile` becomes a record under "map". A key that comes twice is refused: two readers of one
 * request would see two different things (ASVS 15.3.7).
 */
export function readQuery(url: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const at = url.indexOf("?");
  if (at === -1) return query;
  const seen = new Set<string>();
  for (const [key, value] of new URLSearchParams(url.slice(at + 1))) {
    if (seen.has(key)) throw new Refusal(400, "duplicate_parameter", `expected the query parameter ${key.slice(0, 80)} once`, { path: key.slice(0, 80) });
    seen.add(key);
    if (value.includes("\0")) throw new Refusal(400, "invalid_query", `expected the query parameter ${key.slice(0, 80)} without NUL`, { path: key.slice(0, 80) });
    const nested = /^([a-z_]{1,40})\[([^[\]]{1,80})\]$/.exec(key);
    if (!nested) {
      query[key] = value;
      continue;
    }
    const [, name = "", part = ""] = nested;
    const record = query[name] ?? {};
    query[name] = record;
    if (typeof record !== "object" || record === null) throw new Refusal(400, "duplicate_parameter", `expected the query parameter ${name} once`, { path: key.slice(0, 80) });
    Object.defineProperty(record, part, { value, enumerable: true });
  }
  return query;
}
