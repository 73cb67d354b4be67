import { digitsInWords, numberInWords, type NumberScript } from "./number-words.ts";

const rupee: Readonly<Record<NumberScript, { one: string; many: string; paise: string; point: string; percent: string }>> = {
  devanagari: { one: "रुपया", many: "रुपये", paise: "पैसे", point: "दशमलव", percent: "प्रतिशत" },
  latin_hindi: { one: "rupaya", many: "rupaye", paise: "paise", point: "dashamlav", percent: "pratishat" },
  english: { one: "rupee", many: "rupees", paise: "paise", point: "point", percent: "percent" },
};

/** A decimal or grouped number as written ("1,50,000", "2.5", "007") in words; undefined when it is too long to be one. */
export function writtenNumberInWords(written: string, script: NumberScript): string | undefined {
  const [whole = "", fraction] = written.replaceAll(",", "").split(".");
  if (whole.length > 12) return undefined;
  const words = whole.length > 1 && whole.startsWith("0") ? digitsInWords(whole, script) : numberInWords(Number(whole), script);
  if (fraction === undefined || /^0*$/.test(fraction)) return words;
  return `${words} ${rupee[script].point} ${digitsInWords(fraction, script)}`;
}

/** An amount as written, with an optional scale word ("2.5" + "lakh"): "₹4,500.50" → "four thousand five hundred rupees fifty paise". */
export function rupeesInWords(written: string, scale: string | undefined, script: NumberScript): string | undefined {
  const words = rupee[script];
  if (scale !== undefined) {
    const number = writtenNumberInWords(written, script);
    return number === undefined ? undefined : `${number} ${scale} ${words.many}`;
  }
  const [whole = "", fraction] = written.replaceAll(",", "").split(".");
  const rupees = writtenNumberInWords(whole, script);
  if (rupees === undefined) return undefined;
  const spoken = `${rupees} ${Number(whole) === 1 ? words.one : words.many}`;
  const paise = Number((fraction ?? "").slice(0, 2).padEnd(2, "0"));
  return paise === 0 ? spoken : `${spoken} ${numberInWords(paise, script)} ${words.paise}`;
}

export function percentInWords(written: string, script: NumberScript): string | undefined {
  const number = writtenNumberInWords(written, script);
  return number === undefined ? undefined : `${number} ${rupee[script].percent}`;
}
