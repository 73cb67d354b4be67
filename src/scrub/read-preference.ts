import { preferenceBands, preferenceCategories, preferenceModes, publicHolidayCode, weekdayCodes } from "../rules/data/preference-codes.ts";
import type { ListColumn, ListColumns } from "./list-columns.ts";
import { readListDate } from "./list-date.ts";

/** What a subscriber blocked, as a row of the register says it. */
export interface SubscriberChoice {
  scheme: "full_block" | "block_promo" | "partial" | "legacy" | "none";
  categories: readonly number[];
  modes: readonly number[];
  bands: readonly number[];
  days: readonly number[];
  /** The IST date the row carries. */
  date: string | null;
}

/** A choice, or what is wrong with the row. */
export type ChoiceReading = { ok: true; choice: SubscriberChoice } | { ok: false; column: ListColumn; reason: string; message: string };

type Kind = "categories" | "modes" | "bands" | "days";
type Codes = Record<Kind, number[]>;

const kinds: readonly { kind: Kind; codes: ReadonlySet<number> }[] = [
  { kind: "categories", codes: new Set(preferenceCategories) },
  { kind: "modes", codes: new Set(preferenceModes) },
  { kind: "bands", codes: new Set([20, ...Object.keys(preferenceBands).map(Number)]) },
  { kind: "days", codes: new Set([30, ...weekdayCodes, publicHolidayCode]) },
];

const wholeSchemes: readonly [RegExp, SubscriberChoice["scheme"]][] = [
  [/^(?:un ?block(?: all)?|none|nil|not ?registered|stop|no|-)$/, "none"],
  [/^(?:fully ?block(?:ed)?|full ?block(?:ed)?|full|block ?all|blocked ?all|all|dnd|yes|y|true|registered|0|block 0)$/, "full_block"],
  [/^(?:block(?:ed)? ?promo(?:tional)?|promo ?block(?:ed)?|50|block 50)$/, "block_promo"],
];

const modeWords: Readonly<Record<string, number>> = { all: 10, voice: 11, call: 11, "voice call": 11, sms: 12, announcement: 13, prerecorded: 13, "pre recorded": 13, "auto dialer": 14, autodialer: 14, robo: 15, "robo call": 15, robocall: 15 };

/**
 * Reads one register row. Rows of the register of 2010 (told by the file's header, a `format` column, or the word START)
 * say what the subscriber wanted to keep by SMS: whatever they list, the number is closed to promotional voice (`legacy`). Rows of
 * 2018 list what is blocked. `today` is the IST date of the import.
 */
export function readPreference(columns: ListColumns, cells: readonly string[], today: string): ChoiceReading {
  const cell = (column: ListColumn): string => {
    const at = columns.at[column];
    return at === undefined ? "" : (cells[at] ?? "").trim();
  };
  const date = readListDate(cell("date"), today);
  if (!date.ok) return wrong("date", date.reason, date.reason === "absurd_date" ? "the date lies before the register existed or in the future" : "expected a date such as 2026-11-23 or 23-11-2026");
  const operation = operationOf(cell("operation"));
  if (operation === "unknown") return wrong("operation", "unknown_operation", "expected A (added) or D (deleted)");
  const stated = simplified(cell("preference")) || statusWord(simplified(cell("status")));
  if (operation === "delete") return taken("none", date.date);
  if (columns.oldRegister || /^(?:2010|old|ndnc|start)/.test(simplified(cell("format"))) || /^start\b/.test(stated)) return taken("legacy", date.date);
  return readCodes(stated, cell, date.date);
}

/** A register has millions of rows and few different ones. */
const remembered = 20_000;

