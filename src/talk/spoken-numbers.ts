import { belowHundred } from "./number-words.ts";

const devanagariZero = 0x0966;

/** Devanagari digits as ASCII digits; everything else untouched. */
export function asciiDigits(text: string): string {
  return text.replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - devanagariZero));
}

/** One spelling for the many ways Hindi is written in Latin letters: "pachaasi", "pachasi" and "pachassi" meet. */
function foldLatin(word: string): string {
  return word
    .replace(/aa+/g, "a")
    .replace(/ee+|ii+/g, "i")
    .replace(/oo+|uu+/g, "u")
    .replace(/chh/g, "ch")
    .replace(/w/g, "v")
    .replace(/([bcdfgjklmnprstvz])\1+/g, "$1")
    .replace(/iya/g, "ia");
}

function foldDevanagari(word: string): string {
  return word.normalize("NFD").replace(/[\u093c\u0901\u0902]/g, "").normalize("NFC");
}

const fold = (word: string): string => (/[\u0900-\u097f]/.test(word) ? foldDevanagari(word) : foldLatin(word.toLowerCase()));

const smallNumbers = new Map<string, number>();
for (const script of ["devanagari", "latin_hindi", "english"] as const) {
  belowHundred[script].forEach((words, value) => {
    if (!words.includes(" ")) smallNumbers.set(fold(words), value);
  });
}
const furtherSpellings: Readonly<Record<string, number>> = {
  oh: 0, zero: 0, "ज़ीरो": 0, "जीरो": 0, che: 6, chah: 6, chai: 6, "छः": 6, "छे": 6, nao: 9, pach: 5, satra: 17, athara: 18, unis: 19, "पांच": 5, "पन्द्रह": 15, fourty: 40,
};
for (const [word, value] of Object.entries(furtherSpellings)) smallNumbers.set(fold(word), value);

const multipliers = new Map<string, number>(
  Object.entries({
    hundred: 100, sau: 100, "सौ": 100, so: 100,
    thousand: 1_000, hazaar: 1_000, hazar: 1_000, hajar: 1_000, "हज़ार": 1_000, "हजार": 1_000, k: 1_000,
    lakh: 100_000, lac: 100_000, "लाख": 100_000,
    crore: 10_000_000, karod: 10_000_000, "करोड़": 10_000_000,
  }).map(([word, value]) => [fold(word), value]),
);

type NumberToken = { kind: "small"; value: number; digits: string } | { kind: "times"; value: number };

/**
 * Every whole number a spoken text may mean, in the ways people say them: "1985", "nineteen eighty five",
 * "unnees sau pachaasi", "one nine eight five", "उन्नीस सौ पचासी". Several readings of one phrase are all given.
 */
export function numbersIn(text: string): readonly number[] {
  const found = new Set<number>();
  let run: NumberToken[] = [];
  const closeRun = (): void => {
    for (const value of readings(run)) found.add(value);
    run = [];
  };
  for (const word of asciiDigits(text).replace(/(\d),(?=\d)/g, "$1").split(/[^\p{L}\p{M}\p{N}]+/u)) {
    if (word === "" || word === "and") continue;
    const token = tokenOf(word);
    if (token === undefined) closeRun();
    else run.push(token);
  }
  closeRun();
  return [...found];
}

function tokenOf(word: string): NumberToken | undefined {
  if (/^\d{1,15}$/.test(word)) return { kind: "small", value: Number(word), digits: word };
  const folded = fold(word);
  const times = multipliers.get(folded);
  if (times !== undefined) return { kind: "times", value: times };
  const value = smallNumbers.get(folded);
  return value === undefined ? undefined : { kind: "small", value, digits: String(value) };
}

/** The sum reading ("two thousand five"), the written-out reading (19 85 → 1985, 1 9 8 5 → 1985), and single tokens. */
function readings(run: readonly NumberToken[]): number[] {
  if (run.length === 0) return [];
  const results = [sumOf(run)];
  if (run.every((token) => token.kind === "small")) {
    const tidy: string[] = [];
    for (const token of run) {
      const before = tidy.at(-1);
      const joinsTens = before !== undefined && /^[2-9]0$/.test(before) && token.value > 0 && token.value < 10;
      if (joinsTens) tidy[tidy.length - 1] = String(Number(before) + token.value);
      else tidy.push(token.digits);
    }
    results.push(Number(tidy.join("")), Number(run.map((token) => token.digits).join("")));
  }
  return results.filter((value) => Number.isSafeInteger(value));
}

const isSmall = (token: NumberToken): token is Extract<NumberToken, { kind: "small" }> => token.kind === "small";

function sumOf(run: readonly NumberToken[]): number {
  let total = 0;
  let group = 0;
  for (const token of run) {
    if (isSmall(token)) group += token.value;
    else if (token.value === 100) group = Math.max(1, group) * 100;
    else {
      total += Math.max(1, group) * token.value;
      group = 0;
    }
  }
  return total + group;
}
