import type { DefinitionSource } from "../../src/domain/definition.ts";
import type { Random } from "../../src/domain/random.ts";
import { testDefinition } from "../support/rows.ts";
import { chance, pick, some } from "./draw.ts";
import type { Basis, Campaign, Purpose, Sender } from "./oracle/truth.ts";

/** Numbers the senders have, one of each kind. */
export const shown = { promotional: "+911401234567", finance: "+911600123456", utility: "+911601123456", ordinary: "+912240001234", foreign: "+14155550100" } as const;

type Sector = NonNullable<DefinitionSource["sector"]>;
const sectors: readonly Sector[] = ["lending", "lending", "lending", "insurance", "education", "health", "retail", "utility", "other"];
/** Where the sector's offers have one category only, it need not be stated. */
const onlyCategory: Partial<Record<Sector, number>> = { lending: 1, insurance: 1, education: 3, health: 4 };

export interface DrawnCampaign {
  source: DefinitionSource;
  truth: Campaign;
}

/** A definition, and what it says in the words of the oracle. */
export function drawCampaign(random: Random, input: { name: string; purpose: Purpose; sender: Sender; nowMs: number }): DrawnCampaign {
  const { name, purpose, sender, nowMs } = input;
  const sector = purpose === "collection" && chance(random, 0.85) ? "lending" : pick(random, sectors);
  const microfinance = purpose === "collection" && chance(random, 0.5);
  const mayTransfer = chance(random, 0.3);
  const stated = purpose === "promotional" && !(onlyCategory[sector] !== undefined && chance(random, 0.5)) ? pick(random, [1, 2, 3, 5, 6, 7, 8]) : undefined;
  const basis = drawBasis(random, purpose);
  const hours = chance(random, 0.4) ? drawHours(random) : null;
  const pausesAt = chance(random, 0.2) ? pick(random, [1, 2, 3, 5]) : null;
  const caps = { perDay: pick(random, [1, 2, 3]), perWeek: pick(random, [3, 4, 6, 15]) };
  const source = testDefinition({
    name,
    purpose,
    sector,
    microfinance,
    may_transfer: mayTransfer,
    languages: [pick(random, ["hi-IN", "en-IN", "ta-IN", "bn-IN"]), "en-IN"],
    agent: { persona: "the assistant", greeting: "namaste {{name}}" },
    variables: purpose === "collection" ? { party: { type: "text" } } : {},
    dispositions: {
      promise_to_pay: { fields: { amount: "money", date: "date" } },
      complaint: { then: "hold" },
      dispute: { then: "hold" },
      hardship: { then: "hold" },
      bereavement: { then: "hold" },
    },
    retry: { no_answer: ["30m", "2h", "3h"], busy: ["10m", "1h"], failed: ["1h"], voicemail: ["4h"] },
    limits: { attempts: 6, cps: 4, concurrency: 8, per_number_per_day: caps.perDay, per_number_per_week: caps.perWeek, ...(pausesAt !== null && { opt_outs_in_ten_days: pausesAt }), max_call_seconds: 90, ring_seconds: 25 },
    recording: chance(random, 0.15) ? { mode: "consent", notice: "may this call be recorded?" } : { mode: "off" },
    from_numbers: drawNumbers(random, purpose, sector),
    ...(hours && { window: { from: hours.from, to: hours.to, ...(hours.days && { days: [...hours.days] }) } }),
    ...(stated !== undefined && { preference_category: stated }),
  });
  const { consent: _, ...withoutBasis } = source;
  return {
    source: basis === null ? withoutBasis : { ...source, consent: basis },
    truth: {
      name,
      sender,
      purpose,
      sector,
      microfinance,
      mayTransfer,
      category: stated ?? onlyCategory[sector] ?? null,
      basis,
      acknowledged: [],
      windows: [{ fromMs: 0, hours }],
      caps: [{ fromMs: nowMs, ...caps }],
      pausesAt,
      running: [],
      runs: [],
      contacts: new Map(),
    },
  };
}

function drawBasis(random: Random, purpose: Purpose): Basis | null {
  switch (purpose) {
    case "promotional":
      return chance(random, 0.85) ? null : pick(random, ["explicit", "enquiry", "dca"]);
    case "service":
      return pick(random, ["inferred", "inferred", "explicit", "enquiry", "dca", null]);
    case "transactional":
      return null;
    case "reminder":
    case "collection":
      return chance(random, 0.85) ? "inferred" : null;
  }
}

/** Wider than the law, narrower, and on some days only. */
export function drawHours(random: Random): { from: string; to: string; days: readonly number[] | null } {
  const [from, to] = pick(random, [["10:00", "18:30"], ["07:00", "23:00"], ["12:15", "12:45"], ["00:00", "23:59"], ["17:30", "20:45"]] as const);
  const days = chance(random, 0.3) ? some(random, [1, 2, 3, 4, 5, 6, 7], 0.7) : [];
  return { from, to, days: days.length > 0 ? days : null };
}

/** Mostly the right number, sometimes a foreign one beside it, rarely a wrong one alone or among them: then the start is refused. */
function drawNumbers(random: Random, purpose: Purpose, sector: Sector): string[] {
  const right = purpose === "promotional" ? shown.promotional : sector === "lending" || sector === "insurance" ? shown.finance : sector === "utility" ? shown.utility : shown.ordinary;
  const others = [...(chance(random, 0.15) ? [shown.foreign] : []), ...some(random, Object.values(shown), 0.02)].filter((number) => number !== right);
  return chance(random, 0.96) ? (chance(random, 0.5) ? [right, ...others] : [...others, right]) : [pick(random, Object.values(shown))];
}
