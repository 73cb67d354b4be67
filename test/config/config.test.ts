import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig, mediaUrl } from "../../src/config.ts";
import { ConfigError, type ConfigProblem } from "../../src/config/config-error.ts";
import { variables } from "../../src/config/variables.ts";

const dataKey = Buffer.alloc(32, 1).toString("base64");
const real = {
  PUBLIC_URL: "https://dialer.example",
  TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
  TWILIO_AUTH_TOKEN: "f".repeat(32),
  TWILIO_FROM_NUMBERS: "+14155550100, +14155550101",
  DEEPGRAM_API_KEY: "dg-key-0123456789",
  OPENAI_API_KEY: "sk-0123456789abcdef",
  ELEVENLABS_API_KEY: "xi-0123456789abcdef",
  DATA_KEY: dataKey,
};

describe("the settings", () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "config-"));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  const load = (environment: Record<string, string> = {}) => loadConfig({ DATA_DIR: dataDir, ...environment });
  const problemsOf = (environment: Record<string, string>): readonly ConfigProblem[] => {
    try {
      load(environment);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };
  const namesOf = (environment: Record<string, string>): string[] => problemsOf(environment).map((problem) => problem.name);

  it("with nothing set run an embedded database, a simulated phone world and every role, on this machine only", () => {
    const config = load();
    expect(config).toMatchObject({ port: 3000, host: "127.0.0.1", databaseUrl: null, redisUrl: null, vendors: { kind: "simulated" }, callsPerSecond: 1, publicUrl: null });
    expect([...config.roles]).toEqual(["api", "dialer", "media"]);
    expect(config.warnings).toContain("no vendor is configured: calls go to the simulated phone world and ring nobody");
  });

  it("count blanks as unset", () => {
    expect(load(Object.fromEntries(Object.keys(real).map((name) => [name, " "]))).vendors.kind).toBe("simulated");
  });

  it("with every vendor set run the real thing", () => {
    const config = load({ ...real, OPENAI_BASE_URL: "https://eu.api.openai.com/v1/", TWILIO_AUTH_TOKEN: `${"a".repeat(32)},${"b".repeat(32)}`, ROLES: "media" });
    expect(config.vendors).toMatchObject({
      kind: "real",
      carrier: { authTokens: ["a".repeat(32), "b".repeat(32)], fromNumbers: ["+14155550100", "+14155550101"], apiBaseUrl: null },
      brain: { baseUrl: "https://eu.api.openai.com/v1" },
    });
    expect(config.host).toBe("0.0.0.0");
    expect(config.dataKey).toEqual(Buffer.alloc(32, 1));
    expect([...config.roles]).toEqual(["media"]);
  });

  it.each(Object.keys(real).filter((name) => name !== "DATA_KEY" && name !== "DEEPGRAM_API_KEY"))("refuse half a configuration: without %s", (missing) => {
    const { [missing as keyof typeof real]: _, ...rest } = real;
    expect(problemsOf(rest)).toMatchObject([{ name: missing, message: expect.stringMatching(/^missing: expected .*, because [A-Z_]+ is set$/) }]);
  });

  describe("of who thinks when the first fails", () => {
    const none = "no second language model is named (LLM_FALLBACK_MODEL): when the first fails, calls end with an apology";
    const fallbackOf = (environment: Record<string, string>) => {
      const { vendors, models } = load({ ...real, ...environment });
      return vendors.kind === "real" ? [models.brainFallback, vendors.brainFallback.baseUrl, vendors.brainFallback.apiKey] : vendors.kind;
    };

    it("are nobody unless one is named, and say so", () => {
      expect(fallbackOf({})).toEqual([null, null, real.OPENAI_API_KEY]);
      expect(load(real).warnings).toContain(none);
      expect(load({ ...real, LLM_FALLBACK_MODEL: "another" }).warnings).not.toContain(none);
    });

    it("take another model of the same account, or one somewhere else with its own key", () => {
      expect(fallbackOf({ LLM_FALLBACK_MODEL: "another", OPENAI_BASE_URL: "https://eu.api.openai.com/v1" })).toEqual(["another", "https://eu.api.openai.com/v1", real.OPENAI_API_KEY]);
      expect(fallbackOf({ LLM_FALLBACK_MODEL: "another", LLM_FALLBACK_BASE_URL: "https://llm.example/v1", LLM_FALLBACK_API_KEY: "key-of-the-other" })).toEqual(["another", "https://llm.example/v1", "key-of-the-other"]);
    });

    it("never show one vendor the other's key", () => {
      expect(namesOf({ ...real, LLM_FALLBACK_MODEL: "another", LLM_FALLBACK_BASE_URL: "https://llm.example/v1" })).toEqual(["LLM_FALLBACK_API_KEY"]);
      expect(namesOf({ ...real, LLM_FALLBACK_MODEL: "another", LLM_FALLBACK_API_KEY: "key-of-the-other" })).toEqual(["LLM_FALLBACK_BASE_URL"]);
      expect(namesOf({ ...real, LLM_FALLBACK_BASE_URL: "https://llm.example/v1", LLM_FALLBACK_API_KEY: "key-of-the-other" })).toEqual(["LLM_FALLBACK_MODEL"]);
    });
  });

  describe("of who hears", () => {
    const { DEEPGRAM_API_KEY: _, ...withoutDeepgram } = real;
    const earsOf = (environment: Record<string, string>) => {
      const { vendors } = load(environment);
      return vendors.kind === "real" ? vendors.transcribers.map(({ vendor, apiKey }) => [vendor, apiKey]) : vendors.transcribers;
    };
    const alone = "only one vendor hears (STT_PROVIDERS): when it fails in mid-call nobody takes over";

    it("turn to Deepgram first and to OpenAI when it fails, where both have keys", () => {
      expect(earsOf(real)).toEqual([["deepgram", real.DEEPGRAM_API_KEY], ["openai", real.OPENAI_API_KEY]]);
      expect(load(real).warnings).not.toContain(alone);
    });
    it("let OpenAI hear where only that has a key, and say that nobody stands behind it", () => {
      expect(earsOf(withoutDeepgram)).toEqual([["openai", real.OPENAI_API_KEY]]);
      expect(load(withoutDeepgram).warnings).toContain(alone);
    });
    it("follow the order that is asked for, in a phone world too", () => {
      expect(earsOf({ ...real, STT_PROVIDERS: "openai, deepgram" })).toEqual([["openai", real.OPENAI_API_KEY], ["deepgram", real.DEEPGRAM_API_KEY]]);
      expect(earsOf({ ...real, STT_PROVIDERS: "deepgram" })).toEqual([["deepgram", real.DEEPGRAM_API_KEY]]);
      expect(earsOf({ STT_PROVIDERS: "openai" })).toEqual(["openai"]);
      expect(earsOf({})).toEqual(["deepgram", "openai"]);
    });
    it("refuse a vendor without its key, an unknown one, and nobody at all", () => {
      expect(problemsOf({ ...withoutDeepgram, STT_PROVIDERS: "deepgram,openai" })).toEqual([{ name: "DEEPGRAM_API_KEY", message: "missing: expected the key of the speech recogniser, because STT_PROVIDERS names deepgram" }]);
      expect(namesOf({ ...real, STT_PROVIDERS: "whisper" })).toEqual(["STT_PROVIDERS"]);
      const { OPENAI_API_KEY: __, ...nobody } = withoutDeepgram;
      expect(namesOf(nobody)).toEqual(["OPENAI_API_KEY", "DEEPGRAM_API_KEY"]);
    });
  });

  it("list every problem at once, each by name with what was expected", () => {
    const names = namesOf({ PORT: "70000", ROLES: "api,chef", LOG_LEVEL: "loud", CALLS_PER_SECOND: "fast", CLOCK_START: "yesterday", OPENAI_API_KEY: "sk-0123456789" });
    expect(names).toEqual([
      "PORT", "ROLES", "LOG_LEVEL", "CALLS_PER_SECOND", "CLOCK_START",
      "PUBLIC_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM_NUMBERS", "ELEVENLABS_API_KEY",
    ]);
    expect(() => load({ PORT: "70000" })).toThrow('1 setting is wrong or missing:\n  PORT  expected a whole number from 0 to 65535, got "70000"\nSee .env.example.');
  });

  it.each([
    ["PORT", "3e3"], ["PORT", "-1"], ["MAX_CONCURRENT_CALLS", "0"], ["CALLS_PER_SECOND", "0"], ["CALLS_PER_SECOND", "1,5"],
    ["ROLES", "api,"], ["NODE_ENV", "staging"], ["DATABASE_URL", "mysql://x"], ["REDIS_URL", "localhost:6379"], ["DATA_KEY", "c2hvcnQ="],
    ["API_KEY", "too short"], ["ACKNOWLEDGE", "everything"], ["PRICE_USD_PAISE", "-1"], ["LLM_REASONING_EFFORT", "much"], ["HOST", "a b"],
  ])("refuse %s=%s", (name, value) => {
    expect(namesOf({ [name]: value })).toEqual([name]);
  });

  it.each(["", "   ", ",", `${"a".repeat(32)},`, "short"])("never run with an empty or weak carrier token (%j): a signature check with one accepts forgeries", (token) => {
    expect(namesOf({ ...real, TWILIO_AUTH_TOKEN: token })).toEqual(["TWILIO_AUTH_TOKEN"]);
  });

  it("refuse a public address that is this machine, unless the carrier is here too: phones would ring and nobody would talk", () => {
    expect(namesOf({ ...real, PUBLIC_URL: "http://localhost:3000" })).toEqual(["PUBLIC_URL"]);
    expect(namesOf({ ...real, PUBLIC_URL: "https://127.0.0.1", TWILIO_API_BASE_URL: "https://api.dublin.twilio.example" })).toEqual(["PUBLIC_URL"]);
    expect(namesOf({ ...real, PUBLIC_URL: "http://localhost:3000", TWILIO_API_BASE_URL: "http://localhost:4010" })).toEqual([]);
    expect(namesOf({ PUBLIC_URL: "http://localhost:3000" })).toEqual([]);
  });

  it.each(["TWILIO_API_BASE_URL", "DEEPGRAM_BASE_URL", "OPENAI_BASE_URL", "ELEVENLABS_BASE_URL", "PUBLIC_URL"])("take %s without TLS for this machine only", (name) => {
    const simulator = { TWILIO_API_BASE_URL: "http://127.0.0.1:4010" };
    for (const local of ["http://127.0.0.1:4010", "http://localhost:4010", "http://[::1]:4010"]) expect(namesOf({ ...real, ...simulator, [name]: local })).toEqual([]);
    for (const remote of ["http://10.0.0.8", "http://127.0.0.1.example.com", "http://example.com", "ftp://127.0.0.1", "nonsense"]) {
      expect(namesOf({ ...real, [name]: remote })).toEqual([name]);
    }
    expect(namesOf({ ...real, [name]: "https://user:pw@example.com" })).toEqual([name]);
    expect(namesOf({ ...real, [name]: "https://example.com?x=1" })).toEqual([name]);
  });

  it("in production demand a data key and the vendors, and refuse a clock that is not the real one", () => {
    const { DATA_KEY: _, ...rest } = real;
    expect(namesOf({ ...rest, NODE_ENV: "production" })).toEqual(["DATA_KEY"]);
    expect(namesOf({ ...real, NODE_ENV: "production", CLOCK_START: "2026-12-01T10:00" })).toEqual(["CLOCK_START"]);
    expect(namesOf({ ...real, CLOCK_START: "2026-12-01T10:00" })).toEqual(["CLOCK_START"]);
    expect(namesOf({ ...real, TWILIO_API_BASE_URL: "http://127.0.0.1:4010", CLOCK_START: "2026-12-01T10:00" })).toEqual([]);
    expect(namesOf({ NODE_ENV: "production" })).toEqual([
      "PUBLIC_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM_NUMBERS", "OPENAI_API_KEY", "ELEVENLABS_API_KEY", "DEEPGRAM_API_KEY", "DATA_KEY",
    ]);
    expect(namesOf({ ...real, NODE_ENV: "production" })).toEqual([]);
  });

  it("outside production make a data key once, for our eyes only, and say so", async () => {
    const first = load();
    const path = join(dataDir, "data-key");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(first.dataKey.toString("base64")).toBe((await readFile(path, "utf8")).trim());
    expect(first.warnings.join()).toContain("made just now");
    const second = load();
    expect(second.dataKey).toEqual(first.dataKey);
    expect(second.warnings.join()).not.toContain("made just now");
  });

  it("refuse a data key's file that holds something else", async () => {
    await writeFile(join(dataDir, "data-key"), "garbage\n");
    expect(namesOf({})).toEqual(["DATA_KEY"]);
    await chmod(dataDir, 0o755);
  });

  it("read a trial's start in Asia/Kolkata unless it names its offset", () => {
    expect(load({ CLOCK_START: "2026-12-01T10:00" }).clockStartMs).toBe(Date.parse("2026-12-01T10:00:00+05:30"));
    expect(load({ CLOCK_START: "2026-12-01T10:00Z" }).clockStartMs).toBe(Date.parse("2026-12-01T10:00:00Z"));
  });

  it("never show a secret in a problem", () => {
    const secrets = { DATABASE_URL: "mysql://u:hunter2@h", DATA_KEY: "hunter2", API_KEY: "hunter2 x", TWILIO_AUTH_TOKEN: "hunter2", DEEPGRAM_API_KEY: "hunter", OPENAI_API_KEY: "hunter2", ELEVENLABS_API_KEY: "hunter2", REDIS_URL: "x://:hunter2@h" };
    expect(JSON.stringify(problemsOf(secrets))).not.toContain("hunter");
  });

  it("hand the log every value that must not be shown, passwords in URLs among them", () => {
    const { secrets } = load({ ...real, DATABASE_URL: "postgres://u:hunter2@h/d" });
    for (const secret of [real.TWILIO_AUTH_TOKEN, real.DEEPGRAM_API_KEY, real.OPENAI_API_KEY, real.ELEVENLABS_API_KEY, dataKey, "hunter2"]) expect(secrets).toContain(secret);
  });

  it("point out names that are probably misspelt", () => {
    expect(load({ CALLS_PER_SECONDS: "5" }).warnings).toContain("CALLS_PER_SECONDS is set but is no setting of this service");
  });

  it("cannot be changed afterwards", () => {
    const config = load(real);
    expect(Object.isFrozen(config) && Object.isFrozen(config.prices) && Object.isFrozen(config.vendors)).toBe(true);
  });

  it("reserve at least what the carrier and the voice of a talkative minute cost", () => {
    const { prices } = load();
    expect(prices.worstCasePerMinutePaise).toBeGreaterThan(prices.carrierPerMinutePaise + prices.transcriberPerMinutePaise + prices.voicePerThousandCharactersPaise);
  });

  it("derive the media address from the public one", () => {
    expect(mediaUrl("https://dialer.example")).toBe("wss://dialer.example/media");
    expect(mediaUrl("http://127.0.0.1:3000")).toBe("ws://127.0.0.1:3000/media");
  });

  it("are all in .env.example, and no others", async () => {
    const example = await readFile(new URL("../../.env.example", import.meta.url), "utf8");
    const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(named).toEqual(Object.keys(variables));
  });
});
