import type { Language } from "../domain/definition.ts";
import { bareWords } from "./backchannel.ts";

/** What a turn says about languages: which one is asked for, and which ones are not wanted or not known. */
export interface LanguageWish {
  readonly wanted: Language | null;
  readonly unwanted: readonly Language[];
}

/** How each language's name begins, in Latin letters and the scripts that callers' words arrive in; case endings follow. */
const names: readonly (readonly [Language, readonly string[]])[] = [
  ["en-IN", ["english", "inglish", "angrezi", "angreji", "अंग्रेजी", "अंग्रेज़ी", "इंग्लिश", "आंग्ल", "ஆங்கில", "இங்கிலீஷ்", "ఇంగ్లీష", "ఆంగ్ల", "ইংরেজি", "ইংলিশ", "અંગ્રેજી", "ઇંગ્લિશ", "ಇಂಗ್ಲಿಷ್", "ಇಂಗ್ಲೀಷ್", "ഇംഗ്ലീഷ്", "ਅੰਗਰੇਜ਼ੀ"]],
  ["hi-IN", ["hindi", "हिंदी", "हिन्दी", "இந்தி", "ஹிந்தி", "హిందీ", "হিন্দি", "હિન્દી", "ಹಿಂದಿ", "ഹിന്ദി", "ਹਿੰਦੀ"]],
  ["ta-IN", ["tamil", "tamizh", "तमिल", "தமிழ", "தமிழ்"]],
  ["te-IN", ["telugu", "तेलुगु", "तेलुगू", "తెలుగు"]],
  ["mr-IN", ["marathi", "मराठी"]],
  ["bn-IN", ["bengali", "bangla", "बंगाली", "बांग्ला", "বাংলা"]],
  ["gu-IN", ["gujarati", "gujrati", "गुजराती", "ગુજરાતી"]],
  ["kn-IN", ["kannada", "कन्नड", "ಕನ್ನಡ"]],
  ["ml-IN", ["malayalam", "मलयालम", "മലയാള"]],
  ["pa-IN", ["punjabi", "panjabi", "पंजाबी", "ਪੰਜਾਬੀ"]],
];

const set = (words: string): ReadonlySet<string> => new Set(words.split(" ").map((word) => word.normalize("NFC")));

/** Behind a language's name these make it the name of something else: "Tamil Nadu", "Punjabi Bagh", "English teacher". */
const partOfAName = set(
  "nadu bagh market sweet sweets film films movie movies picture song songs gaana teacher medium channel news class classes school department para colony nagar gali mohalla camp chowk samaj association dhaba food khana restaurant hotel boy girl family people log lady man woman subject paper exam serial newspaper नाडु नाडू बाग मीडियम फिल्म फ़िल्म टीचर",
);
const englishNo = set("don't dont not never can't cant cannot won't wont didn't doesn't isn't");
const laterNo = set("nahi nahin nhi nai mat illa ille illai theriyathu theriyadhu teriyadhu raadu radu vaddu vendam gothilla barolla beda ariyilla venda nako nathi jani na नहीं नही मत नाही नको தெரியாது இல்லை வேண்டாம் రాదు తెలియదు వద్దు ಗೊತ್ತಿಲ್ಲ ಬರಲ್ಲ ಬರುವುದಿಲ್ಲ ಬೇಡ അറിയില്ല വേണ്ട না নয় নেই નથી ਨਹੀਂ ਨਾ");
const poor = set("weak poor bad kamzor kharab कमज़ोर कमजोर");
const speech = set("speak speaking talk talking speech converse continue switch change prefer use want explain tell say only sirf bas kewal सिर्फ केवल बस");
const speechAfter = set("bolo boliye boliyega bolna bol bolte bata batao bataiye bataiyega batana baat samjhao samjhaiye kaho kahiye keh kah speak talk please bolein karo kariye kijiye karein बोलो बोलिए बोलिये बोलना बोलें बताओ बताइए बताइये बात समझाओ समझाइए कहिए कीजिए करो करें பேசு பேசுங்க பேசுங்கள் మాట్లాడండి మాట్లాడు ಮಾತಾಡಿ ಮಾತನಾಡಿ സംസാരിക്കൂ സംസാരിക്കാമോ বলুন বলো વાત બોલો ਬੋਲੋ ਗੱਲ बोला");
const understanding = set("understand know follow get");
const within = set("mein me main mai mei में मे मैं la lo madhe ma vich માં ਵਿੱਚ ਵਿਚ मध्ये");
const courtesy = set("please only language bhasha if then sir madam ji ok okay yes haan no na and i right now instead hi hello sure possible plz pls because so जी हाँ हां भाषा प्लीज़ प्लीज कृपया");

interface Mention {
  readonly language: Language;
  readonly at: number;
  /** The name carries a case ending of its own script: "தமிழில்", "తెలుగులో". */
  readonly isInflected: boolean;
}

/** More words than this in one clause are a story and no request. */
const mostWordsOfAWish = 12;

