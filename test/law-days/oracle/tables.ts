import type { Campaign, Purpose } from "./truth.ts";

/**
 * The law once more, as tables, read straight from the texts and from nothing of the product: two readers rarely make the same slip.
 * Where texts disagree the stricter stands, as the product promises.
 */

/** Hours [from, to) in minutes after midnight IST, by purpose; recovery has a table of its own. */
export const hoursOf: Readonly<Record<Exclude<Purpose, "collection">, readonly [number, number] | null>> = {
  promotional: [10 * 60, 21 * 60],
  reminder: [9 * 60, 20 * 60],
  service: [9 * 60, 20 * 60],
  transactional: null,
};

/** Recovery, by the last IST date on which the line holds. */
export const recoveryHours: readonly { until: string; microfinance: readonly [number, number]; others: readonly [number, number] }[] = [
  { until: "2026-12-31", microfinance: [9 * 60, 18 * 60], others: [8 * 60, 19 * 60] },
  { until: "9999-12-31", microfinance: [8 * 60, 19 * 60], others: [8 * 60, 19 * 60] },
];

/** The band of each hour of the day. */
export const bandOfHour: readonly number[] = [21, 21, 21, 21, 21, 21, 22, 22, 23, 23, 24, 24, 25, 25, 26, 26, 27, 27, 28, 28, 28, 29, 29, 29];

/** Modes under which a machine's call falls; 14 when it may go on with a person. */
export const machineModes: readonly number[] = [10, 11, 13, 15];
export const handOverMode = 14;

/** Certain in every year. */
export const nationalHolidays: ReadonlySet<string> = new Set(["01-26", "08-15", "10-02"]);

/** Series that service calls of a sector must present, and the first IST date on which they must. */
export const seriesOfSector: Readonly<Record<string, { prefix: string; since: string }>> = {
  lending: { prefix: "+911600", since: "2026-01-01" },
  insurance: { prefix: "+911600", since: "2026-02-15" },
  utility: { prefix: "+911601", since: "2026-11-08" },
};

const dayMs = 86_400_000;
export const explicitDaysMs = 7 * dayMs;
export const dcaMs = 365 * dayMs;
export const quietAfterRefusalMs = 90 * dayMs;
export const transactionMs = 30 * 60_000;
export const grievanceSpanMs = 10 * dayMs;
export const grievancesAtMost = 2;
export const weekMs = 7 * dayMs;

/** Which subscribers' blocks and scrubs a call is subject to. */
export function classOf(campaign: Pick<Campaign, "purpose" | "basis">): "promotional" | "service_explicit" | "free" {
  if (campaign.purpose === "promotional") return "promotional";
  if (campaign.purpose === "transactional" || campaign.basis === "inferred") return "free";
  return campaign.basis === null && campaign.purpose !== "service" ? "free" : "service_explicit";
}
