import { Refusal } from "../domain/errors.ts";
import { type AccountId, type Id, looksLikeId, newId } from "../domain/ids.ts";
import { istText, istTextOrNull } from "../domain/ist-text.ts";
import { readCallerNumber } from "../domain/phone-number.ts";
import type { ScrubDeps } from "./ports.ts";
import { endOpenPaper, insertPaper, selectPapers } from "./sender-papers.queries.ts";

type PaperDeps = Pick<ScrubDeps, "db" | "clock" | "random">;

export interface PaperInput {
  accountId: AccountId;
  kind: "registration" | "a2p_declaration";
  /** The operator's own number for it. */
  reference: string;
  /** The telecom operator that has it. */
  provider?: string;
  /** For a declaration: the numbers it names, each in E.164. */
  callerNumbers?: readonly string[];
  validFrom?: Date;
  /** Null or missing: no end. */
  validUntil?: Date | null;
}

/**
 * Puts a paper of the sender on file: the registration as principal entity, or the A2P declaration that names caller
 * numbers. Refuses: 422 `invalid_paper`.
 */
export async function addPaper(deps: PaperDeps, input: PaperInput): Promise<{ id: string }> {
  const numbers = input.callerNumbers ?? [];
  const errors = numbers.flatMap((text, at) => (readCallerNumber(text) === undefined ? [{ path: `caller_numbers.${at}`, message: "expected a number such as +911600123456" }] : []));
  if (input.reference.trim() === "") errors.push({ path: "reference", message: "expected the operator's reference" });
  if (input.kind === "a2p_declaration" && numbers.length === 0) errors.push({ path: "caller_numbers", message: "a declaration names at least one caller number" });
  const now = new Date(deps.clock.nowMs());
  const validFrom = input.validFrom ?? now;
  const validUntil = input.validUntil ?? null;
  if (validUntil !== null && validUntil <= validFrom) errors.push({ path: "valid_until", message: "expected an end after valid_from" });
  if (errors.length > 0) throw new Refusal(422, "invalid_paper", "the paper cannot be put on file as it stands", { errors });
  const id = newId<Id<"paper">>(deps.clock, deps.random);
  await insertPaper(deps.db, {
    id,
    accountId: input.accountId,
    kind: input.kind,
    reference: input.reference.trim(),
    provider: input.provider ?? null,
    callerNumbers: numbers.map((text) => text.trim()),
    validFrom,
    validUntil,
    now,
  });
  return { id };
}

/** A paper as shown, in wire names. */
export interface PaperView {
  id: string;
  kind: "registration" | "a2p_declaration";
  reference: string;
  provider: string | null;
  caller_numbers: readonly string[];
  valid_from: string;
  valid_until: string | null;
}

/** All papers of the account, also those that ended. */
export async function listPapers(deps: PaperDeps, input: { accountId: AccountId }): Promise<PaperView[]> {
  const rows = await selectPapers(deps.db, input.accountId);
  return rows.map(({ id, kind, reference, provider, caller_numbers, valid_from, valid_until }) => ({
    id,
    kind,
    reference,
    provider,
    caller_numbers,
    valid_from: istText(valid_from),
    valid_until: istTextOrNull(valid_until),
  }));
}

/** Lets a paper end now; calls that rest on it stop at the next gate. Refuses: 404 `paper_not_found`. */
export async function endPaper(deps: PaperDeps, input: { accountId: AccountId; id: string }): Promise<void> {
  const ended = looksLikeId(input.id) && (await endOpenPaper(deps.db, { ...input, now: new Date(deps.clock.nowMs()) }));
  if (!ended) throw new Refusal(404, "paper_not_found", "expected a paper of this account that has not ended");
}
