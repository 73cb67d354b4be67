/**
 * What a cell says of a number. "silent": a word that does not tell, such as "success", which may be about the lookup;
 * "unknown": none of the words portals use.
 */
export type ScrubStatus = "blocked" | "clear" | "silent" | "unknown";

/** "dnd": yes means registered. "allowed": yes means may be called. "verdict": the title does not tell; "remark": prose, of which only a block counts. */
export type StatusKind = "dnd" | "allowed" | "verdict" | "remark";

const blocked =
  /^(?:block|blocked|b|dnd|dnc|ndnc|ncpr|(?:on|in) (?:the )?dnd(?: list)?|dnd (?:active|registered|yes|blocked)|fail|failed|reject|rejected|registered|scrubbed(?: out)?|removed|not ?allowed|disallowed|do not call|preference(?: blocked)?|full(?:y)? ?block(?:ed)?|block ?promo(?:tional)?)$/;
const clear =
  /^(?:clear|clean|cleared|allow|allowed|pass|passed|(?:non|not|no) ?(?:on |in )?(?:dnd|dnc|ndnc)|not ?blocked|unblocked|not ?registered|unregistered|deliverable|callable|permitted|whitelisted|eligible)$/;
const yes = /^(?:yes|y|1|true)$/;
const no = /^(?:no|n|0|false)$/;
const running = /^(?:a|active|on|ok)$/;
const stopped = /^(?:inactive|off)$/;
const done = /^(?:success|successful|valid|ok|a|active|done|completed|processed|-|na|n\/a|)$/;

/** Reads one cell of a column of the given kind. */
export function readScrubStatus(cell: string, kind: StatusKind): ScrubStatus {
  const word = cell.toLowerCase().replace(/[_-]+/g, " ").replace(/\s+/g, " ").trim();
  if (blocked.test(word)) return "blocked";
  if (kind === "remark") return "silent";
  if (clear.test(word)) return "clear";
  if (kind === "dnd") {
    if (yes.test(word) || running.test(word)) return "blocked";
    if (no.test(word) || stopped.test(word)) return "clear";
  }
  if (kind === "allowed") {
    if (yes.test(word) || running.test(word) || /^(?:valid|success)$/.test(word)) return "clear";
    if (no.test(word) || stopped.test(word)) return "blocked";
  }
  // Under a title that does not tell, a yes can only be taken against the call.
  if (kind === "verdict" && yes.test(word)) return "blocked";
  return done.test(word) ? "silent" : "unknown";
}

/** What several columns say together: a block wins, then what cannot be read; silence alone is no permission. */
export function joinedStatus(said: readonly ScrubStatus[]): "blocked" | "clear" | "unknown" {
  if (said.includes("blocked")) return "blocked";
  return !said.includes("unknown") && said.includes("clear") ? "clear" : "unknown";
}
