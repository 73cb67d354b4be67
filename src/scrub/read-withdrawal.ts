import { istDateStartMs } from "../rules/ist-calendar.ts";
import { readListDate } from "./list-date.ts";

interface Cell {
  at: number;
  text: string;
}

/** Whether the consent of a row still stands. `withdrawnAtMs`: the last instant whose consents are withdrawn; null: it stands. */
export interface Standing {
  withdrawnAtMs: number | null;
  problem: { at: number; reason: string; message: string } | null;
}

const dayMs = 86_400_000;
const standsWords = /^(?:|yes|y|1|true|active|live|valid|given|granted|accepted|approved|registered|confirmed|verified|consented|subscribed|opt(?:ed)? ?in)$/;
const goneWords = /^(?:revoked|withdrawn|inactive|deactivated|cancelled|canceled|terminated|closed|expired|ended|deleted|removed|stopped|unsubscribed|opt(?:ed)? ?out)$/;
const notRevokedWords = /^(?:|-+|no|n|0|false|na|n\/a|nil|none|null|never|not revoked|not withdrawn|active)$/;
const revokedWords = /^(?:yes|y|1|true|revoked|withdrawn|withdrew|opt(?:ed)? ?out|unsubscribed|cancelled|canceled)$/;

/**
 * Reads the columns that say whether a consent was withdrawn ("revoked", with yes, no or the day) and how it stands ("status"). A day counts to
 * its end, at most until now. What stands in a column of withdrawals and cannot be read is taken for one, and reported; an unknown status
 * permits nothing.
 */
export function readStanding(cells: { revoked: readonly Cell[]; standing: readonly Cell[] }, now: { ms: number; date: string }): Standing {
  let problem: Standing["problem"] = null;
  const days: number[] = [];
  let undated = false;
  for (const { at, text } of cells.revoked) {
    const word = simplified(text);
    if (notRevokedWords.test(word)) continue;
    const date = readListDate(text, now.date);
    if (date.ok && date.date !== null) days.push(istDateStartMs(date.date) + dayMs - 1);
    else {
      undated = true;
      if (!revokedWords.test(word)) problem ??= { at, reason: "unknown_withdrawal", message: "expected yes, no, or the day of the withdrawal such as 2026-11-23; the consent counts as withdrawn" };
    }
  }
  for (const { at, text } of cells.standing) {
    const word = simplified(text);
    if (goneWords.test(word)) undated = true;
    else if (!standsWords.test(word)) problem ??= { at, reason: "unknown_standing", message: "expected active or revoked" };
  }
  if (days.length === 0) return { withdrawnAtMs: undated ? now.ms : null, problem };
  return { withdrawnAtMs: Math.min(Math.max(...days), now.ms), problem };
}

function simplified(text: string): string {
  return text.toLowerCase().replace(/[_-]+/g, " ").replace(/\s+/g, " ").trim() || text.trim();
}
