import { type Language, languages } from "../domain/definition.ts";

const names: Readonly<Record<string, Language>> = {
  hindi: "hi-IN", हिन्दी: "hi-IN", हिंदी: "hi-IN",
  english: "en-IN", अंग्रेजी: "en-IN",
  tamil: "ta-IN", தமிழ்: "ta-IN",
  telugu: "te-IN", తెలుగు: "te-IN",
  marathi: "mr-IN", मराठी: "mr-IN",
  bengali: "bn-IN", bangla: "bn-IN", বাংলা: "bn-IN",
  gujarati: "gu-IN", ગુજરાતી: "gu-IN",
  kannada: "kn-IN", ಕನ್ನಡ: "kn-IN",
  malayalam: "ml-IN", മലയാളം: "ml-IN",
  punjabi: "pa-IN", ਪੰਜਾਬੀ: "pa-IN",
};

/** Reads a language as a tag ("hi-IN", "hi_in", "hi") or by its name ("Hindi", "हिन्दी"); undefined when it is none we know. */
export function readLanguage(text: string): Language | undefined {
  const lower = text.toLowerCase();
  const tag = lower.replace("_", "-");
  const named = Object.hasOwn(names, lower) ? names[lower] : undefined;
  return named ?? languages.find((language) => language.toLowerCase() === tag || language.slice(0, 2) === tag);
}
