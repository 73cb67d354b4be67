import { closesAt, type DailyWindow, type Opening, opensAt } from "../daily-window.ts";
import type { HoldFacts, HoursWish } from "../facts.ts";
import { minuteOfDay } from "../ist-calendar.ts";
import { cannotDecide, type ContactRule, mayCall, never, waitUntil } from "../rule.ts";

/**
 * A person's own wish about hours, "only then" or "not then". It narrows; a wish to be called outside the law's window
 * is not acted upon. Of several "only" wishes the newest counts, of the "not" wishes all do.
 */
export const contactHours: ContactRule = {
  id: "contact-hours",
  title: "The person's own wish about hours is kept",
  citations: ["RBI Fourth Amendment Directions, para 454Y(4): a borrower's \"not at this time\" is honoured"],
  certainty: "several_sources",
  inForce: { from: "2022-08-12", to: null },
  about: "contact",
  decide({ purpose, holds }, nowMs) {
    if (purpose === "transactional") return mayCall();
    if (holds === "unknown") return cannotDecide("holds");
    const wishes = holds.filter((hold) => hold.kind === "hours");
    if (wishes.length === 0) return mayCall();
    if (wishes.some((hold) => hold.hours === "unknown" || hold.hours === null)) return cannotDecide("holds");
    let atMs = nowMs;
    for (let step = 0; step < maxSteps; step += 1) {
      const next = nextCandidate(wishes, atMs);
      if (next === null) return atMs === nowMs ? mayCall() : waitUntil(atMs, "contact_hours", "the person asked not to be called at this time");
      if (next === "never") break;
      atMs = next;
    }
    return never("contact_hours", "the person's wishes about hours leave no time for a call");
  },
};

/** More changes than a year of days has between two wishes that never agree. */
const maxSteps = 1_000;

/** Null when every wish open at `atMs` is content with it; else a later instant before which none is. */
function nextCandidate(wishes: readonly HoldFacts[], atMs: number): Opening {
  const open = wishes.filter((hold) => atMs >= hold.startsAtMs && (hold.endsAtMs === null || atMs < hold.endsAtMs));
  const newestOnly = open.reduce<HoldFacts | undefined>(
    (newest, hold) => (wishOf(hold)?.mode === "only" && (!newest || hold.startsAtMs > newest.startsAtMs) ? hold : newest),
    undefined,
  );
  let candidate: Opening = null;
  for (const hold of open) {
    const wish = wishOf(hold);
    if (!wish || (wish.mode === "only" && hold !== newestOnly)) continue;
    const window = windowOf(wish);
    const opening = window === null ? "never" : wish.mode === "only" ? opensAt(window, atMs) : closesAt(window, atMs);
    if (opening === null) continue;
    const nextChangeMs = wishes.flatMap(({ startsAtMs, endsAtMs }) => [startsAtMs, endsAtMs ?? Infinity]).filter((ms) => ms > atMs);
    const soonestMs = Math.min(opening === "never" ? Infinity : opening, ...nextChangeMs);
    candidate = soonestMs === Infinity ? "never" : soonestMs;
    break;
  }
  return candidate;
}

function wishOf(hold: HoldFacts): HoursWish | undefined {
  return hold.hours === null || hold.hours === "unknown" ? undefined : hold.hours;
}

/** Null when the wish names no hours: "only" such a wish closes every hour. */
function windowOf(wish: HoursWish): DailyWindow | null {
  const fromMinute = minuteOfDay(wish.from);
  const toMinute = minuteOfDay(wish.to);
  return fromMinute === undefined || toMinute === undefined ? null : { fromMinute, toMinute, days: wish.days };
}
