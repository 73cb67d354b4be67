import { hostname } from "node:os";
import { resolve } from "node:path";
import { ConfigError, type ConfigProblem } from "./config/config-error.ts";
import { keptDataKey } from "./config/data-key.ts";
import { type Prices, readPrices } from "./config/prices.ts";
import { type Environment, presentValue, readVariables, strangers } from "./config/read-variables.ts";
import { type Role, secretVariables, type Variables, variables } from "./config/variables.ts";
import { isLoopback } from "./config/value-kinds.ts";
import { readVendors, type Vendors } from "./config/vendors.ts";
import type { AcknowledgeableCode } from "./domain/campaign.ts";

/** Everything the service is told from outside, checked and frozen. */
export interface Config {
  production: boolean;
  port: number;
  /** The address to listen on: this machine only with the simulated world, every interface with real vendors. */
  host: string;
  roles: ReadonlySet<Role>;
  /** The origin the carrier reaches; null: the loopback address of the port, known once it is open. */
  publicUrl: string | null;
  logLevel: Variables["LOG_LEVEL"];
  /** How long a stopping process lets live calls go on. */
  drainMs: number;
  /** Names this process in leases and logs. */
  processName: string;
  dataDir: string;
  /** Null: the embedded server under `dataDir`. */
  databaseUrl: string | null;
  databaseConnections: number;
  /** Null: the queue lives in Postgres. */
  redisUrl: string | null;
  /** Bootstrap key of the first account; null: one is made and shown once. */
  apiKey: string | null;
  /** Root of the sealing keys, 32 bytes. */
  dataKey: Buffer;
  vendors: Vendors;
  models: {
    transcriber: string;
    /** For languages the first model does not hear. */
    transcriberFallback: string;
    openAiTranscriber: string;
    brain: string;
    /** Who takes over in mid-call; null: nobody. */
    brainFallback: string | null;
    brainEffort: Variables["LLM_REASONING_EFFORT"];
    voice: string;
    /** Voice of campaigns that name none. */
    voiceId: string;
    realtime: string;
    realtimeVoice: string;
    realtimeTranscription: string;
  };
  callsPerSecond: number;
  callsPerSecondPerNumber: number;
  maxConcurrentCalls: number;
  /** Live conversations one media process takes. */
  maxMediaStreams: number;
  acknowledged: readonly AcknowledgeableCode[];
  /** Where the clock starts, for trials; null: the present. */
  clockStartMs: number | null;
  prices: Prices;
  /** Values a log line must never show. */
  secrets: readonly string[];
  /** What the operator should know, as sentences for the log. */
  warnings: readonly string[];
}

/**
 * Reads the environment; nothing outside this file does. Throws one `ConfigError` that lists every wrong or missing setting.
 * Makes the data key's file when none is given outside production.
 */
