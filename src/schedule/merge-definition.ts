/**
 * Lays overrides over a definition by the rules of JSON Merge Patch (RFC 7396): objects merge member by member, `null`
 * removes a member, everything else (lists too) replaces what was there. Neither argument is changed.
 */
export function mergeDefinition(target: unknown, overrides: unknown): unknown {
  if (!isObject(overrides)) return overrides;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(overrides)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergeDefinition(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
