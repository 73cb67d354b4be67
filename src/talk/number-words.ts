/** Number words of Hindi in both scripts and of English, for speaking amounts and for understanding spoken answers. */
export type NumberScript = "devanagari" | "latin_hindi" | "english";

const devanagariBelowHundred =
  "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे".split(
    " ",
  );

const latinHindiBelowHundred =
  "shunya ek do teen chaar paanch chhah saat aath nau das gyarah barah terah chaudah pandrah solah satrah atharah unnees bees ikkees baees teis chaubees pachchees chhabbees sattaees atthaees untees tees ikattees battees taintees chauntees paintees chhattees saintees adtees untaalees chaalees iktaalees bayaalees taintaalees chauvaalees paintaalees chhiyaalees saintaalees adtaalees unchaas pachaas ikyaavan baavan tirpan chauvan pachpan chhappan sattaavan atthaavan unsath saath iksath baasath tirsath chaunsath painsath chhiyaasath sadsath adsath unhattar sattar ikhattar bahattar tihattar chauhattar pachhattar chhihattar satahattar athahattar unyaasi assi ikyaasi bayaasi tiraasi chauraasi pachaasi chhiyaasi sattaasi atthaasi navaasi nabbe ikyaanve baanve tiraanve chauraanve pachaanve chhiyaanve sattaanve atthaanve ninyaanve".split(
    " ",
  );

const englishSmall =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const englishTens = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

const englishBelowHundred = Array.from({ length: 100 }, (_, value) => {
  if (value < 20) return englishSmall[value] ?? "";
  const unit = value % 10;
  const tens = englishTens[Math.floor(value / 10)] ?? "";
  return unit === 0 ? tens : `${tens} ${englishSmall[unit] ?? ""}`;
});

export const belowHundred: Readonly<Record<NumberScript, readonly string[]>> = {
  devanagari: devanagariBelowHundred,
  latin_hindi: latinHindiBelowHundred,
  english: englishBelowHundred,
};

/** Indian grouping: crore, lakh, thousand, hundred. */
const scales: Readonly<Record<NumberScript, readonly (readonly [number, string])[]>> = {
  devanagari: [
    [10_000_000, "करोड़"],
    [100_000, "लाख"],
    [1_000, "हज़ार"],
    [100, "सौ"],
  ],
  latin_hindi: [
    [10_000_000, "crore"],
    [100_000, "lakh"],
    [1_000, "hazaar"],
    [100, "sau"],
  ],
  english: [
    [10_000_000, "crore"],
    [100_000, "lakh"],
    [1_000, "thousand"],
    [100, "hundred"],
  ],
};

/** A whole number in words, Indian grouping: 150000 → "एक लाख पचास हज़ार", "ek lakh pachaas hazaar", "one lakh fifty thousand". */
export function numberInWords(value: number, script: NumberScript): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`expected a whole number from 0, got ${value}`);
  if (value < 100) return belowHundred[script][value] ?? "";
  const parts: string[] = [];
  let rest = value;
  for (const [size, word] of scales[script]) {
    if (rest < size) continue;
    parts.push(numberInWords(Math.floor(rest / size), script), word);
    rest %= size;
  }
  if (rest > 0) parts.push(belowHundred[script][rest] ?? "");
  return parts.join(" ");
}

/** Digits one by one: "987" → "nine eight seven". */
export function digitsInWords(digits: string, script: NumberScript): string {
  return [...digits].map((digit) => belowHundred[script][Number(digit)] ?? "").join(" ");
}
