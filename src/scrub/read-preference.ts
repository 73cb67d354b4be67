import type { ListColumn, ListColumns } from "./list-columns.ts";
import { latestDate } from "./list-date.ts";
import { addCodes, type Codes, type Kind } from "./preference-cells.ts";
import { joinedStatus, readScrubStatus } from "./read-scrub-status.ts";

/** What a subscriber blocked, as a row of the register says it. */
export interface SubscriberChoice {
  /** "bare": codes without the word BLOCK, which in a file of the scheme of 2010 are what the subscriber wanted to keep. */
  scheme: "full_block" | "block_promo" | "partial" | "bare" | "legacy" | "none";
  categories: readonly number[];
  modes: readonly number[];
  bands: readonly number[];
  days: readonly number[];
  /** The IST date the row carries. */
  date: string | null;
  /** The row is of the scheme of 2010 in its own words (START), and so is its file. */
  saysStart: boolean;
}

/** A choice, or what is wrong with the row, with its date where that can be read. */
export type ChoiceReading = { ok: true; choice: SubscriberChoice } | { ok: false; at: number | undefined; reason: string; message: string; date: string | null };

type Scheme = SubscriberChoice["scheme"];

/** Weakest first: of two statements the stricter counts. */
const strictness: readonly Scheme[] = ["none", "bare", "partial", "block_promo", "legacy", "full_block"];

const wholeSchemes: readonly [RegExp, Scheme][] = [
  [/^(?:un ?block(?: all)?|none|not ?registered)$/, "none"],
  [/^(?:fully ?block(?:ed)?|full ?block(?:ed)?|full|block ?all|blocked ?all|all|dnd|yes|y|true|registered|0|block 0)$/, "full_block"],
  [/^(?:block(?:ed)? ?promo(?:tional)?|promo ?block(?:ed)?|50|block 50)$/, "block_promo"],
];

/** Cells that say nothing; a row of nothing else names no preference. */
const unsaid = /^(?:|-+|nil|null|na|n\/a)$/;

/** The first day of the scheme in which codes name what is blocked. */
const firstDayOf2018 = "2018-07-19";

/**
 * Reads one register row. Rows of the register of 2010 (told by the file's header, a `format` column, the word START, or codes of before
 * 19 July 2018) say what the subscriber wanted to keep by SMS: whatever they list, the number is closed to promotional voice (`legacy`).
 * Rows of 2018 list what is blocked. Several columns that speak of one thing count together, the strictest first. `today` is the IST date of the import.
 */
export function readPreference(columns: ListColumns, cells: readonly string[], today: string): ChoiceReading {
  const cell = (at: number | undefined): string => (at === undefined ? "" : (cells[at] ?? "").trim());
  const dates = latestDate([...columns.all.date, ...columns.all.updated].map((at) => ({ at, text: cell(at) })), today);
  if (!dates.ok) return { ok: false, at: dates.at, reason: dates.reason, message: dates.reason === "absurd_date" ? "the date lies before the register existed or in the future" : "expected a date such as 2026-11-23 or 23-11-2026", date: null };
  const wrong = (at: number | undefined, reason: string, message: string): ChoiceReading => ({ ok: false, at, reason, message, date: dates.latest });
  const taken = (scheme: Scheme, codes?: Codes, saysStart = false): ChoiceReading => ({ ok: true, choice: { scheme, ...(codes ?? noCodes), date: dates.latest, saysStart } });
  const operation = operationOf(simplified(cell(columns.at.operation)));
  if (operation === "unknown") return wrong(columns.at.operation, "unknown_operation", "expected A (added) or D (deleted)");
  if (operation === "delete") return taken("none");
  const texts = columns.all.preference.map((at) => ({ at, text: simplified(cell(at)) }));
  const format = simplified(cell(columns.at.format));
  const saysStart = texts.some(({ text }) => /^start\b/.test(text));
  if (columns.oldRegister || /^(?:2010|old|ndnc|start)/.test(format) || saysStart) return taken("legacy", undefined, saysStart);
  const stated = readStated(columns, { texts, cell });
  if ("reason" in stated) return wrong(stated.at, stated.reason, stated.message);
  const settled = withStatus(stated.scheme, statusOf(columns, { texts, cell }));
  if ("reason" in settled) return wrong(settled.at ?? columns.at.preference, settled.reason, settled.message);
  if (settled.scheme !== "bare") return taken(settled.scheme, settled.scheme === "partial" ? stated.codes : undefined);
  if (/^(?:2018|new)/.test(format)) return taken("partial", stated.codes);
  return dates.earliest !== null && dates.earliest < firstDayOf2018 ? taken("legacy") : taken("bare", stated.codes);
}

const noCodes: Codes = { categories: [], modes: [], bands: [], days: [] };

/** A register has millions of rows and few different ones. */
const remembered = 20_000;

/** `readPreference` for the rows of one file, remembering what it has read. */
export function preferenceReader(columns: ListColumns, today: string): (cells: readonly string[]) => ChoiceReading {
  const known = new Map<string, ChoiceReading>();
  const saying = columns.header.flatMap((_, at) => (columns.numbers.some((column) => column.at === at) ? [] : [at]));
  return (cells) => {
    let key = "";
    for (const at of saying) key += `${cells[at] ?? ""}\n`;
    const before = known.get(key);
    if (before) return before;
    const reading = readPreference(columns, cells, today);
    if (known.size < remembered) known.set(key, reading);
    return reading;
  };
}

