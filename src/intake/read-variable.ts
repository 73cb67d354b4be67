import type { DateTime } from "luxon";
import type { VariableType } from "../domain/definition.ts";
import { assertNever } from "../domain/exhaustive.ts";
import { paiseFromRupees } from "../domain/money.ts";
import { onOneLine, textProblem } from "./cell-text.ts";
import { isoDay, readDate } from "./read-date.ts";
import { readInstant } from "./read-instant.ts";
import type { RejectReason } from "./reject-reasons.ts";

export type ValueReading = { ok: true; value: string | number | boolean; unsure?: boolean } | { ok: false; reason: RejectReason };

const yes = new Set(["yes", "y", "true", "1", "haan", "ha", "हाँ", "हां", "हा"]);
const no = new Set(["no", "n", "false", "0", "nahi", "nahin", "नहीं", "नही"]);
const scientific = /^[+-]?\d+(?:\.\d+)?e[+-]?\d+$/i;

/**
 * Reads one non-empty cell as the type its definition declares: money in rupees becomes paise, dates "yyyy-MM-dd",
 * datetimes ISO 8601 in IST. Nothing is guessed: what cannot be one thing only is refused.
 */
export function readVariable(type: VariableType, text: string, now: DateTime<true>): ValueReading {
  if (type !== "text" && scientific.test(text)) return { ok: false, reason: "scientific_notation" };
  switch (type) {
    case "text": {
      const problem = textProblem(text);
      return problem ? { ok: false, reason: problem } : { ok: true, value: onOneLine(text) };
    }
    case "money": {
      const paise = paiseFromRupees(text);
      return paise === undefined ? { ok: false, reason: "not_money" } : { ok: true, value: paise };
    }
    case "date": {
      const reading = readDate(text, now);
      return reading.ok ? { ok: true, value: isoDay(reading.date), unsure: reading.unsure } : reading;
    }
    case "datetime": {
      const reading = readInstant(text, now);
      if (!reading.ok) return reading;
      return reading.hasTime
        ? { ok: true, value: reading.instant.toISO({ suppressMilliseconds: true }), unsure: reading.unsure }
        : { ok: false, reason: "not_a_datetime" };
    }
    case "number":
      return readNumber(text);
    case "boolean": {
      const word = text.toLowerCase();
      if (yes.has(word)) return { ok: true, value: true };
      return no.has(word) ? { ok: true, value: false } : { ok: false, reason: "not_boolean" };
    }
    default:
      return assertNever(type, "variable type");
  }
}

function readNumber(text: string): ValueReading {
  const plain = /^-?\d{1,3}(?:,\d{2,3})+(?:\.\d{1,9})?$/.test(text) ? text.replaceAll(",", "") : text;
  if (!/^-?\d{1,15}(?:\.\d{1,9})?$/.test(plain)) return { ok: false, reason: "not_a_number_value" };
  return { ok: true, value: Number(plain) };
}
