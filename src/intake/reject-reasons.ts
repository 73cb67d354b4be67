import type { NumberRejection } from "../domain/phone-number.ts";

const numberReasons = {
  missing: "the phone number is empty",
  scientific_notation: "the spreadsheet wrote it in scientific notation and lost digits; format the column as text and fill in the whole value",
  not_a_number: "this is not a phone number",
  too_short: "the phone number has too few digits",
  too_long: "the phone number has too many digits",
  special_series: "numbers of the series 140, 160, 1800, 186 and short codes are services, not persons",
  country_not_allowed: "only Indian numbers (+91) may be called",
  fixed_line_not_allowed: "this is a land line; the definition does not set allow_fixed_line",
  dummy_number: "all digits are the same",
  not_dialable: "no Indian subscriber can have this number",
} as const satisfies Record<NumberRejection, string>;

const otherReasons = {
  empty: "a value is required here",
  not_money: "expected an amount in rupees such as 4,500 or ₹ 1,20,000.50",
  not_a_date: "expected a date such as 05/03/2026 (day first), 2026-03-05 or 05-Mar-2026",
  month_first_date: "the month stands first; write the day first (dd/mm/yyyy) or use yyyy-mm-dd",
  ambiguous_date: "other dates of this column have the month first, so day and month may be swapped; use yyyy-mm-dd",
  ambiguous_century: "write the year with four digits",
  impossible_date: "the calendar has no such day",
  implausible_year: "expected a year from 1900 to 2100",
  not_a_datetime: "expected a date and a time such as 2026-03-05 18:30 or 05/03/2026 6:30 pm",
  not_an_instant: "expected a date, or a date and a time, such as 2026-03-05 18:30",
  not_a_number_value: "expected a number such as 12 or 12.5",
  not_boolean: "expected yes or no",
  unknown_language: "expected a language such as hi-IN, en-IN, Hindi or English",
  language_not_in_campaign: "the campaign does not speak this language",
  control_characters: "control or text-direction characters are not allowed",
  broken_characters: "the text was damaged before it came here; save the file as \"CSV UTF-8\" and send it again",
  formula: "a spreadsheet formula is not a value",
  too_long_text: "the text is too long",
  field_too_long: "one cell may have at most 4,096 bytes",
  window_inverted: "not_after is not later than not_before",
  not_after_past: "not_after is in the past, so the person could never be called",
  too_few_fields: "the row has fewer cells than the header",
  too_many_fields: "the row has more cells than the header",
  record_too_long: "the row is longer than 16,384 characters",
  unclosed_quote: "a quote is opened here and never closed",
  broken_quote: "a quote stands inside a cell that does not begin with one; double it, or quote the whole cell",
  unknown_key: "this key is not known",
  same_key_twice: "another key of this contact names the same",
  not_an_object: "expected an object",
  duplicate_in_file: "another row of this list has the same number",
  duplicate_in_campaign: "the campaign already has this number",
  erased: "this person was erased; take the number off the do-not-call list first if the person wants to be called again",
  contact_in_progress: "the campaign already has this number and it can no longer be replaced",
} as const;

/** Why a row, or one cell of it, was refused; stable codes. */
export type RejectReason = keyof typeof otherReasons | NumberRejection;

const sentences: Readonly<Record<RejectReason, string>> = { ...numberReasons, ...otherReasons };

/** The plain sentence of a reason. */
export function reasonSentence(reason: string): string {
  return Object.hasOwn(sentences, reason) ? sentences[reason as RejectReason] : reason;
}

/** One cell that is wrong: the column by the file's own name, the value as it came, and why. */
export interface RowProblem {
  column: string;
  value: string;
  reason: RejectReason;
}
