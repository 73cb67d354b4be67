import { type E164, type NumberRejection, readIndianNumber } from "../domain/phone-number.ts";

const plainMobile = /^(?:\+?91|0)?([6-9]\d{9})$/;
/** The same as spreadsheets, contact cards and people write it: '6…, 6….0, (+91) 6…, tel:+91 6…. */
const dressedMobile = /^(?:tel:)?'*\(?(?:\+?91|0)?\)?([6-9]\d{9})(?:\.0+)?'*$/i;

/**
 * The number of a row that closes something. Plain mobile numbers are taken without further checks, because a number
 * too many on such a list harms nobody; land lines are taken too, and everything else is read as an upload is.
 */
export function listNumber(cell: string): { ok: true; number: E164 } | { ok: false; reason: NumberRejection } {
  const text = cell.trim();
  const mobile = plainMobile.exec(text) ?? dressedMobile.exec(text.replace(/[\s-]/g, ""));
  if (mobile) return { ok: true, number: `+91${mobile[1]}` as E164 };
  return readIndianNumber(cell, { allowFixedLine: true });
}

/** What is wrong with a number, in words for the row's report. */
export function numberProblem(reason: NumberRejection): string {
  const words: Readonly<Record<NumberRejection, string>> = {
    missing: "the row has no number",
    scientific_notation: "the spreadsheet wrote the number as 9.19E+11 and lost its digits; format the column as text, fill it in again and export it as CSV",
    not_a_number: "expected a phone number, got something else",
    too_short: "the number has too few digits",
    too_long: "the number has too many digits",
    special_series: "the number belongs to a special series and cannot be called",
    country_not_allowed: "expected an Indian number",
    fixed_line_not_allowed: "the number is a land line",
    dummy_number: "the number is a dummy",
    not_dialable: "no such number exists in India's numbering plan",
  };
  return words[reason];
}
