import type { Db } from "../db/database.ts";
import { beforeAllRows, chainStart, linkMaker, readDigests, rowDigest, sealText } from "./evidence-line.ts";
import { countAfter, evidenceBetween, type SealRow, sealsAfter } from "./evidence-seals.queries.ts";
import type { ScrubDeps } from "./ports.ts";

type VerifyDeps = Pick<ScrubDeps, "db" | "vault">;

export type EvidenceProblemKind =
  | "row_changed"
  | "row_missing"
  | "row_inserted"
  /** The stretch does not hash to what its seal says, though every row looks right: the seal was changed. */
  | "seal_changed"
  /** The seal was not made with this deployment's key. */
  | "signature_wrong"
  /** A seal does not follow the one before it: one was removed or changed. */
  | "chain_broken"
  /** The head that was asked for is nowhere in the chain: its end was cut off or rewritten. */
  | "head_missing";

export interface EvidenceProblem {
  kind: EvidenceProblemKind;
  seal: number | null;
  row: string | null;
}

/** What a verification found, in wire names. */
export interface EvidenceVerdict {
  ok: boolean;
  seals: number;
  rows: number;
  /** Rows too young to be sealed; nothing vouches for them yet. */
  unsealed_rows: number;
  /** The hash of the newest link. Kept elsewhere, it proves later that nothing was cut off. */
  head: string;
  /** How many problems there are, and the first thousand of them. */
  problems_found: number;
  problems: EvidenceProblem[];
}

const sealsPerRead = 50;
const rowsPerRead = 1_000;
/** Enough to see what happened; the others are only counted. */
const shownProblems = 1_000;

/**
 * Reads the whole chain again, row by row, in flat memory: finds one changed byte of a row or a seal, a missing or inserted row, a missing seal.
 * `expectHead`: a head noted earlier, which must still be in the chain.
 */
export async function verifyEvidence(deps: VerifyDeps, input: { expectHead?: string } = {}): Promise<EvidenceVerdict> {
  const problems: EvidenceProblem[] = [];
  let found = 0;
  const note = (more: readonly EvidenceProblem[]): void => {
    found += more.length;
    problems.push(...more.slice(0, shownProblems - problems.length));
  };
  const verdict = { seals: 0, rows: 0, head: chainStart };
  let afterRow = beforeAllRows;
  let expected = 1;
  let headSeen = input.expectHead === undefined;
  for (let afterSeal = 0; ; ) {
    const seals = await sealsAfter(deps.db, afterSeal, sealsPerRead);
    for (const seal of seals) {
      if (seal.id !== expected || seal.previous !== verdict.head) note([{ kind: "chain_broken", seal: seal.id, row: null }]);
      const checked = await checkSeal(deps, seal, afterRow);
      note(checked.problems);
      verdict.rows += checked.rows;
      verdict.seals += 1;
      verdict.head = seal.hash;
      headSeen ||= seal.hash === input.expectHead;
      expected = seal.id + 1;
      afterRow = seal.last_id;
      afterSeal = seal.id;
    }
    if (seals.length < sealsPerRead) break;
  }
  if (!headSeen) note([{ kind: "head_missing", seal: null, row: null }]);
  return { ok: found === 0, ...verdict, unsealed_rows: await countAfter(deps.db, afterRow), problems_found: found, problems };
}

async function checkSeal(deps: VerifyDeps, seal: SealRow, afterId: string): Promise<{ rows: number; problems: EvidenceProblem[] }> {
  const problems: EvidenceProblem[] = [];
  if (deps.vault.textKey("evidence seal", sealText(seal)) !== seal.signature) problems.push({ kind: "signature_wrong", seal: seal.id, row: null });
  const maker = linkMaker(seal.previous);
  const sealed = readDigests(seal.digests);
  const rowProblems: EvidenceProblem[] = [];
  let rows = 0;
  for await (const row of rowsBetween(deps.db, afterId, seal.last_id)) {
    maker.add(row);
    rows += 1;
    const head = sealed.get(row.id);
    if (head === undefined) rowProblems.push({ kind: "row_inserted", seal: seal.id, row: row.id });
    else if (head !== rowDigest(row).toString("hex", 0, 8)) rowProblems.push({ kind: "row_changed", seal: seal.id, row: row.id });
    sealed.delete(row.id);
  }
  for (const id of sealed.keys()) rowProblems.push({ kind: "row_missing", seal: seal.id, row: id });
  const link = maker.finish();
  const same = link.hash === seal.hash && link.rows === seal.rows && link.digests.equals(seal.digests);
  if (!same && rowProblems.length === 0) rowProblems.push({ kind: "seal_changed", seal: seal.id, row: null });
  return { rows, problems: [...problems, ...rowProblems] };
}

async function* rowsBetween(db: Db, afterId: string, upToId: string) {
  for (let after = afterId; ; ) {
    const rows = await evidenceBetween(db, { afterId: after, upToId, limit: rowsPerRead });
    yield* rows;
    if (rows.length < rowsPerRead) return;
    after = rows.at(-1)?.id ?? after;
  }
}
