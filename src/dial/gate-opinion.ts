import type { DateTime } from "luxon";
import { callerNumbersOf } from "../domain/caller-numbers.ts";
import type { Definition } from "../domain/definition.ts";
import type { E164 } from "../domain/phone-number.ts";
import type { AccountVault } from "../domain/vault.ts";
import type { GateFacts } from "../rules/facts.ts";
import { breakerInTheWay } from "./breaker-state.ts";
import type { GateRow } from "./gate-facts.queries.ts";
import { type ContactFate, fateOf } from "./give-back.ts";
import { type CallerJudgement, judgeCallers } from "./judge-callers.ts";
import type { DialDeps } from "./ports.ts";
import { readDefinition } from "./read-definition.ts";
import { readGateFacts } from "./read-gate-facts.ts";

/** How long an attempt waits whose number has a call in another attempt. */
export const numberBusyMs = 30_000;

/** An attempt that may be called by law and now asks for room. */
export interface Candidate {
  row: GateRow;
  definition: Definition;
  /** Numbers that may be presented, in the order of the campaign. */
  pool: readonly E164[];
  /** What was said about the first number that the law allows. */
  judged: CallerJudgement;
  factsFor(callerNumber: E164 | null): GateFacts;
}

/** What the gate thinks of one attempt before it asks for room. */
export type Opinion =
  | { kind: "seeks_room"; candidate: Candidate }
  | { kind: "put_off"; row: GateRow; code: string; untilMs: number }
  | { kind: "refused"; row: GateRow; code: string; fate: ContactFate; judged?: CallerJudgement };

/** Judges an attempt on the facts the database gave: pure but for reading the definition and, where a rule asks for it, a sealed variable. */
export function opinionOf(deps: Pick<DialDeps, "settings" | "carrier">, input: { row: GateRow; vault: AccountVault; now: DateTime<true> }): Opinion {
  const { row, vault, now } = input;
  const nowMs = now.toMillis();
  if (row.contact_state !== "planned") return { kind: "refused", row, code: `contact_${row.contact_state}`, fate: { kind: "left_alone" } };
  if (row.number_sealed === null) return { kind: "refused", row, code: "erased", fate: { kind: "blocked", because: "erased" } };
  if (row.number_busy) return { kind: "put_off", row, code: "number_busy", untilMs: nowMs + numberBusyMs };
  const definition = readDefinition(row.definition);
  const pool = poolOf(definition, deps);
  const unnumbered = readGateFacts({ row, definition, callerNumber: null, acknowledged: deps.settings.acknowledged, vault });
  const factsFor = (callerNumber: E164 | null): GateFacts => ({ ...unnumbered, callerNumber });
  const judged = judgeCallers(pool.length === 0 ? [null] : pool, factsFor, now);
  if (judged.judgement.verdict.kind !== "call") return { kind: "refused", row, ...fateOf(judged.judgement, row.campaign_state, nowMs), judged };
  const breaker = breakerInTheWay(row.breakers, nowMs);
  if (breaker) return { kind: "put_off", row, ...breaker };
  return { kind: "seeks_room", candidate: { row, definition, pool, judged, factsFor } };
}

function poolOf(definition: Definition, deps: Pick<DialDeps, "settings" | "carrier">): E164[] {
  return callerNumbersOf(definition, deps.settings.fromNumbers).filter((number) => deps.carrier.canPresent(number));
}
