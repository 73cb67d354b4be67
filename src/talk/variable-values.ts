import { DateTime } from "luxon";
import { IST } from "../domain/clock.ts";
import type { VariableType } from "../domain/definition.ts";
import { paiseFromRupees, rupeesFromPaise } from "../domain/money.ts";
import { asciiDigits } from "./spoken-tokens.ts";

/** A variable of a contact or a field of a disposition: money in paise, dates as ISO texts in IST. */
export type VariableValue = string | number | boolean;

export type FieldReading = { ok: true; value: VariableValue } | { ok: false; problem: string };

const longestTextChars = 500;
const mostRupees = 1_000_000_000;

/**
 * Reads one field as a model or a person writes it and checks it. A problem is said in words that the model can act on.
 * Money comes out in paise, a date as "2026-12-05", an instant as ISO 8601 with +05:30.
 */
export function readField(type: VariableType, raw: unknown): FieldReading {
  const text = typeof raw === "string" ? asciiDigits(raw).trim() : typeof raw === "number" || typeof raw === "boolean" ? String(raw) : "";
  if (text === "") return { ok: false, problem: "is missing" };
  switch (type) {
    case "money":
      return readMoney(text);
    case "date":
      return readDate(text);
    case "datetime":
      return readInstant(text);
    case "number": {
      const value = Number(text.replaceAll(",", ""));
      return Number.isFinite(value) ? { ok: true, value } : { ok: false, problem: `expected a number in digits, got "${text}"` };
    }
    case "boolean":
      if (/^(?:true|yes|1)$/i.test(text)) return { ok: true, value: true };
      return /^(?:false|no|0)$/i.test(text) ? { ok: true, value: false } : { ok: false, problem: `expected true or false, got "${text}"` };
    case "text":
      return { ok: true, value: text.slice(0, longestTextChars) };
  }
}

function readMoney(text: string): FieldReading {
  const paise = paiseFromRupees(text.replace(/\s*(?:rupees?|rupaye|रुपये)$/i, ""));
  if (paise === undefined) return { ok: false, problem: `expected an amount of rupees in digits such as 4500, got "${text}"` };
  if (paise <= 0 || paise > mostRupees * 100) return { ok: false, problem: `expected an amount between 1 and ${mostRupees} rupees, got "${text}"` };
  return { ok: true, value: paise };
}

const dateFormats = ["yyyy-MM-dd", "d/M/yyyy", "d-M-yyyy", "d LLLL yyyy", "d LLL yyyy"] as const;

function readDate(text: string): FieldReading {
  for (const format of dateFormats) {
    const day = DateTime.fromFormat(text.slice(0, 40), format, { zone: IST, locale: "en-IN" });
    if (day.isValid && day.year >= 1900 && day.year < 2100) return { ok: true, value: day.toFormat("yyyy-MM-dd") };
  }
  const instant = readInstant(text);
  if (instant.ok && typeof instant.value === "string") return { ok: true, value: instant.value.slice(0, 10) };
  return { ok: false, problem: `expected a date such as 2026-12-05, got "${text}"` };
}

function readInstant(text: string): FieldReading {
  const instant = DateTime.fromISO(text.replace(" ", "T"), { zone: IST });
  const hasTime = /\d[T ]\d{1,2}:\d{2}/.test(text);
  if (!instant.isValid || !hasTime) return { ok: false, problem: `expected a date with a time such as 2026-12-05T18:00, got "${text}"` };
  return { ok: true, value: instant.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ") };
}

/** A value as the model is to read it: money as "₹4,500", a date as "5 December 2026". */
export function shownValue(type: VariableType, value: VariableValue): string {
  if (type === "money" && typeof value === "number") return `₹${grouped(rupeesFromPaise(value))}`;
  if (type === "date" && typeof value === "string") {
    const day = DateTime.fromISO(value, { zone: IST });
    return day.isValid ? day.setLocale("en-IN").toFormat("d LLLL yyyy") : value;
  }
  if (type === "datetime" && typeof value === "string") {
    const instant = DateTime.fromISO(value, { zone: IST });
    return instant.isValid ? instant.setLocale("en-IN").toFormat("d LLLL yyyy, h:mm a") : value;
  }
  return String(value);
}

/** Indian grouping: 1234567.50 → 12,34,567.50. */
function grouped(rupees: string): string {
  const [whole = "", paise] = rupees.split(".");
  const head = whole.slice(0, -3).replace(/\B(?=(?:\d{2})+(?!\d))/g, ",");
  const shown = head === "" ? whole : `${head},${whole.slice(-3)}`;
  return paise === undefined ? shown : `${shown}.${paise}`;
}
