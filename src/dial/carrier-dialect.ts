import type { CallFact } from "../domain/call-fact.ts";
import type { AnswerPlan } from "./ports.ts";

/** Pages on which a carrier tells what happened. */
export const factPages = ["status", "amd", "recording"] as const;
export type FactPage = (typeof factPages)[number];

/** Pages on which a carrier asks what to do next; the callee hears how long the answer takes. */
export const questionPages = ["consent", "resume", "fallback"] as const;
export type QuestionPage = (typeof questionPages)[number];

/** A request of the carrier, as it arrived. */
export interface CarrierRequest {
  /** Path and query exactly as they arrived. */
  originalUrl: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The decoded form; no key twice. */
  form: Readonly<Record<string, string>>;
}

/** What a carrier says when it asks what to do. */
export interface CarrierVisit {
  callSid: string;
  /** What the person said or pressed, where it was asked. */
  speech: string | null;
  digits: string | null;
}

/**
 * How one carrier writes its callbacks: the door in `http/carrier-webhooks` speaks HTTP, this reads and writes the
 * carrier's own words. Pure.
 */
export interface CarrierDialect {
  /** Path under which every callback comes in, "/twilio". */
  path: string;
  /** Whether the carrier itself sent this, by its signature over the public address. */
  isGenuine(request: CarrierRequest): boolean;
  /** The fact a form tells; "nothing" for news we do not use, undefined for a form that makes no sense. */
  readFact(page: FactPage, form: CarrierRequest["form"], receivedAtMs: number): CallFact | "nothing" | undefined;
  readVisit(form: CarrierRequest["form"]): CarrierVisit | undefined;
  /** The document that carries out a plan. */
  answer(plan: AnswerPlan, token: string): { contentType: string; body: string };
}
