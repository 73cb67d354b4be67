import { DateTime } from "luxon";
import type { SimCall } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { accountUri, callResource } from "./carrier-resource.ts";

/** A page of calls, newest first, as `GET Calls.json` answers it. Filter names are case-sensitive and literal: `StartTime>`. */
export function listCalls(context: CarrierContext, query: URLSearchParams): object {
  const pageSize = Math.min(1_000, Math.max(1, Number(query.get("PageSize") ?? 50) || 50));
  const page = Math.max(0, Number(query.get("Page") ?? 0) || 0);
  const matching = [...context.calls.values()].reverse().filter((call) => isVisible(context, call) && matches(call, query));
  const start = page * pageSize;
  const shown = matching.slice(start, start + pageSize);
  const uri = (number: number): string => {
    const parameters = new URLSearchParams(query);
    parameters.set("PageSize", String(pageSize));
    parameters.set("Page", String(number));
    parameters.set("PageToken", `PA${shown.at(-1) ? (shown.at(-1) as SimCall).sid : ""}`);
    return `${accountUri(context)}/Calls.json?${parameters.toString()}`;
  };
  return {
    calls: shown.map((call) => callResource(context, call)),
    page,
    page_size: pageSize,
    start,
    end: start + Math.max(0, shown.length - 1),
    uri: uri(page),
    first_page_uri: uri(0),
    previous_page_uri: page > 0 ? uri(page - 1) : null,
    next_page_uri: start + pageSize < matching.length ? uri(page + 1) : null,
  };
}

/** Lists and fetches are eventually consistent: a young call is not there yet. */
export function isVisible(context: CarrierContext, call: SimCall): boolean {
  const { clock, faults } = context.world;
  return clock.nowMs() - call.createdAtMs >= faults.listLagMs;
}

function matches(call: SimCall, query: URLSearchParams): boolean {
  const equals = (name: string, value: string): boolean => !query.has(name) || query.get(name) === value;
  return (
    equals("To", call.order.to) &&
    equals("From", call.order.from) &&
    equals("Status", call.status) &&
    query.get("ParentCallSid") === null &&
    inTime(query, "StartTime", call.startedAtMs) &&
    inTime(query, "EndTime", call.endedAtMs)
  );
}

/** A call that was never dialed has no start time, so every filter on it misses the call. */
function inTime(query: URLSearchParams, name: string, atMs: number | null): boolean {
  const after = instantOf(query.get(`${name}>`));
  const before = instantOf(query.get(`${name}<`));
  const day = query.get(name);
  if (after === undefined && before === undefined && day === null) return true;
  if (atMs === null) return false;
  if (day !== null && DateTime.fromMillis(atMs, { zone: "utc" }).toISODate() !== day.slice(0, 10)) return false;
  return (after === undefined || atMs >= after) && (before === undefined || atMs <= before);
}

function instantOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const instant = DateTime.fromISO(text, { zone: "utc" });
  return instant.isValid ? instant.toMillis() : undefined;
}
