import type { E164 } from "../domain/phone-number.ts";
import type { ConfigProblem } from "./config-error.ts";
import { type TranscriberVendor, transcriberVendors, type VariableName, type Variables } from "./variables.ts";

/** One vendor's account; `baseUrl` null is the vendor's own address. */
export interface VendorAccess {
  apiKey: string;
  baseUrl: string | null;
}

/** One vendor of ears. */
export interface TranscriberAccess extends VendorAccess {
  vendor: TranscriberVendor;
}

/** What the service talks to: a phone world of its own, or real accounts. `transcribers` in the order in which they are turned to, at least one. */
export type Vendors =
  | { kind: "simulated"; transcribers: readonly TranscriberVendor[] }
  | {
      kind: "real";
      carrier: { accountSid: string; authTokens: readonly [string, ...string[]]; fromNumbers: readonly E164[]; apiBaseUrl: string | null };
      transcribers: readonly TranscriberAccess[];
      brain: VendorAccess;
      /** Who thinks when the first fails; the same account where nothing else is said. */
      brainFallback: VendorAccess;
      voice: VendorAccess;
    };

export type VendorReading = { ok: true; vendors: Vendors } | { ok: false; problems: ConfigProblem[] };

/** Each without which no real call can be held, and what to put there. */
const needed = {
  PUBLIC_URL: "the https origin under which the carrier reaches this service",
  TWILIO_ACCOUNT_SID: "the Twilio account (AC…)",
  TWILIO_AUTH_TOKEN: "the Twilio account's auth token",
  TWILIO_FROM_NUMBERS: "the caller numbers, separated by commas",
  OPENAI_API_KEY: "the key of the language model",
  ELEVENLABS_API_KEY: "the key of the voice",
} as const satisfies Partial<Record<VariableName, string>>;
type Needed = keyof typeof needed;

const alsoTells: readonly VariableName[] = ["DEEPGRAM_API_KEY", "LLM_FALLBACK_API_KEY", "LLM_FALLBACK_BASE_URL", "TWILIO_API_BASE_URL", "DEEPGRAM_BASE_URL", "OPENAI_BASE_URL", "ELEVENLABS_BASE_URL"];

/**
 * Nothing set: the simulated phone world (never in production). Anything set: all of it must be, because half a
 * configuration would dial people whom nobody then talks to. Either vendor of ears will do.
 */
export function readVendors(set: ReadonlySet<string>, read: Partial<Variables>, production: boolean): VendorReading {
  const names = Object.keys(needed) as Needed[];
  const wanted = read.STT_PROVIDERS === undefined ? undefined : [...new Set(read.STT_PROVIDERS)];
  const toldBy = [...names.filter((name) => name !== "PUBLIC_URL"), ...alsoTells].find((name) => set.has(name));
  if (toldBy === undefined && !production) return { ok: true, vendors: { kind: "simulated", transcribers: wanted ?? transcriberVendors } };
  const because = toldBy === undefined ? "NODE_ENV is production" : `${toldBy} is set`;
  const problems = [
    ...names.filter((name) => !set.has(name)).map((name) => ({ name, message: `missing: expected ${needed[name]}, because ${because}` })),
    ...missingEars(set, wanted, because),
    ...missingFallback(set),
  ];
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: tokens, TWILIO_FROM_NUMBERS: fromNumbers } = read;
  const { OPENAI_API_KEY: openai, ELEVENLABS_API_KEY: elevenlabs } = read;
  const [newest, ...older] = tokens ?? [];
  if (problems.length > 0 || !accountSid || !newest || !fromNumbers || !openai || !elevenlabs) return { ok: false, problems };
  return {
    ok: true,
    vendors: {
      kind: "real",
      carrier: { accountSid, authTokens: [newest, ...older], fromNumbers, apiBaseUrl: read.TWILIO_API_BASE_URL ?? null },
      transcribers: (wanted ?? transcriberVendors).flatMap((vendor) => transcriberOf(vendor, read)),
      brain: { apiKey: openai, baseUrl: read.OPENAI_BASE_URL ?? null },
      brainFallback: { apiKey: read.LLM_FALLBACK_API_KEY ?? openai, baseUrl: read.LLM_FALLBACK_BASE_URL ?? read.OPENAI_BASE_URL ?? null },
      voice: { apiKey: elevenlabs, baseUrl: read.ELEVENLABS_BASE_URL ?? null },
    },
  };
}

function missingEars(set: ReadonlySet<string>, wanted: readonly TranscriberVendor[] | undefined, because: string): ConfigProblem[] {
  if (set.has("DEEPGRAM_API_KEY")) return [];
  if (wanted?.includes("deepgram")) return [{ name: "DEEPGRAM_API_KEY", message: "missing: expected the key of the speech recogniser, because STT_PROVIDERS names deepgram" }];
  if (wanted !== undefined || set.has("OPENAI_API_KEY")) return [];
  return [{ name: "DEEPGRAM_API_KEY", message: `missing: expected the key of the speech recogniser, or OpenAI's to hear with that alone, because ${because}` }];
}

/** A second language model needs its name, and an address of its own needs a key of its own: the first one's is not shown to it. */
function missingFallback(set: ReadonlySet<string>): ConfigProblem[] {
  const own = (["LLM_FALLBACK_BASE_URL", "LLM_FALLBACK_API_KEY"] as const).filter((name) => set.has(name));
  const [first] = own;
  if (first === undefined) return [];
  return [
    ...(set.has("LLM_FALLBACK_MODEL") ? [] : [{ name: "LLM_FALLBACK_MODEL", message: `missing: expected the second language model's name, because ${first} is set` }]),
    ...(own.length === 2 ? [] : [{ name: first === "LLM_FALLBACK_BASE_URL" ? "LLM_FALLBACK_API_KEY" : "LLM_FALLBACK_BASE_URL", message: `missing: expected it beside ${first}, because a key belongs to one address` }]),
  ];
}

function transcriberOf(vendor: TranscriberVendor, read: Partial<Variables>): TranscriberAccess[] {
  const apiKey = vendor === "deepgram" ? read.DEEPGRAM_API_KEY : read.OPENAI_API_KEY;
  const baseUrl = vendor === "deepgram" ? read.DEEPGRAM_BASE_URL : read.OPENAI_BASE_URL;
  return apiKey === undefined ? [] : [{ vendor, apiKey, baseUrl: baseUrl ?? null }];
}
