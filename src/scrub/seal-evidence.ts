import type { Tx } from "../db/database.ts";
import { beforeAllRows, chainStart, type Link, linkMaker, sealText } from "./evidence-line.ts";
import { allOverBefore, evidenceBetween, horizon, insertSeal, lastSeal, lockSealing } from "./evidence-seals.queries.ts";
import type { ScrubDeps } from "./ports.ts";

type SealDeps = Pick<ScrubDeps, "db" | "vault" | "clock" | "log">;

/** Rows of one link at most; a long list scrubbed at once makes several. */
const longestLink = 10_000;
/** Rows read at once. */
const rowsPerRead = 1_000;

/** Seals evidence in the background; see `newEvidenceSealer`. */
export interface EvidenceSealer {
  /** One step; answers how many rows it sealed. Safe on any number of processes at once. */
  tick(): Promise<{ sealed: number }>;
}

/**
 * A sealer remembers, from one tick to the next, the newest row it saw and which transactions were running then. When all of those are
 * over, the rows up to that one are complete and immutable, and are sealed: each link hashes the link before and every row.
 * The gate only inserts and never waits for it.
 */
export function newEvidenceSealer(deps: SealDeps, options: { rowsPerLink?: number } = {}): EvidenceSealer {
  const rowsPerLink = options.rowsPerLink ?? longestLink;
  let seen: { lastId: string; nextTransaction: string } | undefined;
  return {
    async tick() {
      let sealed = 0;
      if (seen && (await allOverBefore(deps.db, seen.nextTransaction))) {
        sealed = await sealUpTo(deps, { lastId: seen.lastId, rowsPerLink });
        seen = undefined;
      }
      if (!seen) {
        const now = await horizon(deps.db);
        if (now.lastId !== null) seen = { lastId: now.lastId, nextTransaction: now.nextTransaction };
      }
      return { sealed };
    },
  };
}

async function sealUpTo(deps: SealDeps, upTo: { lastId: string; rowsPerLink: number }): Promise<number> {
  let total = 0;
  for (;;) {
    const rows = await deps.db.transaction().execute((tx) => sealOne(tx, deps, upTo));
    total += rows;
    if (rows < upTo.rowsPerLink) return total;
  }
}

async function sealOne(tx: Tx, deps: SealDeps, upTo: { lastId: string; rowsPerLink: number }): Promise<number> {
  if (!(await lockSealing(tx))) return 0;
  const before = await lastSeal(tx);
  const previous = before?.hash ?? chainStart;
  const { link, firstId } = await linkOver(tx, { previous, afterId: before?.last_id ?? beforeAllRows, ...upTo });
  if (firstId === undefined) return 0;
  const id = (before?.id ?? 0) + 1;
  const sealedAt = new Date(deps.clock.nowMs()).toISOString().replace("Z", "000Z");
  await insertSeal(tx, {
    id,
    first_id: firstId,
    last_id: link.lastId,
    rows: link.rows,
    digests: link.digests,
    hash: link.hash,
    previous,
    sealed_at: sealedAt,
    signature: deps.vault.textKey("evidence seal", sealText({ hash: link.hash, first_id: firstId, sealed_at: sealedAt })),
  });
  // The log is kept elsewhere: a chain that is cut off at its end is found by comparing with it.
  deps.log.info("sealed evidence", { seal: id, rows: link.rows, lastId: link.lastId, head: link.hash });
  return link.rows;
}

interface LinkRange {
  previous: string;
  afterId: string;
  lastId: string;
  rowsPerLink: number;
}

async function linkOver(tx: Tx, range: LinkRange): Promise<{ link: Link; firstId: string | undefined }> {
  const maker = linkMaker(range.previous);
  let firstId: string | undefined;
  let { afterId } = range;
  for (let left = range.rowsPerLink; left > 0; ) {
    const limit = Math.min(left, rowsPerRead);
    const rows = await evidenceBetween(tx, { afterId, upToId: range.lastId, limit });
    for (const row of rows) maker.add(row);
    firstId ??= rows[0]?.id;
    afterId = rows.at(-1)?.id ?? afterId;
    left -= limit;
    if (rows.length < limit) break;
  }
  return { link: maker.finish(), firstId };
}
