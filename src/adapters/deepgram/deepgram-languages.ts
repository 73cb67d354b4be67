import type { Language } from "../../domain/definition.ts";

/** Languages that Flux hears as a conversation, by model (Deepgram's documentation of the `flux-general-*` models). */
const fluxLanguages: Readonly<Record<string, readonly string[]>> = {
  "flux-general-en": ["en"],
  "flux-general-multi": ["en", "es", "fr", "de", "hi", "ru", "pt", "ja", "it", "nl"],
};

/** Indian languages that Nova-3 hears mixed with each other (`language=multi`). */
const novaMulti: readonly string[] = ["hi", "en", "ta", "te", "mr", "bn", "gu", "kn"];

/** "hi-IN" → "hi". */
const primary = (language: Language): string => language.slice(0, 2);

export type Listening =
  | { api: "flux"; model: string; hints: readonly string[] }
  | { api: "nova"; model: string; language: string; hints: readonly string[] };

/** Which API and model hear these languages: Flux where it knows all of them, else Nova. */
export function listeningFor(languages: readonly Language[], models: { model: string; fallbackModel: string }): Listening {
  const hints = [...new Set(languages.map(primary))];
  const flux = fluxLanguages[models.model];
  if (flux && hints.every((hint) => flux.includes(hint))) return { api: "flux", model: models.model, hints: models.model.endsWith("-multi") ? hints : [] };
  const model = models.model.startsWith("flux") ? models.fallbackModel : models.model;
  if (hints.length > 1 && hints.every((hint) => novaMulti.includes(hint))) return { api: "nova", model, language: "multi", hints };
  const [first = "en-IN"] = languages;
  return { api: "nova", model, language: first === "en-IN" ? "en-IN" : primary(first), hints: [] };
}
