import type { Language } from "../domain/definition.ts";
import { digitsInWords, type NumberScript } from "./number-words.ts";
import { percentInWords, writtenNumberInWords } from "./spoken-amount.ts";
import { dateInWords, monthNumber, type SpokenTime, timeInWords, yearInWords } from "./spoken-date.ts";
import { withSpokenMoney } from "./spoken-money.ts";
import { asciiDigits } from "./spoken-tokens.ts";

const number = String.raw`\d+(?:,\d+)*(?:\.\d+)?`;
const month = String.raw`Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|जनवरी|फ़रवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर`;
const dayPart = "सुबह|दोपहर|शाम|रात|subah|dopahar|shaam|sham|raat";

const patterns = {
  percent: new RegExp(String.raw`(?<![\d.,])(${number})\s*%`, "gu"),
  isoDate: /(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::\d{2})?(?:\+05:30)?)?(?![\d-])/gu,
  numericDate: /(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?![\d/-])/gu,
  dayMonth: new RegExp(String.raw`(?<![\d:.,])(\d{1,2})(?:st|nd|rd|th)?\s+(${month})(?![\p{L}\p{M}])(?:,?\s+(\d{4})(?!\d))?`, "giu"),
  monthDay: new RegExp(String.raw`\b(${month})\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,?\s+(\d{4})(?!\d))?`, "giu"),
  time: new RegExp(String.raw`(?:(${dayPart})\s+)?(?<![\d:.])(\d{1,2}):(\d{2})(?::\d{2})?(?:\s*([ap])\.?\s?m\b\.?)?(?![\d:])(?:\s*(?:बजे|baje)(?![\p{L}\p{M}]))?`, "giu"),
  clockHour: /(?<![\d:.])(\d{1,2})\s*([ap])\.?\s?m\b\.?/giu,
  phone: /(?<![\d\p{L}])(?:\+91[\s-]?)?(?:[6-9]\d{4}[\s-]?\d{5}|1800[\s-]?\d{3}[\s-]?\d{3,4})(?!\d)/gu,
  longDigits: /(?<![\d,.])\d{7,}(?![\d,.]?\d)/gu,
  idDigits: /(?:(?<=[\p{L}•])[-–]?|(?<=ending (?:in |with )?))(\d{3,})(?!\d)/giu,
  year: /(?<![\d,.₹])(?:19|20)\d{2}(?![\d%]|[,.]\d)/gu,
  number: new RegExp(String.raw`(?<![\d.,])${number}(?!\d)`, "gu"),
} as const;

/**
 * What the voice is to say for a text of the model: amounts with lakh and crore, dates, times, per cents and years in
 * words, phone numbers and ids digit by digit, markup gone. Hindi follows the script of the text (Devanagari or Latin);
 * for other languages only amounts of rupees and markup are changed, because their voices read digits well.
 */
export function spokenText(text: string, language: Language): string {
  const plain = asciiDigits(withoutMarkup(text));
  const script = scriptFor(plain, language);
  const withMoney = withSpokenMoney(plain, language, script);
  const spoken = script === undefined ? withMoney : inWords(withMoney, script);
  return spoken.replace(/\s+/g, " ").trim();
}

function scriptFor(text: string, language: Language): NumberScript | undefined {
  if (language === "en-IN") return "english";
  if (language !== "hi-IN") return undefined;
  return /[\u0900-\u097f]/.test(text) || !/[a-z]/i.test(text) ? "devanagari" : "latin_hindi";
}

function withoutMarkup(text: string): string {
  return text
    .replace(/\[([^\]]{0,200})\]\((?:[^)]{0,300})\)/g, "$1")
    .replace(/[*_#`~|<>]+/g, " ")
    .replace(/\p{Extended_Pictographic}\ufe0f?/gu, " ");
}

function inWords(text: string, script: NumberScript): string {
  const and = script === "devanagari" ? " और " : script === "latin_hindi" ? " aur " : " and ";
  return text
    .replace(patterns.percent, (whole, amount: string) => percentInWords(amount, script) ?? whole)
    .replace(patterns.isoDate, (whole, year: string, monthDigits: string, day: string, hour: string | undefined, minute: string | undefined) => {
      const date = dateInWords(Number(day), Number(monthDigits), Number(year), script);
      const time = hour === undefined ? undefined : timeInWords({ hour: Number(hour), minute: Number(minute), sure: true }, script);
      return date === undefined ? whole : time === undefined ? date : `${date}, ${time}`;
    })
    .replace(patterns.numericDate, (whole, day: string, monthDigits: string, year: string) => dateInWords(Number(day), Number(monthDigits), Number(year), script) ?? whole)
    .replace(patterns.dayMonth, (whole, day: string, name: string, year: string | undefined) => namedDate(day, name, year, script) ?? whole)
    .replace(patterns.monthDay, (whole, name: string, day: string, year: string | undefined) => namedDate(day, name, year, script) ?? whole)
    .replace(patterns.time, (whole, part: string | undefined, hour: string, minute: string, half: string | undefined) => timeInWords({ ...clockTime(hour, minute, half), part }, script) ?? whole)
    .replace(patterns.clockHour, (whole, hour: string, half: string) => timeInWords(clockTime(hour, "0", half), script) ?? whole)
    .replace(patterns.phone, (digits) => digitsInWords(digits.replace(/^\+91/, "").replace(/\D/g, ""), script))
    .replace(patterns.longDigits, (digits) => digitsInWords(digits, script))
    .replace(patterns.idDigits, (_, digits: string) => ` ${digitsInWords(digits, script)}`)
    .replace(patterns.year, (year) => yearInWords(Number(year), script))
    .replace(patterns.number, (written) => writtenNumberInWords(written, script) ?? written)
    .replace(/\s*&\s*/g, and);
}

function namedDate(day: string, name: string, year: string | undefined, script: NumberScript): string | undefined {
  const monthOfYear = monthNumber(name);
  return monthOfYear === undefined ? undefined : dateInWords(Number(day), monthOfYear, year === undefined ? undefined : Number(year), script);
}

/** Twelve-hour times without a half of the day are left open; 13:00 and later, and 0:xx, are sure. */
function clockTime(hour: string, minute: string, half: string | undefined): SpokenTime {
  const value = Number(hour);
  if (half !== undefined && value <= 12) return { hour: (value % 12) + (half.toLowerCase() === "p" ? 12 : 0), minute: Number(minute), sure: true };
  return { hour: value, minute: Number(minute), sure: value === 0 || value > 12 };
}
