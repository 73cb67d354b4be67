import { belowHundred } from "./number-words.ts";

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

/** A word as it is looked up here: lower case, the variants of spelling gone. */
export const folded = (word: string): string => (/[\u0900-\u097f]/.test(word) ? foldDevanagari(word) : foldLatin(word.toLowerCase()));

export const foldedSet = (words: string): ReadonlySet<string> => new Set(words.split(" ").map(folded));
const foldedMap = (values: Readonly<Record<string, number>>): ReadonlyMap<string, number> => new Map(Object.entries(values).map(([word, value]) => [folded(word), value]));

const ordinals = foldedMap({
  first: 1, second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10, eleventh: 11, twelfth: 12, thirteenth: 13, fourteenth: 14, fifteenth: 15, sixteenth: 16,
  seventeenth: 17, eighteenth: 18, nineteenth: 19, twentieth: 20, thirtieth: 30, pehli: 1, pahli: 1, doosri: 2, dusri: 2, teesri: 3, chauthi: 4, "पहली": 1, "दूसरी": 2, "तीसरी": 3, "चौथी": 4,
});
const furtherNumbers = foldedMap({
  oh: 0, o: 0, zero: 0, nought: 0, "ज़ीरो": 0, "जीरो": 0, che: 6, chah: 6, chai: 6, "छः": 6, "छे": 6, nao: 9, pach: 5, satra: 17, athara: 18, unis: 19, "पांच": 5, "पन्द्रह": 15, fourty: 40, ninteen: 19, ninty: 90,
  // The seventies to nineties as they are spoken, beside the schoolbook's words.
  ikattar: 71, pachattar: 75, pichattar: 75, pichhattar: 75, chiyattar: 76, satattar: 77, athattar: 78, unasi: 79, terasi: 83, pichasi: 85, pichyasi: 85, pachyasi: 85, satasi: 87, ikyanbe: 91, bayanve: 92, bayanbe: 92, tiranbe: 93,
  chauranbe: 94, pachanbe: 95, pichanve: 95, pichyanve: 95, panchanve: 95, chiyanve: 96, chiyanbe: 96, sattanbe: 97, atthanbe: 98, ninyanbe: 99, "पिचासी": 85, "पिच्चासी": 85, "पिचहत्तर": 75, "पिछत्तर": 75, "पिचानवे": 95, "पिच्चानवे": 95,
});

/** Every word that says a number below a hundred, ordinals too, by its folded spelling. */
export const smallNumbers: ReadonlyMap<string, number> = new Map([
  ...(["devanagari", "latin_hindi", "english"] as const).flatMap((script) => belowHundred[script].map((word, value) => [folded(word.replace(" ", "")), value] as const)),
  ...furtherNumbers,
  ...ordinals,
]);
const hindiNumbers = new Set([...belowHundred.devanagari, ...belowHundred.latin_hindi].map(folded));
export const isHindiNumber = (word: string): boolean => hindiNumbers.has(word);

export const multipliers = foldedMap({
  hundred: 100, sau: 100, "सौ": 100, so: 100, thousand: 1_000, hazaar: 1_000, hazar: 1_000, hajar: 1_000, "हज़ार": 1_000, "हजार": 1_000, lakh: 100_000, lac: 100_000, lakhs: 100_000, "लाख": 100_000,
  crore: 10_000_000, crores: 10_000_000, karod: 10_000_000, "करोड़": 10_000_000,
});

/** Words that are numbers only in the company of other number words: "ek baat", "do it", "so what", "main jaanna chah raha hoon". */
export const shyNumbers = foldedSet("do so oh o chai che chah chhah saath ek एक one");
/** Ordinals only beside a month: "first of all", "one second" and "doosri call" are no days. */
export const looseOrdinals = foldedSet("first second third pehli pahli doosri dusri teesri chauthi पहली दूसरी तीसरी चौथी");

const giving = foldedSet("do दो");
const beforeGiving = foldedSet(
  "likh likha bata batla bol bula kar kara karwa de dila bhej bhijwa le rakh dekh dikha suna sun samjha chhod hata band laga lagwa daal dal nikal kaat rok padh dabaa i we you they what how to please can will लिख लिखा बता बोल बुला कर करा करवा दे दिला भेज ले रख देख दिखा सुना सुन समझा छोड़ हटा बंद लगा डाल निकाल काट रोक पढ़ दबा",
);
/** "likh do", "लिख दो", "I do": behind a verb or an English pronoun "do" is a verb and never two. */
export const isVerbDo = (word: string, before: string | undefined): boolean => giving.has(word) && before !== undefined && beforeGiving.has(before);

/** Behind these a number is a while, a count or an age: "one second", "do baar". */
export const measures = foldedSet("second seconds sec secs minute minutes min mins moment sekand sekend hour hours ghanta ghante baar time times मिनट सेकंड सेकेंड सेकण्ड घंटा घंटे बार");
/** Before these even a shy word is a number: "do tareekh", "ek rupaya". */
export const unitWords = foldedSet("tareekh tarikh तारीख rupee rupees rupaye rupaya रुपये रुपया रुपए");