export function loadConfig(environment: Environment = process.env): Config {
  const reading = readVariables(environment);
  const production = presentValue(environment, "NODE_ENV") === "production";
  const set = new Set(Object.keys(variables).filter((name) => presentValue(environment, name) !== undefined));
  const vendors = readVendors(set, reading.ok ? reading.variables : {}, production);
  const problems: ConfigProblem[] = [
    ...(reading.ok ? [] : reading.problems),
    ...(vendors.ok ? [] : vendors.problems),
    ...problemsInProduction(set, production),
    ...problemsWithCarrierOutside(environment, production),
  ];
  if (!reading.ok || !vendors.ok || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(assemble(reading.variables, vendors.vendors, environment));
}

/** The prices of the environment alone, for commands that need no other setting. Throws a `ConfigError` like `loadConfig`. */
export function loadPrices(environment: Environment = process.env): Prices {
  const reading = readVariables(environment);
  if (!reading.ok) throw new ConfigError(reading.problems);
  return readPrices(reading.variables);
}

/** Where the carrier opens the media stream: wss behind https, ws on this machine. */
export function mediaUrl(publicUrl: string): string {
  return `${publicUrl.replace(/^http/, "ws")}/media`;
}

/**
 * What a carrier out in the world forbids: an address that only this machine can reach, since phones would ring and nobody would
 * talk, and a clock of its own, since phones would ring at any hour of the night.
 */
function problemsWithCarrierOutside(environment: Environment, production: boolean): ConfigProblem[] {
  const [account, carrier, ours, clockStart] = ["TWILIO_ACCOUNT_SID", "TWILIO_API_BASE_URL", "PUBLIC_URL", "CLOCK_START"].map((name) => presentValue(environment, name));
  if (account === undefined || (carrier !== undefined && isLoopback(carrier))) return [];
  const isOurselves = ours !== undefined && /^https?:/i.test(ours) && isLoopback(ours);
  return [
    ...(isOurselves ? [{ name: "PUBLIC_URL", message: "expected an address that the carrier reaches, not this machine itself" }] : []),
    ...(clockStart === undefined || production ? [] : [{ name: "CLOCK_START", message: "expected nothing: a clock that is not the real one rings real phones at the wrong hour; it is for the phone world" }]),
  ];
}

function problemsInProduction(set: ReadonlySet<string>, production: boolean): ConfigProblem[] {
  if (!production) return [];
  const dataKey = { name: "DATA_KEY", message: "missing: expected 32 random bytes as base64 (openssl rand -base64 32), kept outside the database, because NODE_ENV is production" };
  const clockStart = { name: "CLOCK_START", message: "expected nothing: a clock that is not the real one is for trials, and NODE_ENV is production" };
  return [...(set.has("DATA_KEY") ? [] : [dataKey]), ...(set.has("CLOCK_START") ? [clockStart] : [])];
}

function assemble(read: Variables, vendors: Vendors, environment: Environment): Config {
  const dataDir = resolve(read.DATA_DIR);
  const key = read.DATA_KEY === undefined ? keptKey(dataDir) : { key: Buffer.from(read.DATA_KEY, "base64"), warnings: [] };
  const simulated = vendors.kind === "simulated";
  return {
    production: read.NODE_ENV === "production",
    port: read.PORT,
    host: read.HOST ?? (simulated ? "127.0.0.1" : "0.0.0.0"),
    roles: new Set(read.ROLES),
    publicUrl: read.PUBLIC_URL ?? null,
    logLevel: read.LOG_LEVEL,
    drainMs: read.DRAIN_SECONDS * 1_000,
    processName: `${hostname()}-${process.pid}`,
    dataDir,
    databaseUrl: read.DATABASE_URL ?? null,
    databaseConnections: read.DATABASE_CONNECTIONS,
    redisUrl: read.REDIS_URL ?? null,
    apiKey: read.API_KEY ?? null,
    dataKey: key.key,
    vendors,
    models: {
      transcriber: read.STT_MODEL,
      transcriberFallback: read.STT_FALLBACK_MODEL,
      openAiTranscriber: read.STT_OPENAI_MODEL,
      brain: read.LLM_MODEL,
      brainFallback: read.LLM_FALLBACK_MODEL ?? null,
      brainEffort: read.LLM_REASONING_EFFORT,
      voice: read.TTS_MODEL,
      voiceId: read.TTS_VOICE,
      realtime: read.REALTIME_MODEL,
      realtimeVoice: read.REALTIME_VOICE,
      realtimeTranscription: read.REALTIME_TRANSCRIPTION_MODEL,
    },
    callsPerSecond: read.CALLS_PER_SECOND,
    callsPerSecondPerNumber: read.CALLS_PER_SECOND_PER_NUMBER ?? read.CALLS_PER_SECOND,
    maxConcurrentCalls: read.MAX_CONCURRENT_CALLS,
    maxMediaStreams: read.MAX_MEDIA_STREAMS,
    acknowledged: read.ACKNOWLEDGE,
    clockStartMs: read.CLOCK_START ?? null,
    prices: readPrices(read),
    secrets: [...secretsOf(read), key.key.toString("base64")],
    warnings: [
      ...key.warnings,
      ...strangers(environment).map((name) => `${name} is set but is no setting of this service`),
      ...(read.DATABASE_URL === undefined && read.NODE_ENV === "production" ? ["DATABASE_URL is not set: the embedded database serves one machine only"] : []),
      ...(vendors.transcribers.length === 1 ? ["only one vendor hears (STT_PROVIDERS): when it fails in mid-call nobody takes over"] : []),
      ...(!simulated && read.LLM_FALLBACK_MODEL === undefined ? ["no second language model is named (LLM_FALLBACK_MODEL): when the first fails, calls end with an apology"] : []),
      ...(simulated ? ["no vendor is configured: calls go to the simulated phone world and ring nobody"] : []),
    ],
  };
}

function keptKey(dataDir: string): { key: Buffer; warnings: string[] } {
  try {
    const kept = keptDataKey(dataDir);
    const warning = `DATA_KEY is not set: sealed values depend on ${kept.path}${kept.made ? ", made just now" : ""}; keep a copy, without it they are lost`;
    return { key: kept.key, warnings: [warning] };
  } catch (error) {
    throw new ConfigError([{ name: "DATA_KEY", message: `not set, and the key's file cannot be used: ${error instanceof Error ? error.message : String(error)}` }]);
  }
}

/** The values themselves, and the passwords inside URLs. */
function secretsOf(read: Variables): string[] {
  return secretVariables.flatMap((name) => {
    const value = read[name];
    const values = value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
    return values.flatMap((text) => (URL.canParse(text) && new URL(text).password !== "" ? [text, new URL(text).password] : [text]));
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null && !ArrayBuffer.isView(inner)) deepFreeze(inner);
  }
  return Object.freeze(value);
}
