import { z } from "zod";
import { acknowledgeableCodes } from "../domain/campaign.ts";
import { address, amount, commaList, E164Text, istInstant, loopbackOrSecure, whole } from "./value-kinds.ts";

export const roles = ["api", "dialer", "media"] as const;
export type Role = (typeof roles)[number];

/** Vendors of ears, in the order in which they are turned to when nothing else is said. */
export const transcriberVendors = ["deepgram", "openai"] as const;
export type TranscriberVendor = (typeof transcriberVendors)[number];

const reasoningEfforts = ["none", "minimal", "low", "medium", "high"] as const;
const secret = (what: string, shortest: number) =>
  z.string().regex(new RegExp(`^\\S{${shortest},}$`), `expected ${what}: at least ${shortest} characters without spaces`);
const model = z.string().regex(/^[\w./:-]{1,120}$/, "expected a model's name");
const voice = z.string().regex(/^[\w-]{1,80}$/, "expected a voice id");
const paise = (byDefault: number) => amount(0, 10_000_000).default(byDefault);

/** Every variable of the environment the service reads, in the order of `.env.example`. An empty value counts as unset. */
export const variables = {
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  PORT: whole(0, 65_535).default(3000),
  HOST: z.string().regex(/^[\w.:-]+$/, "expected an address to listen on, such as 127.0.0.1 or 0.0.0.0").optional(),
  ROLES: commaList(z.enum(roles)).default([...roles]),
  PUBLIC_URL: loopbackOrSecure(["https:", "http:"]).optional(),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  DRAIN_SECONDS: whole(1, 86_400).default(600),

  DATA_DIR: z.string().min(1).default(".data"),
  DATABASE_URL: address(["postgres:", "postgresql:"]).optional(),
  DATABASE_CONNECTIONS: whole(2, 500).default(20),
  REDIS_URL: address(["redis:", "rediss:"]).optional(),
  DATA_KEY: z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, "expected 32 bytes as base64, such as openssl rand -base64 32 prints").optional(),
  API_KEY: secret("an API key of your choice", 20).optional(),

  TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-fA-F]{32}$/, "expected AC and 32 hexadecimal digits").optional(),
  TWILIO_AUTH_TOKEN: commaList(secret("the account's auth token, or several separated by commas while rotating, newest first", 16)).optional(),
  TWILIO_FROM_NUMBERS: commaList(E164Text).optional(),
  TWILIO_API_BASE_URL: loopbackOrSecure(["https:", "http:"]).optional(),

  STT_PROVIDERS: commaList(z.enum(transcriberVendors)).optional(),
  DEEPGRAM_API_KEY: secret("a Deepgram API key", 8).optional(),
  DEEPGRAM_BASE_URL: loopbackOrSecure(["https:", "http:", "wss:", "ws:"]).optional(),
  STT_MODEL: model.default("flux-general-multi"),
  STT_FALLBACK_MODEL: model.default("nova-3"),
  STT_OPENAI_MODEL: model.default("gpt-live-transcribe"),

  OPENAI_API_KEY: secret("an OpenAI API key", 8).optional(),
  OPENAI_BASE_URL: loopbackOrSecure(["https:", "http:"]).optional(),
  LLM_MODEL: model.default("gpt-5.6-luna"),
  LLM_FALLBACK_MODEL: model.optional(),
  LLM_FALLBACK_BASE_URL: loopbackOrSecure(["https:", "http:"]).optional(),
  LLM_FALLBACK_API_KEY: secret("the key of the second language model", 8).optional(),
  LLM_REASONING_EFFORT: z.enum(reasoningEfforts).default("none"),
  REALTIME_MODEL: model.default("gpt-realtime-2.1"),
  REALTIME_VOICE: voice.default("marin"),
  REALTIME_TRANSCRIPTION_MODEL: model.default("gpt-live-transcribe"),

  ELEVENLABS_API_KEY: secret("an ElevenLabs API key", 8).optional(),
  ELEVENLABS_BASE_URL: loopbackOrSecure(["https:", "http:", "wss:", "ws:"]).optional(),
  TTS_MODEL: model.default("eleven_flash_v2_5"),
  TTS_VOICE: voice.default("EXAVITQu4vr4xnSDxMaL"),

  CALLS_PER_SECOND: amount(0.01, 1_000).default(1),
  CALLS_PER_SECOND_PER_NUMBER: amount(0.01, 1_000).optional(),
  MAX_CONCURRENT_CALLS: whole(1, 100_000).default(100),
  MAX_MEDIA_STREAMS: whole(1, 10_000).default(200),
  ACKNOWLEDGE: commaList(z.enum(acknowledgeableCodes)).default([]),
  CLOCK_START: istInstant.optional(),

  PRICE_CARRIER_PER_MINUTE_PAISE: paise(486),
  PRICE_TRANSCRIBER_PER_MINUTE_PAISE: paise(83),
  PRICE_VOICE_PER_THOUSAND_CHARACTERS_PAISE: paise(450),
  PRICE_LLM_PER_MILLION_INPUT_TOKENS_PAISE: paise(1_800),
  PRICE_LLM_PER_MILLION_OUTPUT_TOKENS_PAISE: paise(10_800),
  PRICE_USD_PAISE: paise(9_000),
} as const;

export type VariableName = keyof typeof variables;
export type Variables = z.output<z.ZodObject<typeof variables>>;

/** Variables whose values never reach a log line or an error. */
export const secretVariables: readonly VariableName[] = [
  "DATABASE_URL", "REDIS_URL", "DATA_KEY", "API_KEY", "TWILIO_AUTH_TOKEN", "DEEPGRAM_API_KEY", "OPENAI_API_KEY", "LLM_FALLBACK_API_KEY", "ELEVENLABS_API_KEY",
];
