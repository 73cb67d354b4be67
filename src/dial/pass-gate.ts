import type { Tx } from "../db/database.ts";
import { type Definition, definitionSchema } from "../domain/definition.ts";
import type { AttemptId } from "../domain/ids.ts";
import { type E164, readCallerNumber } from "../domain/phone-number.ts";
import type { AccountVault } from "../domain/vault.ts";
import type { GateFacts } from "../rules/facts.ts";
import { breakerInTheWay, takeTrials, trialEveryMs } from "./breaker-state.ts";
import { lockSlots, readCapacity } from "./capacity.queries.ts";
import { type Claim, writeClaim } from "./claim.ts";
import { type GateRow, loadGateRow } from "./gate-facts.queries.ts";
import { postponeAttempt } from "./give-back.queries.ts";
import { type ContactFate, fateOf, refuseAttempt } from "./give-back.ts";
import { type CallerJudgement, judgeCallers } from "./judge-callers.ts";
import { writeEvidence } from "./evidence.queries.ts";
import type { DialDeps } from "./ports.ts";
import { readGateFacts } from "./read-gate-facts.ts";
import { findRoom, flowsOf } from "./room.ts";
import { carrierGraceSeconds, worstCasePaise } from "./worst-case.ts";

/** What the gate made of an attempt. */
export type GateOutcome =
  | { kind: "claimed"; claim: Claim }
  /** Allowed or not yet asked, but there is no room now; it stays planned. */
  | { kind: "postponed"; code: string; untilMs: number }
  | { kind: "refused"; code: string }
  /** Somebody else has it, or it is not planned any more: nothing to do. */
  | { kind: "gone" };

/** How long an attempt waits whose number has a call in another attempt. */
const numberBusyMs = 30_000;

/**
 * The gate: in one transaction it locks the attempt, loads every fact in one round trip, judges, counts slots, money
 * and pace under the slot lock, and either claims the attempt with its evidence or writes why not. Nothing is sent here.
 */
export async function passGate(deps: DialDeps, attemptId: AttemptId): Promise<GateOutcome> {
  const owner = await deps.db.selectFrom("attempts").where("id", "=", attemptId).where("state", "=", "planned").select("account_id").executeTakeFirst();
  if (!owner) return { kind: "gone" };
  // Opened before the transaction: loading a key needs a connection of its own.
  const vault = await deps.vault.forAccount(owner.account_id);
  return deps.db.transaction().execute(async (tx) => {
    const row = await loadGateRow(tx, { attemptId, nowMs: deps.clock.nowMs(), lock: true });
    if (!row || row.state !== "planned") return { kind: "gone" };
    return judgeRow(tx, deps, { row, definition: definitionSchema.parse(row.definition), vault });
  });
}

interface Candidate {
  row: GateRow;
  definition: Definition;
  vault: AccountVault;
}

async function judgeRow(tx: Tx, deps: DialDeps, candidate: Candidate): Promise<GateOutcome> {
  const { row, definition } = candidate;
  const nowMs = deps.clock.nowMs();
  const early = beforeTheLaw(row);
  if (early) return refuse(tx, deps, candidate, early);
  if (row.number_busy) return postpone(tx, deps, row, { code: "number_busy", untilMs: nowMs + numberBusyMs });
  const pool = poolOf(definition, deps);
  const factsFor = (callerNumber: E164 | null): GateFacts =>
    readGateFacts({ row, definition, callerNumber, acknowledged: deps.settings.acknowledged, vault: candidate.vault });
  const judged = judgeCallers(pool.length === 0 ? [null] : pool, factsFor, deps.clock.now());
  if (judged.judgement.verdict.kind !== "call") return refuseByLaw(tx, deps, candidate, judged);
  const breaker = breakerInTheWay(row.breakers, nowMs);
  if (breaker) return postpone(tx, deps, row, breaker);
  return claimIfRoom(tx, deps, candidate, { pool, factsFor });
}

/** What keeps an attempt from being asked about at all. */
function beforeTheLaw(row: GateRow): { code: string; fate: ContactFate } | undefined {
  if (row.contact_state !== "planned") return { code: `contact_${row.contact_state}`, fate: { kind: "left_alone" } };
  if (row.number_sealed === null) return { code: "erased", fate: { kind: "blocked", because: "erased" } };
  return undefined;
}

