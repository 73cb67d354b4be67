import { Refusal } from "../domain/errors.ts";
import { type ListColumns, unreadTitles } from "./list-columns.ts";
import { joinedStatus, readScrubStatus, type StatusKind } from "./read-scrub-status.ts";

/** Whom a list without a status column names: those who are blocked, or those who may be called. */
export type ScrubListKind = "blocked" | "clear";

/** "unsaid": a second number of a row that clears the first. */
export type Said = "blocked" | "clear" | "unknown" | "unsaid";

/** How the rows of a scrub result are to be read. */
export interface ScrubFilePlan {
  /** What the row says of the number in each column of numbers, by its place there. */
  read(cells: readonly string[]): readonly Said[];
  /** The column that says it; null: the list as a whole does. */
  column: string | null;
  /** "list": only the blocked are named, everybody else is clear. "rows": exactly those named are covered. */
  covers: "list" | "rows";
}

/**
 * Settles from the titles of a scrub result, and from what the sender says of it, who in it is blocked. A list of those who passed read as
 * one of the blocked would clear everybody it left out, so what can be read both ways is refused: 422 `ambiguous_scrub_list`.
 */
export function planScrubFile(columns: ListColumns, lists: ScrubListKind | undefined): ScrubFilePlan {
  const statuses: { at: number; kind: StatusKind }[] = [...columns.statuses, ...columns.all.reason.map((at) => ({ at, kind: "remark" as const }))];
  const blockedInPassing = (cells: readonly string[]): boolean => statuses.some(({ at, kind }) => readScrubStatus(cells[at] ?? "", kind) === "blocked");
  if (columns.statuses.length > 0) {
    if (lists !== undefined) throw ambiguous(`the column ${titled(columns, [columns.statuses[0]?.at ?? 0])} says it row by row; leave out lists=${lists}, or send the numbers alone`);
    const read = (cells: readonly string[]): Said[] => {
      const said = joinedStatus(statuses.map(({ at, kind }) => readScrubStatus(cells[at] ?? "", kind)));
      return columns.numbers.map(({ at }) => (said === "clear" && at !== columns.number ? "unsaid" : said));
    };
    return { covers: "rows", column: columns.header[columns.statuses[0]?.at ?? 0] ?? null, read };
  }
  const says = columns.numbers.map(({ at, says: title }) => listKind(columns, { at, title, lists }));
  const unread = unreadTitles(columns, ["numbers"]).map((title) => `"${title}"`);
  if (lists === undefined && unread.length > 0) throw ambiguous(`the columns ${unread.join(", ")} may say who is blocked; name the status column "status", or say lists=blocked or lists=clear`);
  if (lists === undefined && new Set(columns.numbers.map((column) => column.says)).size > 1 && columns.numbers.some((column) => column.says === "neutral")) {
    throw ambiguous("one column of numbers says what they are, another does not; send one list at a time");
  }
  return { covers: says.every((each) => each === "blocked") ? "list" : "rows", column: null, read: (cells) => (blockedInPassing(cells) ? says.map(() => "blocked" as const) : says) };
}

function listKind(columns: ListColumns, { at, title, lists }: { at: number; title: ListColumns["numbers"][number]["says"]; lists: ScrubListKind | undefined }): ScrubListKind {
  if (title === "either" && lists === undefined) throw ambiguous(`the title ${titled(columns, [at])} does not tell whether its numbers are blocked or passed; say lists=blocked or lists=clear`);
  if ((title === "blocked" || title === "clear") && lists !== undefined && lists !== title) throw ambiguous(`the title ${titled(columns, [at])} says the opposite of lists=${lists}; correct one of them`);
  return title === "blocked" || title === "clear" ? title : (lists ?? "blocked");
}

function titled(columns: ListColumns, places: readonly number[]): string {
  return places.map((at) => `"${columns.header[at] ?? ""}"`).join(", ");
}

function ambiguous(message: string): Refusal {
  return new Refusal(422, "ambiguous_scrub_list", message);
}
