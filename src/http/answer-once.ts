import type { Response } from "express";
import type { IdempotentStart, KeptAnswer } from "./idempotency.ts";
import { problemBody, problemMediaType, problemOf } from "./problem.ts";
import type { ReadBody } from "./read-body.ts";
import type { Reply } from "./reply.ts";

/** Refusals of the request as such: it never reached the use case whole, so there is nothing to keep. */
const notKept: ReadonlySet<number> = new Set([400, 413, 415]);

export interface Once {
  start: Extract<IdempotentStart, { kind: "first" }>;
  requestId: string;
  /** The hash of all that was sent. */
  hash(): Promise<string>;
  /** Whether the caller has left. */
  isGone(): boolean;
  act(): Promise<Reply>;
  /** What is done when it is done and its answer is kept. */
  afterwards(reply: Reply): Promise<void>;
}

/** Acts and keeps the answer under the key; what may be tried again with success is not kept. */
export async function answerOnce(once: Once): Promise<KeptAnswer> {
  let reply: Reply;
  let kept: KeptAnswer;
  try {
    reply = await once.act();
    kept = keptOf(reply);
    await once.start.keep(kept, await once.hash());
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500 || problem.retryable || notKept.has(problem.status) || once.isGone()) {
      await once.start.release();
      throw error;
    }
    const refused = { status: problem.status, contentType: problemMediaType, body: JSON.stringify(problemBody(problem, once.requestId)) };
    // What was left unread may turn out broken only now: then nobody can ever send the same again.
    const hash = await once.hash().catch(async (broken: unknown) => {
      await once.start.release();
      throw broken;
    });
    await once.start.keep(refused, hash);
    return refused;
  }
  await once.afterwards(reply);
  return kept;
}

/** The hash of all that was sent: what the use case did not read is read now. */
export async function wholeHash(body: ReadBody, maxBytes: number): Promise<string> {
  let bytes = 0;
  if (body.kind === "list") {
    for await (const chunk of body.source) {
      bytes += chunk.length;
      if (bytes > maxBytes) break;
    }
  }
  return body.hash();
}

/** A reply as it is kept under a key and sent again. */
export function keptOf(reply: Reply): KeptAnswer {
  if (reply.kind === "empty") return { status: reply.status, contentType: "", body: "" };
  if (reply.kind === "json") return { status: reply.status, contentType: "application/json; charset=utf-8", body: JSON.stringify(reply.body) };
  throw new Error("expected a POST to answer with JSON or nothing");
}

export function sendKept(response: Response, kept: KeptAnswer): void {
  response.status(kept.status);
  if (kept.contentType !== "") response.setHeader("Content-Type", kept.contentType);
  response.end(kept.body);
}
