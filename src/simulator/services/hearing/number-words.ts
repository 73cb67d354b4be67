import { foldedWords } from "./fold.ts";

/** Hindi zero to ninety-nine, with the spellings people type; index is the value. */
const hindi: readonly string[] = [
  "shunya", "ek", "do", "teen", "chaar", "paanch", "chhe|chah|chhai|chai|cheh", "saat", "aath", "nau",
  "das|dus", "gyaarah", "baarah", "terah", "chaudah", "pandrah", "solah", "satrah", "athaarah", "unnees",
  "bees", "ikkees", "baaees|baais", "teis|teyis", "chaubees", "pachchees", "chhabbees", "sattaaees|sattaais", "atthaaees|atthaais", "unatees|untees",
  "tees", "ikatees|iktees", "battees", "taintees", "chauntees", "paintees", "chhattees", "saintees", "adtees|adatees", "untaalees|unataalees",
  "chaalees", "iktaalees|ikataalees", "bayaalees", "taintaalees", "chauvaalees|chavaalees", "paintaalees", "chhiyaalees", "saintaalees", "adtaalees|adataalees", "unchaas|unachaas",
  "pachaas", "ikyaavan|ikyavan", "baavan", "tirpan|tirapan", "chauvan|chavvan", "pachpan|pachapan", "chhappan", "sattaavan", "atthaavan", "unsath|unasath",
  "saath|sath", "iksath|ikasath", "baasath", "tirsath|tirasath", "chaunsath", "painsath", "chhiyaasath", "sadsath|sadasath", "adsath|adasath", "unhattar|unahattar",
  "sattar", "ikhattar|ikahattar", "bahattar", "tihattar", "chauhattar", "pachhattar|pachahattar", "chhihattar", "satahattar|sathattar", "athahattar|athhattar", "unnaasi|unaasi",
  "assi", "ikyaasi", "bayaasi", "tiraasi", "chauraasi", "pachaasi", "chhiyaasi", "sattaasi", "atthaasi", "navaasi",
  "nabbe", "ikyaanve|ikyaanave", "baanve|baanave", "tiraanve|tiraanave", "chauraanve|chauraanave", "pachaanve|pachaanave|panchaanve", "chhiyaanve|chhiyaanave", "sattaanve|sattaanave", "atthaanve|atthaanave", "ninyaanve|ninyaanave",
];
const englishUnits = "zero|oh,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen,eighteen,nineteen".split(",");
const englishTens = ["twenty", "thirty", "forty|fourty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ordinals = "first|pehli|pehla|pahli,second|doosri|dusri,third|teesri,fourth|chauthi,fifth|paanchvi|paanchvin,sixth|chhathi,seventh|saatvi|saatvin,eighth|aathvi|aathvin,ninth|nauvi,tenth|dasvi|dasvin,eleventh,twelfth,thirteenth,fourteenth,fifteenth|pandrahvi,sixteenth,seventeenth,eighteenth,nineteenth,twentieth|beesvi".split(",");

const plain = new Map<string, number>();
const ordinal = new Map<string, number>();
function learn(table: Map<string, number>, spellings: string, value: number): void {
  for (const spelling of spellings.split("|")) table.set(foldedWords(spelling).join(""), value);
}
hindi.forEach((spellings, value) => learn(plain, spellings, value));
englishUnits.forEach((spellings, value) => learn(plain, spellings, value));
englishTens.forEach((spellings, at) => learn(plain, spellings, (at + 2) * 10));
ordinals.forEach((spellings, at) => learn(ordinal, spellings, at + 1));
learn(ordinal, "thirtieth", 30);

/** The value of one folded number word below a hundred; undefined when it is none. */
export function smallNumber(word: string): number | undefined {
  if (/^\d{1,2}$/.test(word)) return Number(word);
  return plain.get(word);
}

/** The value of a folded ordinal ("fifth", "pehli"). */
export function ordinalNumber(word: string): number | undefined {
  return ordinal.get(word);
}

/** Number words of Hindi that are as often ordinary words ("do" is also give, "saath" also with). */
export const doubtfulNumbers: ReadonlySet<string> = new Set(["do", "sat", "sath", "oh", "ek", "one", "cha", "chai", "tin"]);

const scaleTable = new Map<string, number>();
learn(scaleTable, "sau|hundred|hundreds", 100);
learn(scaleTable, "hazaar|hajaar|thousand|thousands|k", 1_000);
learn(scaleTable, "lakh|lac|lakhs", 100_000);
learn(scaleTable, "crore|karod|crores", 10_000_000);

/** "hazaar" is 1,000, "lakh" 100,000. */
export function scaleOf(word: string): number | undefined {
  return scaleTable.get(word);
}

const fractionTable = new Map<string, number>();
learn(fractionTable, "dedh", 1.5);
learn(fractionTable, "dhaai|adhaai|dhai", 2.5);

/** Words that are a number and a half by themselves: dedh is 1.5, dhai 2.5. */
export function fractionalNumber(word: string): number | undefined {
  return fractionTable.get(word);
}

const shiftTable = new Map<string, number>();
learn(shiftTable, "saadhe|sadhe", 0.5);
learn(shiftTable, "sava|savaa", 0.25);
learn(shiftTable, "paune|pauney", -0.25);

/** Words that shift the number after them: saadhe chaar is 4.5, sava lakh 1.25 lakh, paune paanch 4.75. */
export function shiftOf(word: string): number | undefined {
  return shiftTable.get(word);
}