/** `readPreference` for the rows of one file, remembering what it has read. */
export function preferenceReader(columns: ListColumns, today: string): (cells: readonly string[]) => ChoiceReading {
  const known = new Map<string, ChoiceReading>();
  const saying = Object.entries(columns.at).flatMap(([column, at]) => (column === "number" ? [] : [at]));
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

function readCodes(stated: string, cell: (column: ListColumn) => string, date: string | null): ChoiceReading {
  const whole = wholeSchemes.find(([pattern]) => pattern.test(stated))?.[1];
  const codes: Codes = { categories: [], modes: [], bands: [], days: [] };
  const cellsOfCodes: [ListColumn, string, Kind | null][] = [
    ["preference", whole === undefined ? stated : "", null],
    ["category", simplified(cell("category")), "categories"],
    ["mode", simplified(cell("mode")), "modes"],
    ["band", simplified(cell("band")), "bands"],
    ["day", simplified(cell("day")), "days"],
  ];
  let fullBlock = whole === "full_block";
  let blockPromo = whole === "block_promo";
  let said = whole !== undefined;
  for (const [column, text, only] of cellsOfCodes) {
    if (text === "") continue;
    said = true;
    if (column === "category" && /^(?:0|all)$/.test(text)) fullBlock = true;
    else {
      const problem = addCodes(codes, text, only);
      if (problem === "full_block") fullBlock = true;
      else if (problem === "block_promo") blockPromo = true;
      else if (problem) return wrong(column, problem.reason, problem.message);
    }
  }
  if (!said) return wrong("preference", "preference_missing", "the row names a number and no preference");
  if (fullBlock) return taken("full_block", date);
  if (blockPromo) return taken("block_promo", date);
  if (Object.values(codes).every((list) => list.length === 0)) return taken("none", date);
  return { ok: true, choice: { scheme: "partial", ...codes, date } };
}

/** Adds the codes of one cell to those of the row; answers a whole block when the cell holds one, or what is wrong. */
function addCodes(codes: Codes, text: string, only: Kind | null): "full_block" | "block_promo" | { reason: string; message: string } | undefined {
  const mode = only === "modes" ? modeWords[text] : undefined;
  for (const part of mode === undefined ? text.replace(/^block(?:ed)?\b/, "").split(/[^a-z0-9]+/) : [String(mode)]) {
    if (part === "") continue;
    const code = /^\d{1,3}$/.test(part) ? Number(part) : Number.NaN;
    if (only === null && code === 0) return "full_block";
    if (only === null && code === 50) return "block_promo";
    if (code >= 91 && code <= 98) return { reason: "unblock_code", message: `${part} unblocks a category; expected what is blocked in the end` };
    const fitting = kinds.find(({ kind, codes: known }) => (only === null || kind === only) && known.has(code));
    if (!fitting) return { reason: "unknown_preference_code", message: `expected preference codes (1–8, 10–15, 20–29, 30–38, 50, 0), got ${part.slice(0, 20)}` };
    if (!codes[fitting.kind].includes(code)) codes[fitting.kind].push(code);
  }
  return undefined;
}

/** A status says whether, not what: 1 is yes there, not category 1. */
function statusWord(text: string): string {
  return text === "1" ? "yes" : text === "0" ? "no" : text;
}

function operationOf(text: string): "add" | "delete" | "unknown" {
  const word = simplified(text);
  if (word === "" || /^(?:a|add|added|i|insert|u|update|m|modify|register|registered|activate|active)$/.test(word)) return "add";
  if (/^(?:d|del|delete|deleted|deregister|deregistered|deactivate|inactive|r|remove|removed)$/.test(word)) return "delete";
  return "unknown";
}

function taken(scheme: SubscriberChoice["scheme"], date: string | null): ChoiceReading {
  return { ok: true, choice: { scheme, categories: [], modes: [], bands: [], days: [], date } };
}

function wrong(column: ListColumn, reason: string, message: string): ChoiceReading {
  return { ok: false, column, reason, message };
}

function simplified(text: string): string {
  return text.toLowerCase().replace(/["'_]+/g, " ").replace(/\s+/g, " ").trim();
}
