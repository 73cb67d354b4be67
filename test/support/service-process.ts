import { type ChildProcess, spawn } from "node:child_process";
import { freePort } from "./free-port.ts";

const program = new URL("../../src/main.ts", import.meta.url).pathname;

/** The service as operators run it: a process of its own, reached over its port and by signals. */
export interface ServiceProcess {
  origin: string;
  child: ChildProcess;
  apiKey: string;
  /** Sends a request with the account's key; objects go as JSON, texts as CSV. */
  ask(method: string, path: string, body?: unknown): Promise<Response>;
  /** Resolves with the exit code when the process is gone. */
  gone: Promise<number | null>;
}

export interface ServiceProcessOptions {
  databaseUrl: string;
  /** The phone world that stands in for every vendor, and its carrier account. */
  vendorsOrigin: string;
  accountSid: string;
  authToken: string;
  fromNumber: string;
  /** Where its clock starts, epoch milliseconds. */
  startMs: number;
  dataDir: string;
  environment?: Readonly<Record<string, string>>;
}

const apiKey = "a-key-for-processes-of-no-other-use";

/** Starts one and resolves when it takes work. The caller ends it. */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { vendorsOrigin } = options;
  const child = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env["PATH"],
      PORT: String(port),
      PUBLIC_URL: origin,
      DATA_DIR: options.dataDir,
      DATABASE_URL: options.databaseUrl,
      API_KEY: apiKey,
      TWILIO_ACCOUNT_SID: options.accountSid,
      TWILIO_AUTH_TOKEN: options.authToken,
      TWILIO_FROM_NUMBERS: options.fromNumber,
      TWILIO_API_BASE_URL: vendorsOrigin,
      DEEPGRAM_API_KEY: "phone-world",
      DEEPGRAM_BASE_URL: vendorsOrigin,
      ELEVENLABS_API_KEY: "phone-world",
      ELEVENLABS_BASE_URL: vendorsOrigin,
      OPENAI_API_KEY: "phone-world",
      OPENAI_BASE_URL: `${vendorsOrigin}/v1`,
      CLOCK_START: new Date(options.startMs).toISOString(),
      LOG_LEVEL: "info",
      ACKNOWLEDGE: "foreign_caller_number,no_sender_registration,no_a2p_declaration,no_series_for_sector,consent_basis_not_recorded",
      ...options.environment,
    },
  });
  const gone = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  await started(child);
  return {
    origin,
    child,
    apiKey,
    gone,
    ask: (method, path, body) =>
      fetch(origin + path, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { "content-type": typeof body === "string" ? "text/csv" : "application/json" }) },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
  };
}

/** Resolves when the process has logged that it takes work. */
function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`expected the service to start, but it ended with code ${code}`)));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes('"service started"')) resolve();
    });
  });
}
