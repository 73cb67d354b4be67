import { bad, type RestRefusal } from "./carrier-refusal.ts";
import { parseTwiml, type TwimlDocument } from "./twiml-document.ts";

/** A request's form as it came: a field given more than once is an array. */
export type Form = Readonly<Record<string, string | string[]>>;

export interface Callback {
  url: string;
  method: "GET" | "POST";
}

export interface RecordingOrder {
  channels: 1 | 2;
  callback: Callback | undefined;
  events: ReadonlySet<string>;
}

/** A create request, understood. */
export interface CallOrder {
  to: string;
  from: string;
  program: { kind: "inline"; document: TwimlDocument } | { kind: "fetch"; callback: Callback };
  fallback: Callback | undefined;
  status: Callback | undefined;
  statusEvents: ReadonlySet<string>;
  ringTimeoutMs: number;
  timeLimitMs: number;
  detection: { mode: "Enable" | "DetectMessageEnd"; async: boolean; callback: Callback | undefined; timeoutMs: number } | undefined;
  recording: RecordingOrder | undefined;
}

const known: ReadonlySet<string> = new Set(
  ("To From Url Method Twiml ApplicationSid FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod StatusCallbackEvent Timeout TimeLimit SendDigits " +
    "MachineDetection MachineDetectionTimeout MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout AsyncAmd " +
    "AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Record RecordingChannels RecordingTrack RecordingStatusCallback RecordingStatusCallbackMethod " +
    "RecordingStatusCallbackEvent RecordingConfigurationId Trim CallerId CallReason CallToken Byoc SipAuthUsername SipAuthPassword ClientNotificationUrl Passports").split(" "),
);
const longestTwiml = 4_000;
const numberPattern = /^\+[1-9]\d{6,14}$/;

export const one = (form: Form, name: string): string | undefined => {
  const value = form[name];
  const text = Array.isArray(value) ? value.at(-1) : value;
  return text === undefined || text === "" ? undefined : text;
};
export const many = (form: Form, name: string): readonly string[] => {
  const value = form[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
};

export type Reading<T> = { ok: true; value: T; warnings: readonly string[] } | { ok: false; refusal: RestRefusal };

/** Reads and checks a create request as the carrier does (its published error codes); the first fault is the answer. */
export function readCallOrder(form: Form): Reading<CallOrder> {
  const refuse = (code: number, message: string): Reading<CallOrder> => ({ ok: false, refusal: bad(code, message) });
  const warnings = Object.keys(form).filter((name) => !known.has(name)).map((name) => `unknown parameter ${name}`);
  const [to, from] = [one(form, "To"), one(form, "From")];
  if (to === undefined) return refuse(21201, "No 'To' number is specified");
  if (!numberPattern.test(to)) return refuse(21211, `The phone number you are attempting to call, ${to}, is not valid.`);
  if (from === undefined) return refuse(21213, "No 'From' number is specified");
  if (!numberPattern.test(from)) return refuse(21212, `The phone number you provided, ${from}, is not a valid caller number.`);

  const program = readProgram(form, warnings);
  if ("code" in program) return { ok: false, refusal: program };
  for (const name of ["Url", "FallbackUrl", "StatusCallback", "AsyncAmdStatusCallback", "RecordingStatusCallback"]) {
    const url = one(form, name);
    if (url !== undefined && !isWebAddress(url)) return refuse(21205, `${name} is not a valid URL: ${url}`);
  }
  for (const name of ["Method", "FallbackMethod", "StatusCallbackMethod", "AsyncAmdStatusCallbackMethod", "RecordingStatusCallbackMethod"]) {
    if (!/^(?:GET|POST)$/i.test(one(form, name) ?? "POST")) return refuse(21209, `${name} must be GET or POST`);
  }
  const events = many(form, "StatusCallbackEvent");
  if (events.some((event) => !["initiated", "ringing", "answered", "completed"].includes(event))) return refuse(21626, `Invalid status callback events: ${events.join(" ")}`);
  const ringSeconds = wholeNumber(form, "Timeout", 60, 1, 600);
  if (ringSeconds === undefined) return refuse(21208, "Timeout must be 1 to 600 seconds");
  const limitSeconds = wholeNumber(form, "TimeLimit", 14_400, 1, 86_400);
  if (limitSeconds === undefined) return refuse(20001, "TimeLimit must be 1 to 86400 seconds");
  const mode = one(form, "MachineDetection");
  if (mode !== undefined && mode !== "Enable" && mode !== "DetectMessageEnd") return refuse(21234, `MachineDetection ${mode} is not valid`);
  const asyncAmd = one(form, "AsyncAmd") ?? "false";
  if (asyncAmd !== "true" && asyncAmd !== "false") return refuse(21234, `AsyncAmd ${asyncAmd} is not valid`);
  const amdSeconds = wholeNumber(form, "MachineDetectionTimeout", 30, 3, 59);
  if (amdSeconds === undefined) return refuse(21234, "MachineDetectionTimeout must be 3 to 59 seconds");

  const order: CallOrder = {
    to,
    from,
    program,
    fallback: callback(form, "FallbackUrl", "FallbackMethod"),
    status: callback(form, "StatusCallback", "StatusCallbackMethod"),
    statusEvents: new Set(events.length === 0 ? ["completed"] : events),
    ringTimeoutMs: ringSeconds * 1_000,
    timeLimitMs: limitSeconds * 1_000,
    detection:
      mode === undefined || one(form, "SendDigits") !== undefined
        ? undefined
        : { mode, async: asyncAmd === "true", callback: callback(form, "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod"), timeoutMs: amdSeconds * 1_000 },
    recording: one(form, "Record") === "true" ? readRecordingOrder(form) : undefined,
  };
  return { ok: true, value: order, warnings };
}

/** The recording parameters of a create request, a REST recording request or a `<Recording>` verb (its attributes capitalised). */
export function readRecordingOrder(form: Form): RecordingOrder {
  const events = many(form, "RecordingStatusCallbackEvent").flatMap((event) => event.split(/\s+/));
  return {
    channels: one(form, "RecordingChannels") === "dual" ? 2 : 1,
    callback: callback(form, "RecordingStatusCallback", "RecordingStatusCallbackMethod"),
    events: new Set(events.length === 0 ? ["completed"] : events),
  };
}

function readProgram(form: Form, warnings: string[]): CallOrder["program"] | RestRefusal {
  const twiml = one(form, "Twiml");
  if (twiml !== undefined) {
    if (twiml.length > longestTwiml) return bad(21624, `Twiml is longer than ${longestTwiml} characters`);
    const reading = parseTwiml(twiml);
    warnings.push(...reading.faults);
    return reading.document ? { kind: "inline", document: reading.document } : bad(12100, `Twiml is not a valid document: ${reading.faults.join("; ")}`);
  }
  const fetched = callback(form, "Url", "Method");
  return fetched ? { kind: "fetch", callback: fetched } : bad(21205, "Url parameter is required");
}

export function callback(form: Form, urlName: string, methodName: string): Callback | undefined {
  const url = one(form, urlName);
  return url === undefined ? undefined : { url, method: one(form, methodName)?.toUpperCase() === "GET" ? "GET" : "POST" };
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && !new URL(url).hostname.includes("_");
}

function wholeNumber(form: Form, name: string, otherwise: number, from: number, to: number): number | undefined {
  const text = one(form, name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  return Number.isInteger(value) && value >= from && value <= to ? value : undefined;
}
