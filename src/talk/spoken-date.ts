import { numberInWords, type NumberScript } from "./number-words.ts";

const englishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const devanagariMonths = ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"];

/** How Hindi speakers say, and speech recognition writes, the months in Latin letters. */
const spelledMonths: Readonly<Record<string, number>> = {
  sept: 9, janvari: 1, janwari: 1, farvari: 2, farwari: 2, pharvari: 2, maarch: 3, aprail: 4, aprel: 4, mai: 5, joon: 6, julai: 7, agast: 8, sitambar: 9, sitamber: 9, aktubar: 10, aktoobar: 10, navambar: 11, nawambar: 11, disambar: 12, disamber: 12,
};

const irregularOrdinals: Readonly<Record<string, string>> = {
  one: "first",
  two: "second",
  three: "third",
  five: "fifth",
  eight: "eighth",
  nine: "ninth",
  twelve: "twelfth",
};

/** The number 1 to 12 of a month's English or Hindi name, long or short; undefined when it is none. */
export function monthNumber(name: string): number | undefined {
  const lower = name.toLowerCase();
  const english = englishMonths.findIndex((month) => lower.length >= 3 && month.toLowerCase().startsWith(lower));
  if (english >= 0) return english + 1;
  const spelled = Object.hasOwn(spelledMonths, lower) ? spelledMonths[lower] : undefined;
  if (spelled !== undefined) return spelled;
  const hindi = devanagariMonths.findIndex((month) => month.replace("\u093c", "") === name.normalize("NFD").replace("\u093c", "").normalize("NFC"));
  return hindi >= 0 ? hindi + 1 : undefined;
}

/** "5 December 2026" in words: "fifth December twenty twenty six", "paanch December do hazaar chhabbees". The year may be left out. */
export function dateInWords(day: number, month: number, year: number | undefined, script: NumberScript): string | undefined {
  const english = englishMonths[month - 1];
  const devanagari = devanagariMonths[month - 1];
  if (english === undefined || devanagari === undefined || day < 1 || day > 31) return undefined;
  const spokenDay = script === "english" ? ordinal(day) : numberInWords(day, script);
  const spokenMonth = script === "devanagari" ? devanagari : english;
  return [spokenDay, spokenMonth, ...(year === undefined ? [] : [yearInWords(year, script)])].join(" ");
}

/** 1985 → "nineteen eighty five", "unnees sau pachaasi"; 2026 → "twenty twenty six", "do hazaar chhabbees". */
export function yearInWords(year: number, script: NumberScript): string {
  const century = Math.floor(year / 100);
  const rest = year % 100;
  if (script !== "english") {
    if (century !== 19) return numberInWords(year, script);
    return [numberInWords(19, script), script === "devanagari" ? "सौ" : "sau", ...(rest === 0 ? [] : [numberInWords(rest, script)])].join(" ");
  }
  if (rest === 0) return century % 10 === 0 ? numberInWords(year, script) : `${numberInWords(century, script)} hundred`;
  if (rest < 10) return century === 20 ? `two thousand ${numberInWords(rest, script)}` : `${numberInWords(century, script)} oh ${numberInWords(rest, script)}`;
  return `${numberInWords(century, script)} ${numberInWords(rest, script)}`;
}

function ordinal(day: number): string {
  const words = numberInWords(day, "english").split(" ");
  const last = words.pop() ?? "";
  const spoken = irregularOrdinals[last] ?? (last.endsWith("y") ? `${last.slice(0, -1)}ieth` : `${last}th`);
  return [...words, spoken].join(" ");
}

const dayParts: Readonly<Record<"devanagari" | "latin_hindi", readonly [string, string, string, string]>> = {
  devanagari: ["सुबह", "दोपहर", "शाम", "रात"],
  latin_hindi: ["subah", "dopahar", "shaam", "raat"],
};

export interface SpokenTime {
  /** 0 to 23, or 1 to 12 when `sure` is false. */
  hour: number;
  minute: number;
  /** Whether morning or evening is known; if not, no half of the day is named. */
  sure: boolean;
  /** The part of the day as the text already says it ("शाम"); replaces ours. */
  part?: string | undefined;
}

/** A time of day in words: 18:30 → "six thirty P M", "shaam chhah bajkar tees minute". */
export function timeInWords(time: SpokenTime, script: NumberScript): string | undefined {
  if (time.hour > 23 || time.minute > 59) return undefined;
  const hour = numberInWords(time.hour % 12 === 0 ? 12 : time.hour % 12, script);
  if (script === "english") {
    const minute = time.minute === 0 ? [] : [...(time.minute < 10 ? ["oh"] : []), numberInWords(time.minute, script)];
    const half = time.sure ? [time.hour < 12 ? "A M" : "P M"] : time.minute === 0 ? ["o'clock"] : [];
    return [hour, ...minute, ...half].join(" ");
  }
  const part = time.part ?? (time.sure ? dayPart(time.hour, script) : undefined);
  const [sharp, past, unit] = script === "devanagari" ? (["बजे", "बजकर", "मिनट"] as const) : (["baje", "bajkar", "minute"] as const);
  const clock = time.minute === 0 ? [sharp] : [past, numberInWords(time.minute, script), unit];
  return [...(part === undefined ? [] : [part]), hour, ...clock].join(" ");
}

function dayPart(hour24: number, script: "devanagari" | "latin_hindi"): string {
  const [morning, noon, evening, night] = dayParts[script];
  if (hour24 < 4 || hour24 >= 20) return night;
  return hour24 < 12 ? morning : hour24 < 16 ? noon : evening;
}
