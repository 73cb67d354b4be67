import { performance } from "node:perf_hooks";
import type { Request, RequestHandler, Response } from "express";
import type { Db } from "../db/database.ts";
import { type Clock, pause } from "../domain/clock.ts";
import { Refusal } from "../domain/errors.ts";
import type { Log } from "../domain/log.ts";
import type { Random } from "../domain/random.ts";
import type { Vault } from "../domain/vault.ts";
import { writeAudit } from "./audit-log.ts";
import { authenticate, type Caller, requireScope } from "./auth/authenticate.ts";
import type { FailedLogins } from "./auth/failed-logins.ts";
import { type RateLimit, takeRequest } from "./auth/rate-limit.ts";
import { answerOnce, keptOf, sendKept, wholeHash } from "./answer-once.ts";
import { startIdempotent } from "./idempotency.ts";
import { discardRest } from "./lingering-close.ts";
import { problemOf, sendProblem } from "./problem.ts";
import { type BodyLimits, type ReadBody, readBody } from "./read-body.ts";
import { readQuery } from "./read-query.ts";
import { type Reply, sendEvents, sendFile } from "./reply.ts";
import { requestIdOf } from "./request-id.ts";
import type { Route } from "./route.ts";

/** What every door of the operator API needs. */
export interface DoorDeps {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
  vault: Vault;
  rateLimit: RateLimit;
  bodyLimits: BodyLimits;
  failedLogins: FailedLogins;
  observe(answered: { method: string; route: string; status: number; seconds: number }): void;
}

/**
 * One route as an express handler. In order: who asks (401), whether the key may (403), how often (429), what came (400,
 * 413, 415, 422), whether it came before (replay), the use case, the audit entry, the answer.
 */
export function serveRoute(deps: DoorDeps, route: Route): RequestHandler {
  return async (request, response) => {
    const requestId = requestIdOf(response);
    const startedMs = performance.now();
    response.once("close", () => {
      const seconds = (performance.now() - startedMs) / 1_000;
      deps.observe({ method: route.method, route: route.path, status: response.statusCode, seconds });
      deps.log.debug("answered a request", { requestId, method: route.method, route: route.path, status: response.statusCode, ms: Math.round(seconds * 1_000) });
    });
    try {
      const caller = await admit(deps, route, request);
      await answer(deps, route, request, response, { caller, requestId });
    } catch (error) {
      fail(deps, route, response, { error, requestId });
      discardRest(request, deps.clock);
    }
  };
}

async function admit(deps: DoorDeps, route: Route, request: Request): Promise<Caller> {
  const caller = await authenticate(deps, request.get("authorization")).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "invalid_key") deps.failedLogins.note(request.ip ?? "");
    throw error;
  });
  requireScope(caller, route.scope);
  await takeRequest(deps, { key: `key ${caller.apiKeyId}`, limit: deps.rateLimit, changes: route.method !== "get" });
  return caller;
}

interface Admitted {
  caller: Caller;
  requestId: string;
}

async function answer(deps: DoorDeps, route: Route, request: Request, response: Response, admitted: Admitted): Promise<void> {
  const key = keyOf(route, request);
  const url = request.originalUrl;
  const body = await readBody(request, route.bodyKind, deps.bodyLimits);
  const acting = { ...admitted, body };
  if (key === undefined) {
    const reply = await act(route, request, response, acting);
    await audit(deps, route, request, { ...acting, reply });
    return send(response, reply);
  }
  const start = await startIdempotent(deps, { accountId: admitted.caller.accountId, key, route: `${request.method} ${url}` });
  if (start.kind === "answered") {
    const kept = await start.replay(await wholeHash(body, deps.bodyLimits.maxListBytes));
    response.setHeader("Idempotent-Replayed", "true");
    return sendKept(response, kept);
  }
  const kept = await answerOnce({
    start,
    requestId: admitted.requestId,
    hash: () => wholeHash(body, deps.bodyLimits.maxListBytes),
    isGone: () => response.destroyed,
    act: () => act(route, request, response, acting),
    afterwards: (reply) => audit(deps, route, request, { ...acting, reply }),
  });
  return sendKept(response, kept);
}

interface Acting extends Admitted {
  body: ReadBody;
}

async function act(route: Route, request: Request, response: Response, { caller, body }: Acting): Promise<Reply> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  // Whoever left before that was listened for is gone too.
  if (response.destroyed) gone.abort();
  return route.run({ caller, params: request.params, query: readQuery(request.originalUrl), body, requestKey: keyOf(route, request), signal: gone.signal });
}

const auditAgainMs = [100, 1_000] as const;

/**
 * Writes what was done into the audit log. It is done by then, so a caller is never told that it failed: that would have it done
 * again. An entry that cannot be written stands in the service's log, whole.
 */
async function audit(deps: DoorDeps, route: Route, request: Request, { caller, requestId, reply }: Acting & { reply: Reply }): Promise<void> {
  if (!route.audit) return;
  const { accountId, apiKeyId } = caller;
  const subjectId = subjectOf(route.audit.subject, request.params, reply);
  const entry = { accountId, apiKeyId, at: new Date(deps.clock.nowMs()), action: route.audit.action, subjectId, detail: { request_id: requestId } };
  for (const againMs of [...auditAgainMs, null]) {
    try {
      return await writeAudit(deps.db, entry);
    } catch (error) {
      if (againMs === null) return deps.log.error("an audit entry could not be written", { ...entry, error });
      await pause(deps.clock, againMs);
    }
  }
}

function keyOf(route: Route, request: Request): string | undefined {
  return route.method === "post" ? request.get("idempotency-key") : undefined;
}

function subjectOf(name: string | undefined, params: Request["params"], reply: Reply): string | null {
  if (name === undefined) return null;
  const body = reply.kind === "json" ? reply.body : undefined;
  const found = params[name] ?? (typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined);
  return typeof found === "string" ? found : null;
}

async function send(response: Response, reply: Reply): Promise<void> {
  switch (reply.kind) {
    case "json":
    case "empty":
      return sendKept(response, keptOf(reply));
    case "file":
      return sendFile(response, reply);
    case "events":
      return sendEvents(response, reply.events);
  }
}

/** An answer that has begun can only be broken off: the reader then sees that it is not whole. */
function fail(deps: DoorDeps, route: Route, response: Response, failed: { error: unknown; requestId: string }): void {
  const problem = problemOf(failed.error);
  // A download that fails destroys its response: only a caller who left needs no word in the log.
  if (problem.status >= 500 && !(response.destroyed && isDeparture(failed.error))) deps.log.error("a request failed", { requestId: failed.requestId, method: route.method, route: route.path, error: failed.error });
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.removeHeader("Content-Disposition");
  sendProblem(response, problem);
}

const departures: ReadonlySet<unknown> = new Set(["ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED", "ECONNRESET", "EPIPE", "ABORT_ERR"]);

/** Whether the error says no more than that the caller has closed the connection. */
function isDeparture(error: unknown): boolean {
  return error instanceof Error && "code" in error && departures.has(error.code);
}
