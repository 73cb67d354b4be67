import type { Tx } from "../db/database.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import { decisionOf } from "../domain/verdict.ts";
import type { AccountVault } from "../domain/vault.ts";
import type { Claim } from "./claim.ts";
import { type Allotted, claimWithRoom } from "./claim-with-room.ts";
import { writeEvidence } from "./evidence.queries.ts";
import { accountsOfPlanned, type GateRow, loadGateRows } from "./gate-facts.queries.ts";
import { type Opinion, opinionOf } from "./gate-opinion.ts";
import { type Postponement, postponeAttempts } from "./give-back.queries.ts";
import { refuseAttempt } from "./give-back.ts";
import type { DialDeps } from "./ports.ts";

/** What the gate made of an attempt. */
export type GateOutcome =
  | { kind: "claimed"; claim: Claim }
  /** Allowed or not yet asked, but there is no room now; it stays planned. */
  | { kind: "postponed"; code: string; untilMs: number }
  | { kind: "refused"; code: string }
  /** Allowed, but its place in the pace is not near; it stays planned and asks again then. */
  | { kind: "early"; untilMs: number }
  /** Somebody else has it, or it is not planned any more: nothing to do. */
  | { kind: "gone" };

/** An attempt that asks to be let through. */
export interface GateAsk {
  attemptId: AttemptId;
  /** How often it was told that it comes too early. */
  cameEarly: number;
}

/**
 * The gate, for all attempts that ask at once. One transaction locks them, loads every fact of all of them in one round
 * trip, judges each by itself, counts slots, money and pace under the slot lock, and either claims an attempt with its
 * evidence or writes why not. The slot lock comes last, after every judgement, and is held for the counting and the writing of
 * the claims only. Nothing is sent here. Answers one outcome per attempt, in their order.
 */
export async function passGates(deps: DialDeps, asks: readonly GateAsk[]): Promise<GateOutcome[]> {
  const attemptIds = asks.map((ask) => ask.attemptId);
  // Opened before the transaction: loading a key needs a connection of its own.
  const vaults = new Map<AccountId, AccountVault>();
  for (const accountId of await accountsOfPlanned(deps.db, attemptIds)) vaults.set(accountId, await deps.vault.forAccount(accountId));
  if (vaults.size === 0) return attemptIds.map(() => ({ kind: "gone" }));
  const outcomes = await deps.db.transaction().execute(async (tx) => {
    const rows = await loadGateRows(tx, { attemptIds, nowMs: deps.clock.nowMs(), lock: true });
    const rowOf = new Map(rows.map((row) => [row.attempt_id, row]));
    const inOrder = [...new Set(attemptIds)].flatMap((attemptId) => rowOf.get(attemptId) ?? []);
    return passRows(tx, deps, { rows: inOrder, vaults, cameEarly: new Map(asks.map((ask) => [ask.attemptId, ask.cameEarly])) });
  });
  for (const outcome of outcomes.values()) count(deps, outcome);
  return attemptIds.map((attemptId) => {
    const passed = outcomes.get(attemptId);
    // Who asks for the same attempt a second time in one breath does nothing: a claim has one holder.
    outcomes.delete(attemptId);
    return passed?.outcome ?? { kind: "gone" };
  });
}

interface Passed {
  outcome: GateOutcome;
  decision: "call" | "wait" | "never" | "postponed" | "early";
}

interface Asking {
  rows: readonly GateRow[];
  vaults: ReadonlyMap<AccountId, AccountVault>;
  cameEarly: ReadonlyMap<AttemptId, number>;
}

async function passRows(tx: Tx, deps: DialDeps, input: Asking): Promise<Map<AttemptId, Passed>> {
  const now = deps.clock.now();
  const opinions = input.rows.flatMap((row) => {
    const vault = input.vaults.get(row.account_id);
    return vault ? [opinionOf(deps, { row, vault, now })] : [];
  });
  const passed = new Map<AttemptId, Passed>();
  for (const opinion of opinions) if (opinion.kind === "refused") passed.set(opinion.row.attempt_id, await refuse(tx, deps, opinion));
  const putOff: Postponement[] = opinions.flatMap((opinion) => (opinion.kind === "put_off" ? [{ attemptId: opinion.row.attempt_id, code: opinion.code, untilMs: opinion.untilMs }] : []));
  const candidates = opinions.flatMap((opinion) => (opinion.kind === "seeks_room" ? [{ ...opinion.candidate, cameEarly: input.cameEarly.get(opinion.candidate.row.attempt_id) ?? 0 }] : []));
  const { claims, postponed, early, refused } = candidates.length === 0 ? nothing : await claimWithRoom(tx, deps, candidates);
  for (const opinion of refused) passed.set(opinion.row.attempt_id, await refuse(tx, deps, opinion));
  const waiting = [...putOff, ...postponed];
  await postponeAttempts(tx, waiting, new Date(deps.clock.nowMs()));
  for (const claim of claims) passed.set(claim.attemptId, { outcome: { kind: "claimed", claim }, decision: "call" });
  for (const { attemptId, code, untilMs } of waiting) passed.set(attemptId, { outcome: { kind: "postponed", code, untilMs }, decision: "postponed" });
  for (const { attemptId, untilMs } of early) passed.set(attemptId, { outcome: { kind: "early", untilMs }, decision: "early" });
  return passed;
}

const nothing: Allotted = { claims: [], postponed: [], early: [], refused: [] };

async function refuse(tx: Tx, deps: DialDeps, { row, code, fate, judged }: Extract<Opinion, { kind: "refused" }>): Promise<Passed> {
  const at = deps.clock.now();
  await refuseAttempt(tx, { attemptId: row.attempt_id, contactId: row.contact_id, from: "planned", code, fate, now: at.toJSDate() });
  const decision = judged ? decisionOf(judged.judgement.verdict) : "never";
  await writeEvidence(tx, [
    {
      accountId: row.account_id,
      campaignId: row.campaign_id,
      contactId: row.contact_id,
      attemptId: row.attempt_id,
      numberKey: row.number_key,
      at,
      decision,
      code,
      callerNumber: judged?.callerNumber ?? null,
      carrier: deps.carrier.name,
      findings: judged?.judgement.findings ?? [],
      facts: judged?.facts ?? null,
    },
  ]);
  return { outcome: { kind: "refused", code }, decision };
}

function count(deps: DialDeps, { outcome, decision }: Passed): void {
  // Who comes too early is counted when the time has come.
  if (outcome.kind === "gone" || outcome.kind === "early" || decision === "early") return;
  deps.metrics?.gate(decision, outcome.kind === "claimed" ? "allowed" : outcome.code);
}
