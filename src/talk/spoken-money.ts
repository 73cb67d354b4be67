import type { Language } from "../domain/definition.ts";
import type { NumberScript } from "./number-words.ts";
import { rupeesInWords, writtenNumberInWords } from "./spoken-amount.ts";

export type Scale = "thousand" | "lakh" | "crore";

/** How amounts are worded: in number words of a script, or in digits for the voices that read digits well. */
interface Wording {
  readonly scales: Readonly<Record<Scale, string>>;
  readonly rupees: string;
  /** Between the two ends of a range: "5,000 to 6,000 rupees". */
  readonly to: string;
  readonly minus: string;
}

const inWords: Readonly<Record<NumberScript, Wording>> = {
  english: { scales: { thousand: "thousand", lakh: "lakh", crore: "crore" }, rupees: "rupees", to: "to", minus: "minus" },
  latin_hindi: { scales: { thousand: "hazaar", lakh: "lakh", crore: "crore" }, rupees: "rupaye", to: "se", minus: "minus" },
  devanagari: { scales: { thousand: "हज़ार", lakh: "लाख", crore: "करोड़" }, rupees: "रुपये", to: "से", minus: "माइनस" },
};

const inDigits: Readonly<Partial<Record<Language, Wording>>> = {
  "ta-IN": { scales: { thousand: "ஆயிரம்", lakh: "லட்சம்", crore: "கோடி" }, rupees: "ரூபாய்", to: "முதல்", minus: "மைனஸ்" },
  "te-IN": { scales: { thousand: "వేల", lakh: "లక్షల", crore: "కోట్ల" }, rupees: "రూపాయలు", to: "నుండి", minus: "మైనస్" },
  "mr-IN": { scales: { thousand: "हजार", lakh: "लाख", crore: "कोटी" }, rupees: "रुपये", to: "ते", minus: "वजा" },
  "bn-IN": { scales: { thousand: "হাজার", lakh: "লাখ", crore: "কোটি" }, rupees: "টাকা", to: "থেকে", minus: "মাইনাস" },
  "gu-IN": { scales: { thousand: "હજાર", lakh: "લાખ", crore: "કરોડ" }, rupees: "રૂપિયા", to: "થી", minus: "માઇનસ" },
  "kn-IN": { scales: { thousand: "ಸಾವಿರ", lakh: "ಲಕ್ಷ", crore: "ಕೋಟಿ" }, rupees: "ರೂಪಾಯಿ", to: "ರಿಂದ", minus: "ಮೈನಸ್" },
  "ml-IN": { scales: { thousand: "ആയിരം", lakh: "ലക്ഷം", crore: "കോടി" }, rupees: "രൂപ", to: "മുതൽ", minus: "മൈനസ്" },
  "pa-IN": { scales: { thousand: "ਹਜ਼ਾਰ", lakh: "ਲੱਖ", crore: "ਕਰੋੜ" }, rupees: "ਰੁਪਏ", to: "ਤੋਂ", minus: "ਮਾਈਨਸ" },
};

/** How people write the scales, beside the words above. A million is ten lakh, a billion a hundred crore. */
const spellings: readonly (readonly [string, Scale, number])[] = [
  ["thousand thousands hazaar hazar hajar हजार ஆயிர వేలు వెయ్యి ಸಾವಿರದ k", "thousand", 1],
  ["lakh lakhs lac lacs லட்ச లక్ష లక్షలు লক্ষ ലക്ഷ l", "lakh", 1],
  ["crore crores karod cr కోటి కోట్లు", "crore", 1],
  ["million millions mn", "lakh", 10],
  ["billion billions bn", "crore", 100],
];
/** Only right behind the digits: "₹5k", "₹2.5L". */
const attached = ["k", "l"];

const key = (word: string): string => word.toLowerCase().normalize("NFC");
const wordings = [...Object.values(inWords), ...Object.values(inDigits)];
const scaleOf = new Map<string, readonly [Scale, number]>([
  ...wordings.flatMap(({ scales }) => (["thousand", "lakh", "crore"] as const).map((scale) => [key(scales[scale]), [scale, 1]] as const)),
  ...spellings.flatMap(([words, scale, factor]) => words.split(" ").map((word) => [key(word), [scale, factor]] as const)),
]);

/** Both ways in which Unicode writes a letter with a dot below. */
const bothForms = (word: string): readonly string[] => [word, word.normalize("NFC"), word.replaceAll("\u0921\u093c", "\u095c").replaceAll("\u091c\u093c", "\u095b").replaceAll("\u0a1c\u0a3c", "\u0a5b")];
const anyOf = (words: readonly string[]): string => [...new Set(words.flatMap(bothForms))].sort((one, other) => other.length - one.length).join("|");
const scaleWords = anyOf([...scaleOf.keys()].filter((word) => !attached.includes(word)));
const rupeeWords = `${anyOf(wordings.map(({ rupees }) => rupees))}|rupees?|rupaya|rs|रुपए|रुपया|रूपये|రూపాయల`;

