import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/** A phone number in E.164 form, checked: "+919876543210". */
export type E164 = string & { readonly __e164: true };

/** Why a text is not a number we may dial. */
export type NumberRejection =
  | "missing"
  | "scientific_notation"
  | "not_a_number"
  | "too_short"
  | "too_long"
  | "special_series"
  | "country_not_allowed"
  | "fixed_line_not_allowed"
  | "dummy_number"
  | "not_dialable";

export type NumberReading = { ok: true; number: E164 } | { ok: false; reason: NumberRejection };

export interface NumberPolicy {
  /** Land lines are refused unless the campaign says otherwise. */
  allowFixedLine?: boolean;
}

const scientific = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i;
const lettersOrJunk = /[^\d\s()+\-./\u00a0\u2010-\u2015'"]/;
/** TRAI/DoT series that are callers or services, never a person: 140, 160x, 1800, 186x. */
const specialSeries = /^(?:140|160|1800|1803|186)/;

/**
 * Reads an Indian number as people type it: spaces, dashes, brackets, a leading 0, 91, +91 or 0091.
 * Special series are refused before the type check because libphonenumber calls 1600/1601 MOBILE.
 * Scientific notation has lost digits and is refused, never guessed.
 */
export function readIndianNumber(raw: string, policy: NumberPolicy = {}): NumberReading {
  const text = raw.normalize("NFKC").trim().replace(/^['"`]+|['"]+$/g, "").replace(/[\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, "").trim();
  if (text === "") return { ok: false, reason: "missing" };
  if (scientific.test(text.replaceAll(" ", ""))) return { ok: false, reason: "scientific_notation" };
  if (lettersOrJunk.test(text) || text.lastIndexOf("+") > 0) return { ok: false, reason: "not_a_number" };
  const spreadsheetFloat = /^\d{10,12}\.0+$/.exec(text);
  const digits = (spreadsheetFloat ? text.slice(0, text.indexOf(".")) : text).replace(/\D/g, "");
  if (digits === "") return { ok: false, reason: "not_a_number" };
  return readDigits(digits, text.startsWith("+"), policy);
}

function readDigits(digits: string, international: boolean, policy: NumberPolicy): NumberReading {
  const national = nationalDigits(digits, international);
  if (national === undefined) return { ok: false, reason: "country_not_allowed" };
  if (specialSeries.test(national)) return { ok: false, reason: "special_series" };
  if (national.length <= 6) return { ok: false, reason: national.length >= 3 && national.startsWith("1") ? "special_series" : "too_short" };
  if (national.length < 10) return { ok: false, reason: "too_short" };
  if (national.length > 10) return { ok: false, reason: "too_long" };
  if (/^(\d)\1{9}$/.test(national)) return { ok: false, reason: "dummy_number" };
  const parsed = parsePhoneNumberFromString(`+91${national}`);
  if (!parsed?.isValid()) return { ok: false, reason: "not_dialable" };
  const type = parsed.getType();
  if (type === "MOBILE" && /^[6-9]/.test(national)) return { ok: true, number: parsed.number as E164 };
  if (type === "FIXED_LINE" || type === "FIXED_LINE_OR_MOBILE") {
    return policy.allowFixedLine
      ? { ok: true, number: parsed.number as E164 }
      : { ok: false, reason: "fixed_line_not_allowed" };
  }
  return { ok: false, reason: "not_dialable" };
}

/** The digits after the country code, or undefined when another country's code is written. */
function nationalDigits(digits: string, international: boolean): string | undefined {
  if (international) return digits.startsWith("91") ? dropTrunkZero(digits.slice(2)) : undefined;
  if (digits.startsWith("00")) return digits.startsWith("0091") ? dropTrunkZero(digits.slice(4)) : undefined;
  if (digits.startsWith("0")) {
    const rest = digits.slice(1);
    return rest.length === 12 && rest.startsWith("91") ? rest.slice(2) : rest;
  }
  if (digits.length === 12 && digits.startsWith("91")) return digits.slice(2);
  if (digits.length === 13 && digits.startsWith("910")) return digits.slice(3);
  return digits;
}

function dropTrunkZero(digits: string): string {
  return digits.length === 11 && digits.startsWith("0") ? digits.slice(1) : digits;
}

/** A caller number of ours: any valid E.164, also foreign ones and the 140/160 series. */
export function readCallerNumber(raw: string): E164 | undefined {
  const text = raw.trim();
  return /^\+[1-9]\d{6,14}$/.test(text) ? (text as E164) : undefined;
}

/** "+91••••••3210": enough for an operator to recognise, not enough to dial. */
export function maskNumber(number: E164): string {
  return `${number.slice(0, 3)}${"•".repeat(Math.max(0, number.length - 7))}${number.slice(-4)}`;
}
