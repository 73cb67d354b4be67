import type { Random } from "../../src/domain/random.ts";
import { between, chance, pick, some } from "./draw.ts";
import type { Choice, Person } from "./oracle/truth.ts";

const dayMs = 86_400_000;

/** What a subscriber may have chosen; nobody chose anything about half of the time. */
export function drawChoice(random: Random): Choice {
  const nothing = { categories: [], modes: [], bands: [], days: [] };
  const scheme = pick(random, ["none", "none", "none", "none", "none", "partial", "partial", "partial", "partial", "full_block", "block_promo", "legacy"] as const);
  if (scheme !== "partial") return { scheme, ...nothing };
  const choice: Choice = {
    scheme,
    categories: chance(random, 0.4) ? some(random, [1, 2, 3, 4, 5, 6, 7, 8], 0.3) : [],
    modes: chance(random, 0.3) ? [pick(random, [11, 12, 13, 14, 15])] : [],
    bands: chance(random, 0.5) ? some(random, [21, 22, 23, 24, 25, 26, 27, 28, 29], 0.4) : [],
    days: chance(random, 0.5) ? some(random, [31, 32, 33, 34, 35, 36, 37, 38], 0.35) : [],
  };
  const codes = [...choice.categories, ...choice.modes, ...choice.bands, ...choice.days];
  return codes.length > 0 ? choice : { ...choice, days: [38] };
}

/** Consents near the ends of their clocks, so that some run out within the stretch. */
export function drawConsent(random: Random, nowMs: number): Person["consents"][number] {
  const basis = pick(random, ["inferred", "explicit", "enquiry", "dca"] as const);
  const lastsDays = { inferred: 0, explicit: 7, enquiry: 7, dca: 365 }[basis];
  const givenAtMs = Math.floor(nowMs - between(random, 0, 1) * dayMs * (lastsDays === 0 ? 100 : 1.2 * Math.min(lastsDays, 7)) - (lastsDays > 7 ? (lastsDays - 7) * dayMs : 0));
  const ends = basis === "inferred" || chance(random, 0.15);
  const endsAtMs = ends ? Math.floor(Math.max(givenAtMs + 1_000, nowMs + between(random, -1, 5) * dayMs)) : null;
  return { basis, givenAtMs, endsAtMs, revokedAtMs: null, onDlt: basis !== "inferred" && chance(random, 0.6) };
}

export function drawPerson(random: Random, number: string, nowMs: number): Person {
  return {
    number,
    suppressed: [],
    refusals: [],
    holds: [],
    consents: chance(random, 0.6) ? Array.from({ length: chance(random, 0.3) ? 2 : 1 }, () => drawConsent(random, nowMs)) : [],
    choices: [{ fromMs: 0, choice: drawChoice(random) }],
  };
}