function poolOf(definition: Definition, deps: DialDeps): E164[] {
  const named = definition.from_numbers?.map(readCallerNumber).filter((number) => number !== undefined);
  return (named ?? deps.settings.fromNumbers).filter((number) => deps.carrier.canPresent(number));
}

async function claimIfRoom(
  tx: Tx,
  deps: DialDeps,
  candidate: Candidate,
  ask: { pool: readonly E164[]; factsFor(number: E164 | null): GateFacts },
): Promise<GateOutcome> {
  const { row, definition } = candidate;
  const flows = ask.pool.map((number) => flowsOf({ definition, settings: deps.settings, campaignId: row.campaign_id }, number));
  await lockSlots(tx);
  const now = deps.clock.now();
  const capacity = await readCapacity(tx, {
    accountId: row.account_id,
    campaignId: row.campaign_id,
    paceKeys: [...new Set(flows.flat().map((flow) => flow.key))],
    callers: ask.pool,
    now: now.toJSDate(),
  });
  const worstCase = worstCasePaise(definition.limits.max_call_seconds, deps.settings.worstCasePerMinutePaise);
  const nowMs = deps.clock.nowMs();
  const question = { capacity, definition, settings: deps.settings, campaignId: row.campaign_id, dayCapPaise: row.day_cap_paise, pool: ask.pool, worstCasePaise: worstCase, nowMs };
  const room = findRoom(question);
  if (room.kind === "full") return postpone(tx, deps, row, { code: room.code, untilMs: room.untilMs });
  const judged = judgeCallers(room.numbers, ask.factsFor, now);
  if (judged.judgement.verdict.kind !== "call" || judged.callerNumber === null) return refuseByLaw(tx, deps, candidate, judged);
  if (!(await takeTrials(tx, row.breakers, nowMs))) return postpone(tx, deps, row, { code: "breaker_trial", untilMs: nowMs + trialEveryMs });
  const claim = await writeClaim(tx, deps, {
    row,
    definition,
    from: judged.callerNumber,
    facts: judged.facts,
    findings: judged.judgement.findings,
    flows: flowsOf(question, judged.callerNumber),
    capacity,
    worstCasePaise: worstCase,
    maxCallSeconds: definition.limits.max_call_seconds + carrierGraceSeconds,
    nowMs,
  });
  deps.metrics?.gate("call", "allowed");
  return { kind: "claimed", claim };
}

async function postpone(tx: Tx, deps: DialDeps, row: GateRow, why: { code: string; untilMs: number }): Promise<GateOutcome> {
  await postponeAttempt(tx, { attemptId: row.attempt_id, ...why, now: new Date(deps.clock.nowMs()) });
  deps.metrics?.gate("postponed", why.code);
  return { kind: "postponed", ...why };
}

async function refuseByLaw(tx: Tx, deps: DialDeps, candidate: Candidate, judged: CallerJudgement): Promise<GateOutcome> {
  return refuse(tx, deps, candidate, { ...fateOf(judged.judgement, candidate.row.campaign_state, deps.clock.nowMs()), judged });
}

async function refuse(
  tx: Tx,
  deps: DialDeps,
  { row }: Candidate,
  why: { code: string; fate: ContactFate; judged?: CallerJudgement },
): Promise<GateOutcome> {
  const at = deps.clock.now();
  await refuseAttempt(tx, { attemptId: row.attempt_id, contactId: row.contact_id, from: "planned", code: why.code, fate: why.fate, now: at.toJSDate() });
  const decision = why.judged?.judgement.verdict.kind === "wait" ? "wait" : "never";
  await writeEvidence(tx, {
    accountId: row.account_id,
    campaignId: row.campaign_id,
    contactId: row.contact_id,
    attemptId: row.attempt_id,
    numberKey: row.number_key,
    at,
    decision,
    code: why.code,
    callerNumber: why.judged?.callerNumber ?? null,
    carrier: deps.carrier.name,
    findings: why.judged?.judgement.findings ?? [],
    facts: why.judged?.facts ?? null,
  });
  deps.metrics?.gate(decision, why.code);
  return { kind: "refused", code: why.code };
}