const number = String.raw`\d+(?:,\d+)*(?:\.\d+)?`;
const scale = String.raw`(?:(?:\s*(?:${scaleWords})|(?:${attached.join("|")}))(?![\p{L}\p{M}]))?`;
const sign = String.raw`(?:₹|\bRs\b\.?|\bINR\b)`;
const amount = String.raw`(${number})(${scale})(?:\s*\/-)?`;
const upTo = String.raw`(\s*[-–—]\s*(?:${sign}\s*)?${amount})?`;
const rupeesBehind = String.raw`\s*(?:(?:${rupeeWords})(?![\p{L}\p{M}])|₹(?!\s*\d))`;

const signFirst = new RegExp(String.raw`((?<![\p{L}\p{M}\d])[-−])?(?:₹|\bRs\.?|\bINR)\s*${amount}${upTo}(?:${rupeesBehind})?`, "giu");
const wordLast = new RegExp(String.raw`(?<![\p{L}\d.,-])(${number})(${scale})(\s*[-–—]\s*(${number})(${scale}))?(?:\s*\/-(?:${rupeesBehind})?|${rupeesBehind})`, "giu");

interface Amount {
  readonly written: string;
  readonly scale: Scale | undefined;
}

function amountOf(written: string, scaleText: string): Amount {
  const [found, factor] = scaleOf.get(key(scaleText.trim())) ?? [undefined, 1];
  return { written: factor === 1 ? written : String(Number((Number(written.replaceAll(",", "")) * factor).toFixed(4))), scale: found };
}

const worth = (value: Amount): number => Number(value.written.replaceAll(",", "")) * (value.scale === undefined ? 1 : { thousand: 1_000, lakh: 100_000, crore: 10_000_000 }[value.scale]);

/**
 * The text with every amount of rupees as it is to be spoken: "₹2.5 lakh" → "two point five lakh rupees", in Tamil
 * "2.5 லட்சம் ரூபாய்"; "Rs 5000-6000" → "five thousand to six thousand rupees". `script` undefined: digits stay digits.
 * Nothing that is written is left out: neither a digit nor a scale.
 */
export function withSpokenMoney(text: string, language: Language, script: NumberScript | undefined): string {
  const wording = script === undefined ? (inDigits[language] ?? inWords.english) : inWords[script];
  const one = (value: Amount): string | undefined => {
    const scaleWord = value.scale && wording.scales[value.scale];
    return script === undefined ? [value.written, ...(scaleWord === undefined ? [] : [scaleWord]), wording.rupees].join(" ") : rupeesInWords(value.written, scaleWord, script);
  };
  const bare = (value: Amount): string | undefined => (script === undefined ? value.written : writtenNumberInWords(value.written, script));
  const spoken = (whole: string, minus: string | undefined, first: Amount, rest: string | undefined, second: Amount | undefined): string => {
    const lead = minus === undefined ? "" : `${wording.minus} `;
    const from = second === undefined ? undefined : rangeStart(first, second);
    if (second === undefined || from === undefined) {
      const said = one(first);
      return said === undefined ? whole : `${lead}${said}${rest ?? ""}`;
    }
    const start = from.scale === second.scale ? bare(from) : one(from);
    const end = one(second);
    return start === undefined || end === undefined ? whole : `${lead}${start} ${wording.to} ${end}`;
  };
  const replace = (whole: string, minus: string | undefined, parts: readonly (string | undefined)[]): string => {
    const [written = "", scaleText = "", rest, upper, upperScale = ""] = parts;
    return spoken(whole, minus, amountOf(written, scaleText), rest, upper === undefined ? undefined : amountOf(upper, upperScale));
  };
  return text
    .replace(signFirst, (whole: string, minus: string | undefined, ...parts: (string | undefined)[]) => replace(whole, minus, parts))
    .replace(wordLast, (whole: string, ...parts: (string | undefined)[]) => replace(whole, undefined, parts));
}

/** The lower end, which takes the scale of the upper one in "5-6 lakh"; undefined when the two are no range ("₹5000 - 2 days"). */
function rangeStart(first: Amount, second: Amount): Amount | undefined {
  const shared = first.scale === undefined ? { ...first, scale: second.scale } : first;
  if (worth(shared) < worth(second)) return shared;
  return worth(first) < worth(second) ? first : undefined;
}
