import express, { type NextFunction, type Request, type Response, Router } from "express";
import { type CarrierDialect, type CarrierRequest, type CarrierVisit, type FactPage, factPages, type QuestionPage, questionPages } from "../dial/carrier-dialect.ts";
import type { FactIntake } from "../dial/fact-intake.ts";
import type { AnswerPlan } from "../dial/ports.ts";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";

export interface CarrierWebhookDeps {
  dialect: CarrierDialect;
  clock: Clock;
  log: Log;
  intake: Pick<FactIntake, "receive">;
  recordConsentAnswer(input: CarrierVisit & { token: string }): Promise<AnswerPlan>;
  resumeCall(input: { token: string; callSid: string }): Promise<AnswerPlan>;
  /** How long a fact may take to be stored before the carrier is told to try again; default 150 ms. */
  ackDeadlineMs?: number;
}

const defaultAckDeadlineMs = 150;
const bodyLimit = "64kb";
const maxFields = 200;
const tokenPattern = /^[\w-]{16,64}$/;
const hangUp: AnswerPlan = { kind: "hang_up", farewell: null };

/**
 * The carrier's door. Every request is a signed POST with the attempt's token in its query; anything else is answered 403
 * and changes nothing. A fact is answered 204 only once it is stored; when that takes longer than the deadline the
 * answer is 503 and the carrier, whose callback addresses ask for retries, sends it again: the same fact twice is one row.
 * So the answer is always quick and a 204 is always true. Questions are answered with the carrier's document.
 */
export function carrierWebhooks(deps: CarrierWebhookDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(deps.dialect.path, express.text({ type: "application/x-www-form-urlencoded", limit: bodyLimit }));
  for (const page of factPages) router.post(`${deps.dialect.path}/${page}`, (request, response) => takeFact(deps, page, request, response));
  for (const page of questionPages) router.post(`${deps.dialect.path}/${page}`, (request, response) => answerQuestion(deps, page, request, response));
  router.use(deps.dialect.path, (_request, response) => void response.status(404).end());
  router.use(deps.dialect.path, (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const status: unknown = error instanceof Error ? Reflect.get(error, "status") : undefined;
    if (typeof status === "number" && status < 500) return void response.status(status).end();
    deps.log.error("a carrier webhook failed", { error });
    response.status(503).end();
  });
  return router;
}

async function takeFact(deps: CarrierWebhookDeps, page: FactPage, request: Request, response: Response): Promise<void> {
  const genuine = genuineRequest(deps.dialect, request);
  if (!genuine) return refuse(deps, page, response);
  const fact = deps.dialect.readFact(page, genuine.form, deps.clock.nowMs());
  if (fact === undefined) return refuse(deps, page, response);
  if (fact === "nothing") return void response.status(204).end();
  const stored = await withinDeadline(deps.intake.receive({ token: genuine.token, fact }), deps.ackDeadlineMs ?? defaultAckDeadlineMs, (error) =>
    deps.log.warn("a carrier fact could not be stored; the carrier sends it again", { page, error }),
  );
  response.status(stored ? 204 : 503).end();
}

async function answerQuestion(deps: CarrierWebhookDeps, page: QuestionPage, request: Request, response: Response): Promise<void> {
  const genuine = genuineRequest(deps.dialect, request);
  const visit = genuine && deps.dialect.readVisit(genuine.form);
  if (!genuine || !visit) return refuse(deps, page, response);
  const plan = await planFor(deps, page, genuine.token, visit);
  const document = deps.dialect.answer(plan, genuine.token);
  response.status(200).set("Content-Type", document.contentType).send(document.body);
}

/** The fallback is asked when a question or its document failed: one more try to go on, then the call ends rather than stay silent. */
async function planFor(deps: CarrierWebhookDeps, page: QuestionPage, token: string, visit: CarrierVisit): Promise<AnswerPlan> {
  switch (page) {
    case "consent":
      return deps.recordConsentAnswer({ ...visit, token });
    case "resume":
      return deps.resumeCall({ token, callSid: visit.callSid });
    case "fallback":
      try {
        return await deps.resumeCall({ token, callSid: visit.callSid });
      } catch (error) {
        deps.log.error("a call could not go on and is ended", { callSid: visit.callSid, error });
        return hangUp;
      }
  }
}

/** The request, when the carrier signed it, with its token; undefined otherwise. */
function genuineRequest(dialect: CarrierDialect, request: Request): (CarrierRequest & { token: string }) | undefined {
  const form = readForm(request.body);
  const token = onlyToken(request.originalUrl);
  if (!form || token === undefined || !tokenPattern.test(token)) return undefined;
  const signed = { originalUrl: request.originalUrl, headers: request.headers, form };
  return dialect.isGenuine(signed) ? { ...signed, token } : undefined;
}

/** A form in which no name stands twice: the signature does not say which of two values was meant. */
function readForm(body: unknown): Record<string, string> | undefined {
  if (typeof body !== "string") return undefined;
  const fields = [...new URLSearchParams(body)];
  const names = new Set(fields.map(([name]) => name));
  return fields.length <= maxFields && names.size === fields.length ? Object.fromEntries(fields) : undefined;
}

function refuse(deps: CarrierWebhookDeps, page: string, response: Response): void {
  deps.log.warn("refused a request to the carrier's door", { page });
  response.status(403).end();
}

/** Whether the promise fulfilled in time. One that is late goes on; its failure is told, not lost. */
async function withinDeadline(work: Promise<void>, deadlineMs: number, onFailure: (error: unknown) => void): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs);
  });
  const done = work.then(
    () => true,
    (error: unknown) => {
      onFailure(error);
      return false;
    },
  );
  const inTime = await Promise.race([done, late]);
  clearTimeout(timer);
  return inTime;
}

/** The token in the address; undefined when it is there twice, because then nobody knows which is meant. */
function onlyToken(originalUrl: string): string | undefined {
  const at = originalUrl.indexOf("?");
  const tokens = at === -1 ? [] : new URLSearchParams(originalUrl.slice(at + 1)).getAll("t");
  return tokens.length === 1 ? tokens[0] : undefined;
}
