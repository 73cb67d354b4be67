/** What a scrub result says of one number. "unknown": the cell is none of the words portals use. */
export type ScrubStatus = "blocked" | "clear" | "unknown";

const blocked = /^(?:block|blocked|b|dnd|dnc|ndnc|ncpr|yes|y|1|true|fail|failed|reject|rejected|registered|scrubbed(?: out)?|removed|not ?allowed|disallowed|do not call|preference(?: blocked)?|full(?:y)? ?block(?:ed)?|block ?promo)$/;
const clear = /^(?:clear|clean|cleared|ok|allow|allowed|a|no|n|0|false|pass|passed|non ?dnd|non ?dnc|non ?ndnc|not ?dnd|not ?registered|unregistered|deliverable|callable|valid|success|permitted)$/;

/** In a column named "allowed" the words mean the opposite of those in a column named "dnd". */
export function readScrubStatus(cell: string, columnName: string): ScrubStatus {
  const word = cell.toLowerCase().replace(/[_-]+/g, " ").replace(/\s+/g, " ").trim();
  const opposite = /^allowed$/i.test(columnName.trim()) && /^(?:yes|y|1|true|no|n|0|false)$/.test(word);
  if (blocked.test(word)) return opposite ? "clear" : "blocked";
  if (clear.test(word)) return opposite ? "blocked" : "clear";
  return "unknown";
}
