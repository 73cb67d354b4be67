import type { DateTime } from "luxon";
import { istFromMs } from "../domain/clock.ts";
import type { Because, Verdict } from "../domain/verdict.ts";
import type { CampaignFacts, GateFacts } from "./facts.ts";
import { dayMs, istDateStartMs, istDateText, istDay } from "./ist-calendar.ts";
import { type CampaignRule, never, type Rule, type RuleVerdict } from "./rule.ts";
import { ruleBook } from "./rule-book.ts";

/** The rules that ask nothing of the person called. */
export const campaignRules: readonly CampaignRule[] = ruleBook.filter((rule): rule is CampaignRule => rule.about === "campaign");

/** What one rule said, for the evidence. */
export interface Finding {
  ruleId: string;
  says: "call" | "wait" | "never";
  code?: string;
  detail?: string;
  /** ISO 8601 with +05:30; a wait without it lasts until somebody lifts it. */
  until?: string;
}

export interface Judgement {
  verdict: Verdict;
  /** Whose matter a `wait` or `never` is: of the whole campaign (every other contact would meet it too) or of this person; null for `call`. */
  concerns: "campaign" | "contact" | null;
  /** What every rule in force said at `now`. */
  findings: readonly Finding[];
}

/** A call that can be placed at no instant of this span is never placed. */
export const horizonDays = 400;

/**
 * May this call start now? `never` beats `wait`; of several waits the latest counts, and it is followed on: the rules are
 * asked again at that instant until none of them waits, so `wait.until` is the first instant at which all agree. When a
 * rule about the person will by then say `never`, or there is no such instant within `horizonDays`, the answer is `never`
 * at once. A rule of the campaign that will say `never` by then (a scrub run that will have expired) does not: the
 * operator may still mend it.
 */
export function judge(facts: GateFacts, now: DateTime<true>): Judgement {
  return judgeBy(ruleBook, facts, now);
}

/** The same for a campaign before any person is looked at: when may it dial at all, and what keeps it from it? */
export function judgeCampaign(facts: CampaignFacts, now: DateTime<true>): Judgement {
  return judgeCampaignBy(campaignRules, facts, now);
}

/** `judgeCampaign` by some of the rules only. */
export function judgeCampaignBy(book: readonly CampaignRule[], facts: CampaignFacts, now: DateTime<true>): Judgement {
  return judged(book.map((rule) => ({ rule, decide: (atMs) => within(rule, rule.decide(facts, atMs), atMs) })), now);
}

/** `judge` by another book; for proving that a book with more rules allows less. */
export function judgeBy(book: readonly Rule[], facts: GateFacts, now: DateTime<true>): Judgement {
  return judged(book.map((rule) => ({ rule, decide: (atMs) => within(rule, rule.decide(facts, atMs), atMs) })), now);
}

/** A rule together with the facts it is asked about. */
interface Asked {
  rule: Rule;
  decide(atMs: number): RuleVerdict;
}

function judged(questions: readonly Asked[], now: DateTime<true>): Judgement {
  const nowMs = now.toMillis();
  const answers = answersAt(questions, nowMs);
  const findings = answers.map(toFinding);
  const refusal = firstNever(answers, "contact") ?? firstNever(answers, "campaign");
  if (refusal) return { verdict: { kind: "never", because: because(refusal), ...(refusal.says.untilLifted && { untilLifted: true }) }, concerns: concernOf(refusal), findings };
  const waiting = latestWait(answers);
  if (!waiting) return { verdict: { kind: "call" }, concerns: null, findings };
  return { ...firstOpening(questions, waiting, nowMs), findings };
}

function firstOpening(questions: readonly Asked[], first: Waiting, nowMs: number): Omit<Judgement, "findings"> {
  // Rules that waited once are likely to wait again, so they are asked first and all others only when these agree. A
  // never found late is no loss: about a person it lasts.
  const waiters = new Set<Rule>();
  let waiting = first;
  while (waiting.says.untilMs <= nowMs + horizonDays * dayMs) {
    waiters.add(waiting.rule);
    const atMs = waiting.says.untilMs;
    let next = latestWait(answersAt(questions.filter(({ rule }) => waiters.has(rule)), atMs));
    if (!next) {
      const answers = answersAt(questions, atMs);
      const refusal = firstNever(answers, "contact");
      if (refusal) return { verdict: { kind: "never", because: because(refusal) }, concerns: concernOf(refusal) };
      next = latestWait(answers);
      if (!next) {
        const until = istFromMs(Math.ceil(atMs));
        return { verdict: { kind: "wait", until, because: because(waiting) }, concerns: waiting.rule.about };
      }
    }
    waiting = next;
  }
  const detail = `no instant of the next ${horizonDays} days suits every rule; the last to object was: ${waiting.says.detail}`;
  return {
    verdict: { kind: "never", because: { ruleId: waiting.rule.id, code: "no_opening", detail } },
    concerns: [waiting.rule, ...waiters].some((rule) => rule.about === "contact") ? "contact" : "campaign",
  };
}

interface Answer<Says extends RuleVerdict = RuleVerdict> {
  rule: Rule;
  says: Says;
}
type Waiting = Answer<Extract<RuleVerdict, { kind: "wait" }>>;
type Refusing = Answer<Extract<RuleVerdict, { kind: "never" }>>;

function answersAt(questions: readonly Asked[], atMs: number): Answer[] {
  const date = istDateText(istDay(atMs));
  return questions
    .filter(({ rule }) => rule.inForce.from <= date && (rule.inForce.to === null || date < rule.inForce.to))
    .map(({ rule, decide }) => ({ rule, says: decide(atMs) }));
}

/** A wait ends at the latest when the rule's force ends; one that would not end is a fault of the rule and no permission. */
function within(rule: Rule, says: RuleVerdict, atMs: number): RuleVerdict {
  if (says.kind !== "wait") return says;
  if (!(says.untilMs > atMs)) return never("endless_wait", `the rule waits for an instant that has passed: ${says.detail}`);
  if (rule.inForce.to === null) return says;
  return { ...says, untilMs: Math.min(says.untilMs, istDateStartMs(rule.inForce.to)) };
}

function firstNever(answers: readonly Answer[], about: Rule["about"]): Refusing | undefined {
  return answers.find((answer): answer is Refusing => answer.says.kind === "never" && answer.rule.about === about);
}

function latestWait(answers: readonly Answer[]): Waiting | undefined {
  let latest: Waiting | undefined;
  for (const { rule, says } of answers) {
    if (says.kind === "wait" && (!latest || says.untilMs > latest.says.untilMs)) latest = { rule, says };
  }
  return latest;
}

/** A fact that could not be read is no property of the person: the next contact would meet the same fault. */
function concernOf(refusal: Refusing): "campaign" | "contact" {
  return refusal.says.code === "fact_missing" ? "campaign" : refusal.rule.about;
}

function because(answer: Waiting | Refusing): Because {
  return { ruleId: answer.rule.id, code: answer.says.code, detail: answer.says.detail };
}

function toFinding({ rule, says }: Answer): Finding {
  if (says.kind === "call") return { ruleId: rule.id, says: "call" };
  const finding: Finding = { ruleId: rule.id, says: says.kind === "never" && says.untilLifted ? "wait" : says.kind, code: says.code, detail: says.detail };
  if (says.kind === "wait") finding.until = istFromMs(Math.ceil(says.untilMs)).toISO();
  return finding;
}
