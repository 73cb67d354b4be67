import type { DateTime } from "luxon";
import type { Variables } from "../domain/contact.ts";
import type { Definition, Language } from "../domain/definition.ts";
import { partyColumn } from "../domain/party.ts";
import { type E164, readIndianNumber } from "../domain/phone-number.ts";
import { cellText, onOneLine, textProblem } from "./cell-text.ts";
import type { ColumnPlan } from "./column-plan.ts";
import type { CsvRecord } from "./csv-records.ts";
import type { KnownColumn } from "./header-aliases.ts";
import { maxExternalIdChars, maxNameChars } from "./import-limits.ts";
import { readInstant } from "./read-instant.ts";
import { readLanguage } from "./read-language.ts";
import { readVariable } from "./read-variable.ts";
import type { RejectReason, RowProblem } from "./reject-reasons.ts";

/** A row that passed every check. */
export interface ContactDraft {
  number: E164;
  name: string | null;
  language: Language;
  externalId: string | null;
  notBeforeMs: number | null;
  notAfterMs: number | null;
  variables: Variables;
}

export type RowReading =
  | { ok: true; contact: ContactDraft; /** Columns whose date could be read with day and month swapped. */ unsureColumns: readonly string[] }
  | { ok: false; problems: readonly RowProblem[]; /** The number, where it was readable: erasing a person finds the row by it. */ number: E164 | null };

export interface RowContext {
  plan: ColumnPlan;
  definition: Definition;
  now: DateTime<true>;
  maxFieldBytes: number;
}

/** A party that the definition does not declare. */
const partyRule = { type: "text", required: false } as const;

/** Checks one row against the columns and the definition; every cell that is wrong is named, not only the first. */
export function checkRow(record: CsvRecord, context: RowContext): RowReading {
  const { plan, definition, now } = context;
  const shape = record.broken ?? shapeProblem(record.cells, plan.width, context.maxFieldBytes);
  if (shape) return { ok: false, problems: [{ column: "", value: "", reason: shape }], number: null };
  const problems: RowProblem[] = [...(record.problems ?? [])];
  const unsureColumns: string[] = [];
  const refuse = (at: number | undefined, reason: RejectReason): null => {
    problems.push({ column: at === undefined ? "" : (plan.header[at] ?? ""), value: at === undefined ? "" : (record.cells[at] ?? ""), reason });
    return null;
  };
  const cell = (at: number | undefined): string => (at === undefined ? "" : cellText(record.cells[at] ?? ""));
  const known = (column: KnownColumn): { at: number | undefined; text: string } => ({ at: plan.known[column], text: cell(plan.known[column]) });

  const phone = known("phone");
  const number = readIndianNumber(phone.text, { allowFixedLine: definition.allow_fixed_line });
  if (!number.ok) refuse(phone.at, number.reason);

  const shortText = (column: KnownColumn, maxChars: number): string | null => {
    const { at, text } = known(column);
    if (text === "") return null;
    const problem = textProblem(text) ?? ([...text].length > maxChars ? "too_long_text" : undefined);
    return problem ? refuse(at, problem) : onOneLine(text);
  };
  const name = shortText("name", maxNameChars);
  const externalId = shortText("external_id", maxExternalIdChars);

  const variables: Record<string, string | number | boolean> = {};
  for (const [variable, at] of plan.variables) {
    const rule = definition.variables[variable] ?? (variable === partyColumn ? partyRule : undefined);
    const text = cell(at);
    if (!rule || (variable === "name" && text !== "" && name === null)) continue;
    if (text === "") {
      if (rule.required && variable !== "phone") refuse(at, "empty");
      continue;
    }
    const reading = readVariable(rule.type, text, now);
    if (!reading.ok) refuse(at, reading.reason);
    else variables[variable] = reading.value;
    if (reading.ok && reading.unsure) unsureColumns.push(plan.header[at] ?? "");
  }

  const instant = (column: "not_before" | "not_after"): number | null => {
    const { at, text } = known(column);
    if (text === "") return null;
    const reading = readInstant(text, now);
    if (!reading.ok) return refuse(at, reading.reason === "not_a_datetime" ? "not_an_instant" : reading.reason);
    if (reading.unsure) unsureColumns.push(plan.header[at ?? 0] ?? "");
    return (column === "not_after" && !reading.hasTime ? reading.instant.endOf("day") : reading.instant).toMillis();
  };
  const notBeforeMs = instant("not_before");
  const notAfterMs = instant("not_after");
  if (notAfterMs !== null && notAfterMs <= now.toMillis()) refuse(plan.known.not_after, "not_after_past");
  else if (notAfterMs !== null && notBeforeMs !== null && notAfterMs <= notBeforeMs) refuse(plan.known.not_after, "window_inverted");

  const language = rowLanguage(known("language").text, definition);
  if (!language.ok) refuse(plan.known.language, language.reason);

  problems.sort((one, other) => plan.header.indexOf(one.column) - plan.header.indexOf(other.column));
  if (problems.length > 0 || !number.ok || !language.ok) return { ok: false, problems, number: number.ok ? number.number : null };
  return { ok: true, unsureColumns, contact: { number: number.number, name, language: language.language, externalId, notBeforeMs, notAfterMs, variables } };
}

function shapeProblem(cells: readonly string[], width: number, maxFieldBytes: number): RejectReason | undefined {
  if (cells.length < width) return "too_few_fields";
  if (cells.slice(width).some((cell) => cell !== "")) return "too_many_fields";
  // A UTF-16 unit is at most three bytes of UTF-8: only longer cells need counting.
  const tooLong = cells.some((cell) => cell.length * 3 > maxFieldBytes && Buffer.byteLength(cell) > maxFieldBytes);
  return tooLong ? "field_too_long" : undefined;
}

type LanguageReading = { ok: true; language: Language } | { ok: false; reason: RejectReason };

function rowLanguage(text: string, definition: Definition): LanguageReading {
  const [first] = definition.languages;
  if (text === "" && first) return { ok: true, language: first };
  const language = readLanguage(text);
  if (language === undefined) return { ok: false, reason: "unknown_language" };
  return definition.languages.includes(language) ? { ok: true, language } : { ok: false, reason: "language_not_in_campaign" };
}
