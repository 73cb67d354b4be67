import type { LogFields } from "../../domain/log.ts";

/** Fields that are personal or secret by name, whatever they hold; compared without case, dashes and underscores. */
const hiddenFields = new Set([
  "phone", "name", "text", "number", "to", "from", "transcript", "variables", "body", "headers", "payload",
  "authorization", "cookie", "setcookie", "password", "secret", "token", "apikey", "authtoken", "datakey", "rootkey", "signature",
  "connectionstring", "databaseurl", "redisurl",
]);

const hidden = "[hidden]";
const maxDepth = 6;
const maxItems = 100;
const maxText = 2_000;

/** Shapes of secrets: bearer and basic credentials, passwords in URLs, vendors' keys, tokens in query strings, private keys. */
const secretShapes: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, hidden],
  [/\b(bearer|basic|token)\s+[A-Za-z0-9+/=._~-]{8,}/gi, `$1 ${hidden}`],
  [/([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s:/@]{0,200}:[^\s@]{1,500}@/gi, `$1${hidden}@`],
  [/([?&](?:t|token|key|api_key|apikey|signature|sig|password|secret|access_token)=)[^&\s"'#]{1,2000}/gi, `$1${hidden}`],
  [/\b((?:[a-z]{1,20}_){0,3}(?:password|secret|passwd|pwd|api[_-]?key|auth[_-]?token|data[_-]?key|access[_-]?token)["']?\s{0,4}[=:]\s{0,4}["']?)[^\s"',;}]{4,}/gi, `$1${hidden}`],
  [/\b(?:sk|pk|rk|whsec|xoxb|xoxp|ghp|gho|ghs|github_pat|glpat|vd|xi|dg)[-_][A-Za-z0-9+/=_-]{10,}/g, hidden],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, hidden],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g, hidden],
  [/\b(?:[0-9a-f]{32}|[0-9a-f]{40})\b/gi, hidden],
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/g, hidden],
];

/** Indian numbers as people write them, and any number written with a plus. */
const numberShapes: readonly RegExp[] = [
  /(?<![\w+.])\+\d(?:[\s().-]{0,2}\d){6,14}(?!\d)/g,
  /(?<![\w.])(?<![0-9a-f]{4}-)(?:(?:00|\+)?91[\s-]?|0)?[6-9]\d{2}(?:\d{2}[\s-]?\d{5}|\d[\s-]?\d{3}[\s-]?\d{3}|[\s-]\d{3}[\s-]\d{4})(?!\w)/g,
];

/** A text without phone numbers and without secrets. `secrets` are the values this process holds. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let clean = text.length > maxText ? `${text.slice(0, maxText)}…` : text;
  for (const secret of secrets) clean = clean.replaceAll(secret, hidden);
  for (const [shape, instead] of secretShapes) clean = clean.replace(shape, instead);
  for (const shape of numberShapes) clean = clean.replace(shape, "[phone]");
  return clean;
}

/** Fields as they may be written: personal and secret ones hidden, errors stripped, every text cleaned. */
export function redactFields(fields: LogFields, secrets: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [redactText(key, secrets), redactField(key, value, secrets, 0)]));
}

function redactField(key: string, value: unknown, secrets: readonly string[], depth: number): unknown {
  if (value === undefined || value === null) return value;
  if (hiddenFields.has(key.toLowerCase().replaceAll(/[-_]/g, ""))) return hidden;
  return redactValue(value, secrets, depth);
}

function redactValue(value: unknown, secrets: readonly string[], depth: number): unknown {
  if (depth > maxDepth) return "[deep]";
  switch (typeof value) {
    case "string":
      return redactText(value, secrets);
    case "number":
    case "bigint": {
      const text = String(value);
      return redactText(text, secrets) === text ? (typeof value === "bigint" ? text : value) : "[phone]";
    }
    case "boolean":
    case "undefined":
      return value;
    case "function":
    case "symbol":
      return `[${typeof value}]`;
    case "object":
      return value === null ? null : redactObject(value, secrets, depth);
  }
}

function redactObject(value: object, secrets: readonly string[], depth: number): unknown {
  if (value instanceof Error) return redactError(value, secrets, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => redactValue(item, secrets, depth + 1));
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  return Object.fromEntries(
    entries.slice(0, maxItems).map(([key, inner]) => [redactText(String(key), secrets), redactField(String(key), inner, secrets, depth + 1)]),
  );
}

/**
 * An error counts as sensitive: vendors hang the request, its headers and its data onto it, and Postgres and JSON.parse
 * quote the offending value. Kept are its kind, code, status and cleaned message, where it was thrown, and its cause.
 */
function redactError(error: Error, secrets: readonly string[], depth: number): Record<string, unknown> {
  const code = "code" in error ? error.code : undefined;
  const status = "status" in error ? error.status : undefined;
  const quotesItsInput = error instanceof SyntaxError || (typeof code === "string" && /^2[23][0-9A-Z]{3}$/.test(code));
  const message = quotesItsInput ? error.message.replaceAll(/(["'`])[\s\S]{0,2000}?\1/g, "$1…$1") : error.message;
  return {
    kind: error.name,
    ...(isPlainCode(code) ? { code } : {}),
    ...(isPlainCode(status) ? { status } : {}),
    message: redactText(message, secrets),
    at: placesOf(error).map((place) => redactText(place, secrets)),
    ...(error instanceof AggregateError ? { errors: error.errors.slice(0, 5).map((inner) => redactValue(inner, secrets, depth + 1)) } : {}),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, secrets, depth + 1) }),
  };
}

function isPlainCode(code: unknown): code is string | number {
  return typeof code === "number" || (typeof code === "string" && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$|^\d{2,5}[A-Z0-9]{0,3}$/.test(code));
}

/** The first frames of the stack; its head repeats the message and is left out. */
function placesOf(error: Error): string[] {
  return (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s{0,8}at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim().slice(3));
}
