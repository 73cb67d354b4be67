import type { PaperFacts } from "./facts.ts";

/** Whether one of the papers holds now; else when the first of them will; null when none ever will. */
export function paperHolds(papers: readonly PaperFacts[], nowMs: number): { holds: true } | { holds: false; fromMs: number | null } {
  let fromMs: number | null = null;
  for (const paper of papers) {
    if (paper.validUntilMs !== null && (nowMs >= paper.validUntilMs || paper.validFromMs >= paper.validUntilMs)) continue;
    if (nowMs >= paper.validFromMs) return { holds: true };
    fromMs = fromMs === null ? paper.validFromMs : Math.min(fromMs, paper.validFromMs);
  }
  return { holds: false, fromMs };
}

/** The papers that register the sender as principal entity. */
export function registrations(papers: readonly PaperFacts[]): PaperFacts[] {
  return papers.filter((paper) => paper.kind === "registration");
}

/** The A2P declarations that name this caller number. */
export function declarationsNaming(papers: readonly PaperFacts[], callerNumber: string): PaperFacts[] {
  return papers.filter((paper) => paper.kind === "a2p_declaration" && paper.callerNumbers.includes(callerNumber));
}