/** What a turn of the callee asks about the language of the talk; `current` decides how "no Hindi please" is meant. */
export function languageWish(text: string, current: Language): LanguageWish {
  let wanted: Language | null = null;
  const unwanted = new Set<Language>();
  for (const clause of text.normalize("NFC").replaceAll("\u2019", "'").split(/[,.;!?।\n]+|\b(?:but|lekin|magar)\b|लेकिन|मगर/iu)) {
    const words = bareWords(clause);
    if (words.length > mostWordsOfAWish) continue;
    const mentions = words.flatMap((word, at) => mentionOf(word, at, words[at + 1]) ?? []);
    mentions.forEach((mention, index) => {
      const before = words.slice((mentions[index - 1]?.at ?? -1) + 1, mention.at);
      const after = words.slice(mention.at + 1, mentions[index + 1]?.at);
      const verdict = judge(mention, { before, after, words, isLast: index === mentions.length - 1 }, current);
      if (verdict === "wanted") wanted = mention.language;
      else if (verdict === "unwanted") unwanted.add(mention.language);
    });
  }
  return { wanted, unwanted: [...unwanted] };
}

function mentionOf(word: string, at: number, next: string | undefined): Mention | undefined {
  if (next !== undefined && partOfAName.has(next)) return undefined;
  const found = names.find(([, stems]) => stems.some((stem) => (/^[a-z]/.test(stem) ? word === stem : word.startsWith(stem.normalize("NFC")))));
  if (found === undefined) return undefined;
  const [language, stems] = found;
  return { language, at, isInflected: !/^[a-z]/.test(word) && !stems.some((stem) => stem.normalize("NFC") === word) };
}

interface Place {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly words: readonly string[];
  readonly isLast: boolean;
}

function judge(mention: Mention, place: Place, current: Language): "wanted" | "unwanted" | undefined {
  const { before, after, words } = place;
  if (isDenied(place)) return isReproach(words) ? "wanted" : "unwanted";
  if (before.at(-1) === "no" && before.at(-2) !== "no" && mention.language === current) return "unwanted";
  const told = before.slice(-3).some((word) => speech.has(word)) && !before.some((word) => ["he", "she", "they", "who"].includes(word));
  const goesOn = after[0] === undefined || courtesy.has(after[0]) || within.has(after[0]) || speechAfter.has(after[0]);
  if (told && goesOn) return "wanted";
  if (before.at(-1) === "in" && goesOn) return "wanted";
  if (before.includes("you") && before.some((word) => understanding.has(word))) return "wanted";
  if (after[0] !== undefined && within.has(after[0])) return after.slice(1).every((word) => courtesy.has(word)) || after.some((word) => speechAfter.has(word)) ? "wanted" : undefined;
  if (after[0] !== undefined && speechAfter.has(after[0])) return "wanted";
  if ((mention.isInflected || isOwnScript(mention, words)) && words.length <= 5) return "wanted";
  return [...before, ...after].every((word) => courtesy.has(word) || laterNo.has(word)) ? "wanted" : undefined;
}

/** "I don't speak Hindi", "hindi nahi aati", "Hindi I don't know", "my English is weak". */
function isDenied({ before, after, isLast }: Place): boolean {
  const no = before.findLastIndex((word) => englishNo.has(word));
  if (no >= 0 && !isAskedAfter(before.slice(no + 1))) return true;
  const close = after.slice(0, 5);
  if (close.some((word, at) => laterNo.has(word) && !(word === "na" && at === close.length - 1))) return true;
  if (close.some((word) => poor.has(word))) return true;
  if (isLast && !before.some((word) => speech.has(word)) && close.some((word, at) => englishNo.has(word) && (at <= 1 || understanding.has(close[at + 1] ?? "")))) return true;
  return before.some((word) => laterNo.has(word)) && after.length === 0 && before.some((word) => ["aati", "aata", "samajh", "आती", "समझ"].includes(word));
}

/** "I don't understand, speak Hindi": behind a verb of understanding a verb of speaking begins a request. */
function isAskedAfter(behindNo: readonly string[]): boolean {
  const knows = behindNo.findIndex((word) => understanding.has(word));
  return knows >= 0 && !behindNo.includes("how") && behindNo.slice(knows + 1).some((word) => speech.has(word) || word === "please");
}

/** "Why don't you speak Hindi?", "aap hindi mein kyun nahi bolte", "hindi nahi bol sakte kya": a request in the shape of a question. */
function isReproach(words: readonly string[]): boolean {
  if (words.some((word) => ["why", "kyun", "kyon", "kyu", "क्यों", "क्यूँ"].includes(word))) return true;
  if (words.some((word, at) => englishNo.has(word) && words[at + 1] === "you")) return true;
  return ["kya", "क्या"].includes(words.at(-1) ?? "") && words.some((word) => ["sakte", "sakti", "sakta", "सकते", "सकती", "सकता"].includes(word));
}

/** The language named in its own letters, as only its speakers do: "தமிழ் தெரியுமா". Hindi's letters prove nothing. */
function isOwnScript({ language, at }: Mention, words: readonly string[]): boolean {
  const word = words[at] ?? "";
  return language !== "hi-IN" && language !== "en-IN" && !/[a-z\u0900-\u097f]/.test(word);
}