interface Cells {
  texts: readonly { at: number; text: string }[];
  cell(at: number): string;
}

interface Problem {
  at: number | undefined;
  reason: string;
  message: string;
}

/** What the columns of preferences and codes say together; `scheme` null: nothing. */
function readStated(columns: ListColumns, { texts, cell }: Cells): { scheme: Scheme | null; codes: Codes } | Problem {
  const codes: Codes = { categories: [], modes: [], bands: [], days: [] };
  const ofCodes: { at: number; text: string; only: Kind | null }[] = codeColumns.flatMap(([column, only]) => columns.all[column].map((at) => ({ at, text: simplified(cell(at)), only })));
  const said: Scheme[] = [];
  for (const { at, text, only } of [...texts.map((each) => ({ ...each, only: null })), ...ofCodes]) {
    if (unsaid.test(text) || (only === null && isRegistrationAnswer(columns, at, text))) continue;
    const whole = only === null ? wholeSchemes.find(([pattern]) => pattern.test(text))?.[1] : only === "categories" && /^(?:0|all)$/.test(text) ? "full_block" : undefined;
    if (whole !== undefined) {
      said.push(whole);
      continue;
    }
    if (only === null && /^(?:no|n|false|stop)$/.test(text)) return { at, reason: "ambiguous_preference", message: `${text} may mean that nothing is blocked or that nothing is wanted; expected FULLY BLOCK, codes, or UNBLOCK ALL` };
    const added = addCodes(codes, text, only);
    if (typeof added === "object") return { at, ...added };
    said.push(added === "codes" ? (only === null && !text.startsWith("block") ? "bare" : "partial") : added);
  }
  // Modes, bands and days are of 2018 only; a column of categories alone may be of either scheme.
  const only2018 = codes.modes.length + codes.bands.length + codes.days.length > 0 || texts.some(({ text }) => text.startsWith("block"));
  const strictest = said.reduce<Scheme | null>((before, next) => (before === null || strictness.indexOf(next) > strictness.indexOf(before) ? next : before), null);
  return { scheme: strictest === "partial" && !only2018 ? "bare" : strictest, codes };
}

const codeColumns: readonly [ListColumn & ("category" | "mode" | "band" | "day"), Kind][] = [["category", "categories"], ["mode", "modes"], ["band", "bands"], ["day", "days"]];

/** "Registration: no" says whether, not what. */
function isRegistrationAnswer(columns: ListColumns, at: number, text: string): boolean {
  return columns.statuses.some((status) => status.at === at) && /^(?:no|n|false|yes|y|true|registered|not registered)$/.test(text);
}

type StatusSays = { says: "blocked" | "block_promo" | "full_block" | "clear" | "unknown"; at: number } | null;

/** What the columns say of whether the number is registered at all. */
function statusOf(columns: ListColumns, { cell }: Cells): StatusSays {
  const read = columns.statuses.flatMap(({ at, kind }) => {
    const text = simplified(cell(at));
    if (text === "" || (columns.all.preference.includes(at) && !isRegistrationAnswer(columns, at, text))) return [];
    const whole = /^(?:dnd|yes|y|true|registered|all|0|block 0)$/.test(text) ? undefined : wholeSchemes.find(([pattern]) => pattern.test(text))?.[1];
    return [{ at, whole, status: readScrubStatus(text, kind) }];
  });
  const [first] = read;
  if (!first) return null;
  const full = read.find(({ whole }) => whole === "full_block") ?? read.find(({ whole }) => whole === "block_promo");
  if (full?.whole === "full_block" || full?.whole === "block_promo") return { says: full.whole, at: full.at };
  return { says: joinedStatus(read.map(({ whole, status }) => (whole === "none" ? "clear" : status))), at: first.at };
}

/** A status closes a number whose row names nothing, or says that nothing is blocked; codes are more exact than it. */
function withStatus(scheme: Scheme | null, status: StatusSays): { scheme: Scheme } | Problem {
  if (status?.says === "full_block" || status?.says === "block_promo") return { scheme: scheme !== null && strictness.indexOf(scheme) > strictness.indexOf(status.says) ? scheme : status.says };
  if (scheme !== null && scheme !== "none") return { scheme };
  if (status === null) return scheme === null ? { at: undefined, reason: "preference_missing", message: "the row names a number and no preference" } : { scheme };
  if (status.says === "unknown") return { at: status.at, reason: "unknown_status", message: "expected whether the number is registered: yes or no" };
  return { scheme: status.says === "blocked" ? "full_block" : "none" };
}

function operationOf(word: string): "add" | "delete" | "unknown" {
  if (word === "" || /^(?:a|add|added|i|insert|u|update|m|modify|register|registered|activate|active)$/.test(word)) return "add";
  if (/^(?:d|del|delete|deleted|deregister|deregistered|deactivate|inactive|r|remove|removed)$/.test(word)) return "delete";
  return "unknown";
}

function simplified(text: string): string {
  return text.toLowerCase().replace(/["'_]+/g, " ").replace(/\s+/g, " ").trim();
}
