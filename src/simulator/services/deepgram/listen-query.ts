import type { Misuse } from "../service-deps.ts";
import type { HttpRefusal } from "../refusal.ts";

/** Settings of a `/v1/listen` stream (Nova). */
export interface NovaSettings {
  model: string;
  language: string;
  interimResults: boolean;
  /** Silence that ends an utterance; undefined when endpointing is off. */
  endpointingMs: number | undefined;
  utteranceEndMs: number | undefined;
  vadEvents: boolean;
  /** Punctuation and capitals are kept. */
  formatted: boolean;
}

/** Settings of a `/v2/listen` stream (Flux); thresholds may change while it runs. */
export interface FluxSettings {
  model: string;
  eotThreshold: number;
  eagerEotThreshold: number | undefined;
  eotTimeoutMs: number;
  keyterms: string[];
  languageHints: string[];
}

export type QueryReading<Settings> =
  | { ok: true; settings: Settings; misuses: Misuse[] }
  | { ok: false; refusal: HttpRefusal; misuses: Misuse[] };

const novaNames = new Set([
  "callback", "callback_method", "channels", "detect_entities", "diarize", "diarize_model", "dictation", "encoding", "endpointing", "extra",
  "interim_results", "keyterm", "keywords", "language", "language_hint", "mip_opt_out", "model", "multichannel", "numerals", "profanity_filter",
  "punctuate", "redact", "replace", "sample_rate", "search", "smart_format", "tag", "utterance_end_ms", "vad_events", "version", "filler_words",
]);
const fluxNames = new Set([
  "model", "encoding", "sample_rate", "eager_eot_threshold", "eot_threshold", "eot_timeout_ms", "keyterm", "language_hint", "profanity_filter",
  "numerals", "redact", "mip_opt_out", "tag",
]);
const fluxModels = new Set(["flux-general-en", "flux-general-multi"]);
const fluxLanguages = new Set(["en", "es", "fr", "de", "hi", "ru", "pt", "ja", "it", "nl"]);
const noSuchModel = "Bad Request: No such model/language/tier combination found.";

/** Reads the query of `/v1/listen`, as Deepgram's API reference has it. */
export function readNovaQuery(query: URLSearchParams): QueryReading<NovaSettings> {
  const misuses = unknownNames(query, novaNames, "/v1/listen");
  const refuse = (message: string): QueryReading<NovaSettings> => ({ ok: false, refusal: badRequest(message), misuses });
  const model = query.get("model") ?? "";
  const language = query.get("language") ?? "en";
  if (!/^nova-[23](?:-[a-z]+)?$/.test(model)) return refuse(noSuchModel);
  if (!/^(?:multi|[a-z]{2}(?:-[A-Za-z]{2,4})?)$/.test(language) || (language.toLowerCase() === "hi-latn" && model.startsWith("nova-3"))) return refuse(noSuchModel);
  if (model.startsWith("nova-3") && query.has("keywords")) return refuse("Bad Request: Keywords are not supported for Nova-3, use keyterm.");
  const audio = audioProblem(query);
  if (audio !== undefined) return refuse(audio);
  const endpointing = query.get("endpointing");
  const endpointingMs = endpointing === null ? 10 : endpointing === "false" ? undefined : Number(endpointing);
  if (Number.isNaN(endpointingMs)) return refuse("Bad Request: endpointing must be a number of milliseconds or false.");
  const interimResults = query.get("interim_results") === "true";
  const utteranceEnd = query.get("utterance_end_ms");
  if (utteranceEnd !== null && (!(Number(utteranceEnd) >= 1_000) || !interimResults)) {
    return refuse("Bad Request: utterance_end_ms must be at least 1000 and requires interim_results=true.");
  }
  const settings: NovaSettings = {
    model,
    language,
    interimResults,
    endpointingMs,
    utteranceEndMs: utteranceEnd === null ? undefined : Number(utteranceEnd),
    vadEvents: query.get("vad_events") === "true",
    formatted: query.get("smart_format") === "true" || query.get("punctuate") === "true",
  };
  return { ok: true, settings, misuses };
}

/** Reads the query of `/v2/listen`, as Deepgram's API reference has it. */
export function readFluxQuery(query: URLSearchParams): QueryReading<FluxSettings> {
  const misuses = unknownNames(query, fluxNames, "/v2/listen");
  const refuse = (message: string): QueryReading<FluxSettings> => ({ ok: false, refusal: badRequest(message), misuses });
  const model = query.get("model") ?? "";
  if (!fluxModels.has(model)) return refuse(`Bad Request: model must be one of ${[...fluxModels].join(", ")}.`);
  const audio = audioProblem(query);
  if (audio !== undefined) return refuse(audio);
  const settings: FluxSettings = {
    model,
    eotThreshold: Number(query.get("eot_threshold") ?? 0.7),
    eagerEotThreshold: query.has("eager_eot_threshold") ? Number(query.get("eager_eot_threshold")) : undefined,
    eotTimeoutMs: Number(query.get("eot_timeout_ms") ?? 5_000),
    keyterms: query.getAll("keyterm"),
    languageHints: query.getAll("language_hint"),
  };
  const problem = fluxProblem(settings);
  return problem === undefined ? { ok: true, settings, misuses } : refuse(`Bad Request: ${problem}`);
}

/** What is wrong with Flux settings, in the query or in a `Configure` message; undefined when nothing is. */
export function fluxProblem(settings: FluxSettings): string | undefined {
  const { eotThreshold, eagerEotThreshold, eotTimeoutMs, languageHints } = settings;
  if (!(eotThreshold >= 0.5 && eotThreshold <= 1)) return "eot_threshold must be between 0.5 and 1.0.";
  if (eagerEotThreshold !== undefined && !(eagerEotThreshold >= 0.3 && eagerEotThreshold <= 0.9)) return "eager_eot_threshold must be between 0.3 and 0.9.";
  if (eagerEotThreshold !== undefined && eagerEotThreshold > eotThreshold) return "eager_eot_threshold must not be above eot_threshold.";
  if (!(eotTimeoutMs >= 500 && eotTimeoutMs <= 60_000)) return "eot_timeout_ms must be between 500 and 60000.";
  if (languageHints.length > 0 && settings.model !== "flux-general-multi") return "language_hint is only valid with flux-general-multi.";
  const unknown = languageHints.find((hint) => !fluxLanguages.has(hint));
  return unknown === undefined ? undefined : `language_hint ${unknown} is not supported.`;
}

function audioProblem(query: URLSearchParams): string | undefined {
  const encoding = query.get("encoding");
  if (encoding !== "mulaw") return `Bad Request: this phone world sends telephone audio, expected encoding=mulaw, got ${encoding ?? "none"}.`;
  if (query.get("sample_rate") !== "8000") return "Bad Request: sample_rate must be 8000 with the audio of a telephone.";
  const channels = query.get("channels") ?? "1";
  return channels === "1" ? undefined : "Bad Request: expected one channel.";
}

function unknownNames(query: URLSearchParams, known: ReadonlySet<string>, path: string): Misuse[] {
  return [...new Set(query.keys())]
    .filter((name) => !known.has(name))
    .map((name) => ({ service: "deepgram", code: "unknown_query_parameter", detail: `${path} has no parameter ${name}` }));
}

function badRequest(message: string): HttpRefusal {
  return { status: 400, headers: { "dg-error": message }, body: { err_code: "Bad Request", err_msg: message } };
}
