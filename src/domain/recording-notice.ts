import { type Definition, type Language, languages } from "./definition.ts";

/** A sentence the carrier's own voice says. */
export interface Spoken {
  text: string;
  language: Language;
}

const defaultNotices: Record<"ask" | "announce", Partial<Record<Language, string>>> = {
  ask: {
    "hi-IN": "क्या हम गुणवत्ता के लिए यह कॉल रिकॉर्ड कर सकते हैं? हाँ या नहीं कहिए, या हाँ के लिए एक दबाइए।",
    "en-IN": "May we record this call for quality? Please say yes or no, or press one for yes.",
  },
  announce: {
    "hi-IN": "यह कॉल गुणवत्ता के लिए रिकॉर्ड की जा रही है।",
    "en-IN": "This call is being recorded for quality.",
  },
};

/** What is said about recording before the conversation; null when nothing is recorded. */
export function recordingNotice(definition: Definition, language: Language): Spoken | null {
  const { mode, notice } = definition.recording;
  if (mode === "off") return null;
  return spokenIn(notice ?? defaultNotices[mode === "consent" ? "ask" : "announce"], language);
}

/** The wording in the wanted language, else in English, else in whatever there is; said in the language it is written in. */
export function spokenIn(text: string | Partial<Record<Language, string>>, language: Language): Spoken {
  if (typeof text === "string") return { text, language };
  const written = languages.find((each) => each === language && text[each] !== undefined) ?? languages.find((each) => each === "en-IN" && text[each] !== undefined) ?? languages.find((each) => text[each] !== undefined);
  return { text: written === undefined ? "" : (text[written] ?? ""), language: written ?? language };
}
