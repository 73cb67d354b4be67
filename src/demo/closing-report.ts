import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { ApiClient } from "./api-client.ts";
import type { DemoCampaign } from "./steps.ts";
import { textTable } from "./text-table.ts";

const report = z.looseObject({
  attempts: z.number(),
  connect_rate: z.number().nullable(),
  dispositions: z.array(z.object({ disposition: z.string(), contacts: z.number(), reached: z.boolean() })),
  latency: z.object({
    turns: z.number(),
    reply_p50_ms: z.number().nullable(),
    reply_p95_ms: z.number().nullable(),
    greeting_p50_ms: z.number().nullable(),
    greeting_p95_ms: z.number().nullable(),
  }),
  cost: z.object({ total_inr: z.number(), per_reached_inr: z.number().nullable(), talk_minutes: z.number() }),
});

const outcome = z.looseObject({ state: z.string(), blocked_reason: z.string(), disposition: z.string() });

/** Where every row of one list ended: each row is in exactly one of four places. */
export interface Accounting {
  rows: number;
  rejected: number;
  blocked: number;
  reached: number;
  notReached: number;
  rejectsByReason: Readonly<Record<string, number>>;
  blockedByReason: Readonly<Record<string, number>>;
}

/** Counts the rows of a list from intake's report and from the exported outcomes, never from one source alone. */
export function accountFor(campaign: DemoCampaign, outcomesCsv: string): Accounting {
  const rows = parse(outcomesCsv, { columns: true, bom: true }).map((row: unknown) => outcome.parse(row));
  const inState = (...states: string[]): number => rows.filter((row) => states.includes(row.state)).length;
  const blockedByReason: Record<string, number> = {};
  for (const row of rows.filter((one) => one.state === "blocked")) blockedByReason[row.blocked_reason] = (blockedByReason[row.blocked_reason] ?? 0) + 1;
  return {
    rows: campaign.list.rows,
    rejected: campaign.list.rows - campaign.list.accepted,
    blocked: inState("blocked"),
    reached: inState("done", "held"),
    notReached: inState("exhausted", "cancelled"),
    rejectsByReason: campaign.list.rejects_by_reason,
    blockedByReason,
  };
}

/** Whether every row is in exactly one place. */
export function addsUp(accounting: Accounting): boolean {
  return accounting.rows === accounting.rejected + accounting.blocked + accounting.reached + accounting.notReached;
}

/** The closing report of one campaign as text. */
export async function closingReport(api: ApiClient, campaign: DemoCampaign, accounting: Accounting): Promise<string> {
  const seen = await api.get(`/v1/campaigns/${campaign.id}/report`, report);
  const percent = seen.connect_rate === null ? "–" : `${Math.round(seen.connect_rate * 100)} %`;
  return [
    campaign.name,
    textTable([
      ["rows in the list", accounting.rows],
      ["  rejected by intake", accounting.rejected],
      ["  blocked by the law", accounting.blocked],
      ["  reached", accounting.reached],
      ["  not reached", accounting.notReached],
    ]),
    `  ${addsUp(accounting) ? "every row is in exactly one place" : "THE ROWS DO NOT ADD UP"}; ${seen.attempts} calls, connect rate ${percent}`,
    ...reasonLines("rejected", accounting.rejectsByReason),
    ...reasonLines("blocked", accounting.blockedByReason),
    "",
    "  what came of the calls",
    textTable(seen.dispositions.map((line) => [line.disposition, line.contacts, line.reached ? "reached" : "not reached"]), "    "),
    "",
    textTable([
      ["first sound after we heard of the pick-up", `${shown(seen.latency.greeting_p50_ms)} p50`, `${shown(seen.latency.greeting_p95_ms)} p95`],
      [`reply after the person stopped (${seen.latency.turns} turns)`, `${shown(seen.latency.reply_p50_ms)} p50`, `${shown(seen.latency.reply_p95_ms)} p95`],
      ["talk", `${seen.cost.talk_minutes} min`],
      ["cost at list prices", `₹${seen.cost.total_inr.toFixed(2)}`, `₹${(seen.cost.per_reached_inr ?? 0).toFixed(2)} per person reached`],
    ]),
  ].join("\n");
}

const shown = (ms: number | null): string => (ms === null ? "–" : `${ms} ms`);

function reasonLines(what: string, counts: Readonly<Record<string, number>>): string[] {
  const text = Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(", ");
  return text === "" ? [] : [`  ${what}: ${text}`];
}
