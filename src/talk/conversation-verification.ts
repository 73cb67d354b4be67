import { type ConversationPlan, sensitiveFacts } from "./conversation-plan.ts";
import { change, type Step } from "./conversation-state.ts";
import { turnsSaid, wasSaid } from "./said-by-callee.ts";
import { isExpected, type Question, type Said, valuesSaid } from "./spoken-answer.ts";

/** How many turns of the callee the history holds. */
export function calleeTurns(step: Step): number {
  return step.state.history.filter((entry) => entry.kind === "callee" || (entry.kind === "earlier" && entry.turn.speaker === "callee")).length;
}

/**
 * The right-party check. The model passes on what the person said; the comparison happens here, against values the
 * model has never seen. Each try needs a new answer of the callee, so that guessing twice on one answer is no try.
 * Answers the tool's result in words; the sensitive facts are in it only after success.
 */
export function verifyParty(step: Step, given: Readonly<Record<string, unknown>>): string {
  const { verification, plan, answering } = step.state;
  if (verification.verified) return revealed(step.state.plan);
  if (answering.personTurns === 0 || (answering.verdict !== null && answering.verdict !== "person")) {
    return "Not verified: no person has answered yet. Ask whether somebody is there.";
  }
  if (verification.attemptsLeft === 0) return "Not verified, and no attempt is left. Record not_verified and end the call politely.";
  const turns = calleeTurns(step);
  if (turns <= verification.calleeTurnsAtLastTry) return "Not verified: the person has not answered again since the last try. Ask them first.";
  const { verify } = plan.definition;
  const answers = verify?.ask.map((name): PassedOn => ({ question: questionOf(step, name), text: said(given, name), values: valuesSaid(questionOf(step, name), said(given, name)) })) ?? [];
  const refusal = unusable(answers, turnsSaid(step.state.history, verification.calleeTurnsAtLastTry));
  if (refusal !== undefined) return refusal;
  const matches = verify ? answers.every(({ question, values }) => values.every((value) => isExpected(question, value))) : given["confirmed"] === true;
  if (matches) {
    change(step, { verification: { ...verification, verified: true, calleeTurnsAtLastTry: turns } });
    step.effects.push({ do: "checkpoint" });
    return revealed(step.state.plan);
  }
  const attemptsLeft = verification.attemptsLeft - 1;
  change(step, { verification: { verified: false, attemptsLeft, calleeTurnsAtLastTry: turns } });
  step.effects.push({ do: "checkpoint" });
  return attemptsLeft === 0
    ? "Not verified, and no attempt is left. Do not say what was wrong. Record not_verified and end the call politely."
    : `Not verified. Do not say what was wrong. ${attemptsLeft} ${attemptsLeft === 1 ? "attempt is" : "attempts are"} left: ask once more.`;
}

/** One answer as the model passes it on, and what it says. */
interface PassedOn {
  question: Question;
  text: string;
  values: readonly Said[];
}

/** Why the answers are no try, in words for the model; undefined when they are one. Nothing in it depends on the right answer. */
function unusable(answers: readonly PassedOn[], turns: readonly string[]): string | undefined {
  if (answers.some(({ values }) => values.length === 0)) return "Not verified: what the person said holds no such answer, and it does not count as an attempt. Ask for it.";
  if (answers.some(({ values }) => values.length > 1)) return "Not verified: that is more than one answer, and it does not count as an attempt. Ask the person for exactly one.";
  const texts = answers.map(({ text }) => text);
  const unsaid = answers.some(({ question, values }) => values.some((value) => !wasSaid(question, value, turns, texts)));
  return unsaid ? "Not verified: the person's own words do not give this answer clearly, and it does not count as an attempt. Ask them to say only the answer once more, or to press it on the keys." : undefined;
}

function questionOf(step: Step, name: string): Question {
  const { definition, contact } = step.state.plan;
  return { type: definition.variables[name]?.type ?? "text", expected: contact.variables[name] };
}

function said(given: Readonly<Record<string, unknown>>, name: string): string {
  const answer = given[name];
  return typeof answer === "string" ? answer : typeof answer === "number" ? String(answer) : "";
}

/** What a verified person may be told, in words for the model. */
export function revealed(plan: ConversationPlan): string {
  const { definition } = plan;
  const facts = Object.entries(sensitiveFacts(plan)).map(([name, value]) => `${definition.variables[name]?.label ?? name.replaceAll("_", " ")} (${name}): ${value}`);
  return ["Verified: you speak with the right person.", ...(facts.length > 0 ? ["You may now speak about:", ...facts] : [])].join("\n");
}
