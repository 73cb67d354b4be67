import { STATUS_CODES } from "node:http";
import type { Response } from "express";
import type { FieldProblem } from "../domain/errors.ts";
import { Refusal } from "../domain/errors.ts";
import { requestIdOf } from "./request-id.ts";

/** An RFC 9457 problem document. `code` is stable; `detail` is for people. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  retryable: boolean;
  errors?: readonly FieldProblem[];
  extra?: Readonly<Record<string, unknown>>;
}

export const problemMediaType = "application/problem+json";

/** The document of a refusal; anything else is our fault and tells nothing but that. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) {
    const { status, code, message, retryable, errors, extra } = error;
    return { status, code, detail: message, retryable, ...(errors.length > 0 ? { errors } : {}), extra };
  }
  return { status: 500, code: "internal_error", detail: "something went wrong on our side; the request id helps to find it", retryable: true };
}

/** The document as sent; `requestId` names the line in our log. */
export function problemBody(problem: Problem, requestId: string): Record<string, unknown> {
  const { status, code, detail, retryable, errors, extra } = problem;
  return {
    ...extra,
    type: `urn:problem:${code}`,
    title: STATUS_CODES[status] ?? "Problem",
    status,
    code,
    detail,
    retryable,
    instance: `urn:request:${requestId}`,
    ...(errors ? { errors } : {}),
  };
}

/** Sends the document; a 429 or 503 also tells when to come back. */
export function sendProblem(response: Response, problem: Problem): void {
  const retryAfter = problem.extra?.["retry_after_seconds"];
  if (typeof retryAfter === "number") response.setHeader("Retry-After", String(retryAfter));
  else if (problem.status === 503) response.setHeader("Retry-After", "5");
  if (problem.status === 401) response.setHeader("WWW-Authenticate", "Bearer");
  response.status(problem.status).setHeader("Content-Type", problemMediaType);
  response.end(JSON.stringify(problemBody(problem, requestIdOf(response))));
}
