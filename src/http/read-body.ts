import { createHash } from "node:crypto";
import type { Request } from "express";
import { Refusal } from "../domain/errors.ts";
import { multipartFile, type SentFile } from "./multipart-file.ts";
import { type Parameters, readParameters } from "./read-query.ts";

/** What a route takes as its body. */
export type BodyKind = "none" | "json" | "list" | "list_or_json";

/** A body on its way in. `hash` is known once it has been read to its end. */
export type ReadBody =
  | { kind: "none"; hash: () => string }
  | { kind: "json"; value: unknown; hash: () => string }
  /** `fields` stood beside the file in a form. */
  | { kind: "list"; source: AsyncIterable<Uint8Array>; fields: Parameters; hash: () => string };

export interface BodyLimits {
  /** Bytes of a JSON body. */
  maxJsonBytes: number;
  /** Bytes of a list; the reader of the list refuses what is beyond. */
  maxListBytes: number;
}

const maxDepth = 32;

/**
 * Opens the body as the route takes it. JSON is read whole; a list (`text/csv`, or a file in `multipart/form-data`) streams.
 * Refuses 415 `unsupported_media_type`, 413 `body_too_large`, 400 `bad_json`, 400 `bad_multipart`.
 */
export async function readBody(request: Request, kind: BodyKind, limits: BodyLimits): Promise<ReadBody> {
  const type = mediaType(request);
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") throw unsupported("a body without content-encoding", encoding);
  if (kind === "none" || (type === "" && !hasBody(request))) {
    await drain(request, limits.maxJsonBytes);
    return { kind: "none", hash: () => hashOf([]) };
  }
  const takesList = kind === "list" || kind === "list_or_json";
  if (takesList && (type === "text/csv" || type === "text/plain" || type === "text/tab-separated-values" || type === "application/csv")) return listBody({ source: request, fields: [] });
  if (takesList && type === "multipart/form-data") return listBody(await multipartFile(request, limits.maxListBytes));
  if (kind !== "list" && type === "application/json") return jsonBody(request, limits.maxJsonBytes);
  throw unsupported(kind === "list" ? "text/csv or multipart/form-data" : kind === "json" ? "application/json" : "text/csv, multipart/form-data or application/json", type || "none");
}

async function jsonBody(request: Request, maxBytes: number): Promise<ReadBody> {
  const bytes = await drain(request, maxBytes);
  const hash = hashOf([bytes]);
  // Many clients name a type whether or not they send anything.
  if (bytes.length === 0) return { kind: "none", hash: () => hash };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Refusal(400, "bad_json", `expected a JSON body: ${error instanceof Error ? error.message.slice(0, 200) : "not readable"}`);
  }
  refuseUnstorable(value);
  return { kind: "json", value, hash: () => hash };
}

/** Leaving a loop over the source early does not close it: what was not read can still be read, and hashed, afterwards. */
function listBody({ source, fields }: SentFile): ReadBody {
  const digest = createHash("sha256");
  if (fields.length > 0) digest.update(JSON.stringify(fields));
  const reading = source[Symbol.asyncIterator]();
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    const result = await reading.next();
    if (!result.done) digest.update(result.value);
    return result;
  };
  let known: string | undefined;
  return { kind: "list", fields: readParameters(fields), source: { [Symbol.asyncIterator]: () => ({ next }) }, hash: () => (known ??= digest.digest("hex")) };
}

async function drain(request: Request, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop must not destroy the request: its answer is still to be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Refusal(413, "body_too_large", `expected at most ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Nesting without end would exhaust the stack of whoever walks it; NUL and half characters can be stored nowhere. */
function refuseUnstorable(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw new Refusal(400, "bad_json", `expected JSON of at most ${maxDepth} levels`);
    if (level.some((each) => typeof each === "string" && (each.includes("\0") || !each.isWellFormed()))) {
      throw new Refusal(400, "bad_json", "expected texts of whole characters, got a NUL or one half of a surrogate pair");
    }
    level = level.flatMap(partsOf);
  }
}

/** The elements of an array; the keys and values of an object. */
function partsOf(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value) ? value : Object.entries(value).flat();
}

function mediaType(request: Request): string {
  return (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

function hasBody(request: Request): boolean {
  return request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0;
}

function unsupported(expected: string, got: string): Refusal {
  return new Refusal(415, "unsupported_media_type", `expected ${expected}, got ${got.slice(0, 80)}`);
}

function hashOf(parts: readonly Uint8Array[]): string {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest("hex");
}
