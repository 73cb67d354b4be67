import { Refusal } from "../domain/errors.ts";
import { type AccountId, type Id, looksLikeId, newId } from "../domain/ids.ts";
import { istText, istTextOrNull } from "../domain/ist-text.ts";
import { readCallerNumber } from "../domain/phone-number.ts";
import type { PaperKind } from "../rules/facts.ts";
import { brakeSpanMs } from "../rules/data/limits.ts";
import { freeNumbers } from "./contact-blocks.queries.ts";
import type { ScrubDeps } from "./ports.ts";
import { endOpenPaper, insertPaper, selectPapers } from "./sender-papers.queries.ts";

type PaperDeps = Pick<ScrubDeps, "db" | "clock" | "random">;

export interface PaperInput {
  accountId: AccountId;
  kind: PaperKind;
  /** The operator's own number for it; for a release of the brake, in words: what was found about the complaints, and by whom. */
  reference: string;
  /** The telecom operator that has it. */
  provider?: string;
  /** For a declaration: the numbers it names, each in E.164. */
  callerNumbers?: readonly string[];
  /** For a holiday list: its days, "2028-03-11". A year of which it names a day counts as covered. */
  dates?: readonly string[];
  validFrom?: Date;
  /** Null or missing: no end. */
  validUntil?: Date | null;
}

/**
 * Puts a paper of the sender on file: the registration as principal entity, the A2P declaration that names caller numbers, a
 * list of public holidays, or the sender's written release of its own brake, which counts from now and for ten days. Refuses:
 * 422 `invalid_paper`.
 */
export async function addPaper(deps: PaperDeps, input: PaperInput): Promise<{ id: string }> {
  const numbers = input.callerNumbers ?? [];
  const now = new Date(deps.clock.nowMs());
  const release = input.kind === "brake_release";
  const validFrom = release ? now : (input.validFrom ?? now);
  const validUntil = release ? new Date(now.getTime() + brakeSpanMs) : (input.validUntil ?? null);
  const errors = paperProblems(input);
  if (validUntil !== null && validUntil <= validFrom) errors.push({ path: "valid_until", message: "expected an end after valid_from" });
  if (errors.length > 0) throw new Refusal(422, "invalid_paper", "the paper cannot be put on file as it stands", { errors });
  const id = newId<Id<"paper">>(deps.clock, deps.random);
  const paper = {
    id,
    accountId: input.accountId,
    kind: input.kind,
    reference: input.reference.trim(),
    provider: input.provider ?? null,
    callerNumbers: numbers.map((text) => text.trim()),
    dates: input.dates ?? [],
    validFrom,
    validUntil,
    now,
  };
  await deps.db.transaction().execute(async (tx) => {
    await insertPaper(tx, paper);
    if (input.kind === "holiday_list") await freeNumbers(tx, { accountId: input.accountId, numberKeys: "all", reasons: ["holiday_list_ends"], now });
  });
  return { id };
}

/** A release is a statement that somebody answers for; a word or two is none. */
const shortestRelease = 40;

function paperProblems({ kind, reference, callerNumbers = [], dates = [], validFrom, validUntil }: PaperInput): { path: string; message: string }[] {
  const errors = callerNumbers.flatMap((text, at) => (readCallerNumber(text) === undefined ? [{ path: `caller_numbers.${at}`, message: "expected a number such as +911600123456" }] : []));
  errors.push(...dates.flatMap((date, at) => (isDate(date) ? [] : [{ path: `dates.${at}`, message: "expected a day from 2026 to 2099 such as 2028-03-11" }])));
  if (reference.trim() === "") errors.push({ path: "reference", message: "expected the operator's reference" });
  if (kind === "a2p_declaration" && callerNumbers.length === 0) errors.push({ path: "caller_numbers", message: "a declaration names at least one caller number" });
  if (kind === "holiday_list" && dates.length === 0) errors.push({ path: "dates", message: "a list of holidays names at least one day" });
  if (kind !== "holiday_list" && dates.length > 0) errors.push({ path: "dates", message: "only a list of holidays has dates" });
  if (kind !== "brake_release") return errors;
  if (reference.trim().length < shortestRelease) errors.push({ path: "reference", message: `expected in words, at least ${shortestRelease} letters, what was found about the complaints and who answers for the release` });
  if (validFrom !== undefined) errors.push({ path: "valid_from", message: "a release counts from now" });
  if (validUntil != null) errors.push({ path: "valid_until", message: "a release counts for ten days" });
  return errors;
}

function isDate(text: string): boolean {
  const ms = /^20\d\d-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) && text >= "2026";
}

/** A paper as shown, in wire names. */
export interface PaperView {
  id: string;
  kind: PaperKind;
  reference: string;
  provider: string | null;
  caller_numbers: readonly string[];
  dates: readonly string[];
  valid_from: string;
  valid_until: string | null;
}

/** All papers of the account, also those that ended. */
export async function listPapers(deps: PaperDeps, input: { accountId: AccountId }): Promise<PaperView[]> {
  const rows = await selectPapers(deps.db, input.accountId);
  return rows.map(({ id, kind, reference, provider, caller_numbers, dates, valid_from, valid_until }) => ({
    id,
    kind,
    reference,
    provider,
    caller_numbers,
    dates,
    valid_from: istText(valid_from),
    valid_until: istTextOrNull(valid_until),
  }));
}

/** Lets a paper end now; calls that rest on it stop at the next gate. Refuses: 404 `paper_not_found`. */
export async function endPaper(deps: PaperDeps, input: { accountId: AccountId; id: string }): Promise<void> {
  const ended = looksLikeId(input.id) && (await endOpenPaper(deps.db, { ...input, now: new Date(deps.clock.nowMs()) }));
  if (!ended) throw new Refusal(404, "paper_not_found", "expected a paper of this account that has not ended");
}
