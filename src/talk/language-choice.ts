import type { Language } from "../domain/definition.ts";
import { bareWords } from "./backchannel.ts";
import { languageWish } from "./language-mentions.ts";

/** Which language the agent speaks, and how far the callee leans to another. */
export interface LanguageChoice {
  current: Language;
  leaning: Language | null;
  /** Turns in a row that leaned. */
  turns: number;
}

/** Turns in another language, one after the other, before the agent follows. One long turn is enough too. */
const turnsToSwitch = 2;
const longTurnWords = 7;
/** So many of a long turn's words must belong to the other language alone. */
const fewestTellingWords = 3;

const scripts: readonly (readonly [RegExp, Language])[] = [
  [/[\u0b80-\u0bff]/, "ta-IN"],
  [/[\u0c00-\u0c7f]/, "te-IN"],
  [/[\u0980-\u09ff]/, "bn-IN"],
  [/[\u0a80-\u0aff]/, "gu-IN"],
  [/[\u0c80-\u0cff]/, "kn-IN"],
  [/[\u0d00-\u0d7f]/, "ml-IN"],
  [/[\u0a00-\u0a7f]/, "pa-IN"],
];

/** Words that make a text in Latin letters Hindi, whatever English words stand around them. None of them is an English word too. */
const hindiInLatin = new Set(
  "hai hain nahi nahin nhi mein mujhe mera meri mere aap aapka aapki aapko kya kyun kyon kab kahan kaise kaun kar karo karna raha rahi rahe hoon hun tha thi toh bhi abhi baad kal aaj parso tareekh tarikh paisa paise rupaye bhai ji haan bolo boliye bol baat bataiye batao chahiye wala wale dunga doonga dungi karunga karungi gaya gayi ka ki ke ko se aur mat kijiye uska iska unka wo woh yeh hum hua hui kiya kiye diya liya pata samajh theek thik accha achha".split(
    " ",
  ),
);
const englishWords = new Set(
  "the is am are was were i i'm i'll i've you he she we they my your will can could would should not don't didn't does did have has had of and in on at for with what when where why how who this that it it's yes no please tomorrow today pay call about from there because want know need already which".split(
    " ",
  ),
);

/**
 * The language after one more turn of the callee. Sticky: a single short turn in another language ("yes, okay") changes
 * nothing; two in a row, one long one, or a plain request does; a language that the callee says not to know is left at
 * once and never followed into. Only the campaign's languages are ever chosen.
 */
export function followLanguage(choice: LanguageChoice, text: string, allowed: readonly Language[]): LanguageChoice {
  const { current } = choice;
  const steady: LanguageChoice = { current, leaning: null, turns: 0 };
  const { wanted, unwanted } = languageWish(text, current);
  if (wanted !== null && allowed.includes(wanted)) return { ...steady, current: wanted };
  const heard = languageOf(text, current);
  if (unwanted.includes(current)) return { ...steady, current: otherThan(unwanted, heard?.language, allowed) ?? current };
  if (heard === undefined) return choice;
  if (heard.language === current || !allowed.includes(heard.language) || unwanted.includes(heard.language)) return steady;
  const turns = choice.leaning === heard.language ? choice.turns + 1 : 1;
  const isLong = bareWords(text).length >= longTurnWords && heard.tellingWords >= fewestTellingWords;
  return turns >= turnsToSwitch || isLong ? { ...steady, current: heard.language } : { current, leaning: heard.language, turns };
}

/** Where to go when the present language is refused: to the one just heard, to English, to whatever the campaign has. */
function otherThan(unwanted: readonly Language[], heard: Language | undefined, allowed: readonly Language[]): Language | undefined {
  const open = allowed.filter((language) => !unwanted.includes(language));
  return open.find((language) => language === heard) ?? open.find((language) => language === "en-IN") ?? open[0];
}

/** The language a text is in as far as it shows; undefined when it shows nothing ("ok", "1985", a name). */
function languageOf(text: string, current: Language): { language: Language; tellingWords: number } | undefined {
  const words = bareWords(text);
  for (const [script, language] of scripts) if (script.test(text)) return { language, tellingWords: words.length };
  if (/[\u0900-\u097f]/.test(text)) return { language: current === "mr-IN" ? "mr-IN" : "hi-IN", tellingWords: words.length };
  const hindi = words.filter((word) => hindiInLatin.has(word)).length;
  const english = words.filter((word) => englishWords.has(word)).length;
  if (hindi > 0 && hindi * 2 >= english) return { language: "hi-IN", tellingWords: hindi };
  return english >= 2 ? { language: "en-IN", tellingWords: english } : undefined;
}
