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

/** When the sender last released its own brake in writing, of the releases that stand now; minus infinity when none does. */
export function brakeReleasedAtMs(papers: readonly PaperFacts[], nowMs: number): number {
  const standing = papers.filter((paper) => paper.kind === "brake_release" && paperHolds([paper], nowMs).holds);
  return Math.max(-Infinity, ...standing.map((paper) => paper.validFromMs));
}

/** The public holidays that the sender's lists name, as IST dates. */
export function listedHolidays(papers: readonly PaperFacts[], nowMs: number): string[] {
  return papers.filter((paper) => paper.kind === "holiday_list" && paperHolds([paper], nowMs).holds).flatMap((paper) => paper.dates);
}

/** The papers that register the sender as principal entity. */
export function registrations(papers: readonly PaperFacts[]): PaperFacts[] {
  return papers.filter((paper) => paper.kind === "registration");
}

/** The A2P declarations that name this caller number. */
export function declarationsNaming(papers: readonly PaperFacts[], callerNumber: string): PaperFacts[] {
  return papers.filter((paper) => paper.kind === "a2p_declaration" && paper.callerNumbers.includes(callerNumber));
}
