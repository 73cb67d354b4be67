import { Refusal } from "../domain/errors.ts";
import type { AccountId } from "../domain/ids.ts";
import { cutPage, type Page, type PageAsked } from "../domain/page.ts";
import { beforeAllRows, type EvidenceRow, rowDigest } from "./evidence-line.ts";
import { type EvidenceFilter, evidencePage, sealsOf } from "./evidence-seals.queries.ts";
import { numberKeyOf } from "./number-key-of.ts";
import type { ScrubDeps } from "./ports.ts";

type ExportDeps = Pick<ScrubDeps, "db" | "vault">;

/** What evidence is wanted: about a number, of a campaign, of a span of time, or several of these together. */
export interface EvidenceQuestion {
  accountId: AccountId;
  number?: string;
  campaignId?: string;
  from?: Date;
  /** Exclusive. */
  to?: Date;
}

/** A piece of evidence as shown, in wire names. */
export interface EvidenceView {
  id: string;
  at: string;
  decision: string;
  code: string;
  campaign_id: string | null;
  contact_id: string | null;
  attempt_id: string | null;
  /** Stands for the number everywhere; the same number has the same key. */
  number_key: string;
  caller_number: string | null;
  body: unknown;
  /** SHA-256 of the row; the seal that covers it, null while it is younger than the newest. */
  row_hash: string;
  seal: number | null;
}

const rowsPerRead = 500;

/** One page of evidence, the oldest first. Refuses: 422 `invalid_number`, `invalid_cursor`. */
export async function listEvidence(
  deps: ExportDeps,
  input: EvidenceQuestion & PageAsked,
): Promise<Page<EvidenceView>> {
  if (input.cursor !== undefined && !/^\d{1,18}$/.test(input.cursor)) throw new Refusal(422, "invalid_cursor", "expected the next_cursor of an earlier page", { path: "cursor" });
  const rows = await evidencePage(deps.db, filterOf(deps, input), { afterId: input.cursor ?? beforeAllRows, limit: input.limit + 1 });
  const page = cutPage(rows, input.limit, (row) => row);
  return { ...page, items: await viewsOf(deps, page.items) };
}

/**
 * All evidence that was asked for as newline-delimited JSON, the oldest first, in flat memory. Refuses, before anything is
 * yielded: 422 `invalid_number`.
 */
export function exportEvidence(deps: ExportDeps, input: EvidenceQuestion): AsyncIterable<string> {
  return linesOf(deps, filterOf(deps, input));
}

async function* linesOf(deps: ExportDeps, filter: EvidenceFilter): AsyncGenerator<string> {
  for (let afterId = beforeAllRows; ; ) {
    const rows = await evidencePage(deps.db, filter, { afterId, limit: rowsPerRead });
    const views = await viewsOf(deps, rows);
    if (views.length > 0) yield views.map((view) => `${JSON.stringify(view)}\n`).join("");
    if (rows.length < rowsPerRead) return;
    afterId = rows.at(-1)?.id ?? afterId;
  }
}

function filterOf(deps: ExportDeps, { accountId, number, campaignId, from, to }: EvidenceQuestion): EvidenceFilter {
  return {
    accountId,
    ...(number !== undefined && { numberKey: numberKeyOf(deps.vault, number) }),
    ...(campaignId !== undefined && { campaignId }),
    ...(from && { from }),
    ...(to && { to }),
  };
}

async function viewsOf(deps: ExportDeps, rows: readonly EvidenceRow[]): Promise<EvidenceView[]> {
  const seals = await sealsOf(deps.db, rows.map((row) => row.id));
  return rows.map((row) => ({
    id: row.id,
    at: row.ist,
    decision: row.decision,
    code: row.code,
    campaign_id: row.campaign_id,
    contact_id: row.contact_id,
    attempt_id: row.attempt_id,
    number_key: row.number_key,
    caller_number: row.caller_number,
    body: JSON.parse(row.body) as unknown,
    row_hash: rowDigest(row).toString("hex"),
    seal: seals.get(row.id) ?? null,
  }));
}
