import type { Language } from "../domain/definition.ts";
import { bareWords } from "./backchannel.ts";

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

const scripts: readonly (readonly [RegExp, Language])[] = [
  [/[\u0b80-\u0bff]/, "ta-IN"],
  [/[\u0c00-\u0c7f]/, "te-IN"],
  [/[\u0980-\u09ff]/, "bn-IN"],
  [/[\u0a80-\u0aff]/, "gu-IN"],
  [/[\u0c80-\u0cff]/, "kn-IN"],
  [/[\u0d00-\u0d7f]/, "ml-IN"],
  [/[\u0a00-\u0a7f]/, "pa-IN"],
];

/** Words that make a text in Latin letters Hindi, whatever English words stand around them. */
const hindiInLatin = new Set(
  "hai hain nahi nahin nahi mein main mujhe mera meri mere aap aapka aapko kya kyun kyon kab kahan kaise kaun kar karo karna kar raha rahi rahe hoon hun tha thi the toh bhi abhi baad kal aaj parso din tareekh tarikh paisa paise rupaye bhai ji haan bolo boliye baat bataiye batao chahiye wala dunga doonga dungi karunga karungi ho gaya gayi ka ki ke ko se par aur ya mat phone kijiye".split(
    " ",
  ),
);
const englishFunction = new Set(
  "the is are was were i you he she we they my your will can could would should not don't do does did have has had to of and in on at for with what when where why how this that it yes no please tomorrow today pay call me".split(" "),
);

const requests: readonly (readonly [RegExp, Language])[] = [
  [/\b(?:in|speak|talk)\s+(?:in\s+)?english\b|english\s+(?:mein|me|please)|अंग्रेज़?ी में|इंग्लिश में/i, "en-IN"],
  [/\b(?:in|speak|talk)\s+(?:in\s+)?hindi\b|hindi\s+(?:mein|me|please)|हिं?न्?दी में/i, "hi-IN"],
  [/\btamil\b|தமிழ்/i, "ta-IN"],
  [/\btelugu\b|తెలుగు/i, "te-IN"],
  [/\bmarathi\b|मराठी/i, "mr-IN"],
  [/\bbengali\b|\bbangla\b|বাংলা/i, "bn-IN"],
  [/\bgujarati\b|ગુજરાતી/i, "gu-IN"],
  [/\bkannada\b|ಕನ್ನಡ/i, "kn-IN"],
  [/\bmalayalam\b|മലയാളം/i, "ml-IN"],
  [/\bpunjabi\b|ਪੰਜਾਬੀ/i, "pa-IN"],
];

/**
 * The language after one more turn of the callee. Sticky: a single short turn in another language ("yes, okay") changes
 * nothing; two in a row, one long one, or a plain request does. Only the campaign's languages are ever chosen.
 */
export function followLanguage(choice: LanguageChoice, text: string, allowed: readonly Language[]): LanguageChoice {
  const steady: LanguageChoice = { current: choice.current, leaning: null, turns: 0 };
  const asked = requests.find(([pattern, language]) => language !== choice.current && allowed.includes(language) && pattern.test(text));
  if (asked && bareWords(text).length <= 12) return { current: asked[1], leaning: null, turns: 0 };
  const heard = languageOf(text, choice.current);
  if (heard === undefined) return choice;
  if (heard === choice.current || !allowed.includes(heard)) return steady;
  const turns = choice.leaning === heard ? choice.turns + 1 : 1;
  if (turns >= turnsToSwitch || bareWords(text).length >= longTurnWords) return { current: heard, leaning: null, turns: 0 };
  return { current: choice.current, leaning: heard, turns };
}

/** The language a text is in as far as it shows; undefined when it shows nothing ("ok", "1985", a name). */
function languageOf(text: string, current: Language): Language | undefined {
  for (const [script, language] of scripts) if (script.test(text)) return language;
  if (/[\u0900-\u097f]/.test(text)) return current === "mr-IN" ? "mr-IN" : "hi-IN";
  const words = bareWords(text);
  const hindi = words.filter((word) => hindiInLatin.has(word)).length;
  const english = words.filter((word) => englishFunction.has(word)).length;
  if (hindi > 0 && hindi * 2 >= english) return "hi-IN";
  return english >= 2 ? "en-IN" : undefined;
}
