import { suppose, type Supposed } from "./conversation-speculation.ts";
import type { Reply, Step } from "./conversation-state.ts";
import type { ToolCall } from "./ports.ts";
import { isExpected, type Question, valuesSaid } from "./spoken-answer.ts";

/*
 * A verification costs two answers of the model, one after the other: one that asks for it and one that speaks with its
 * result. When the person's own words hold the right answer, the second is made beside the first. The guess opens
 * nothing: only the model's own call verifies, and what was made beside it is heard only if that call says the same.
 */

const verifyTool = "verify_party";

/** The verification that a turn's words would pass, with the state behind it; undefined when they hold no right answer. */
export function guessedVerification(step: Step, text: string): { supposed: Supposed; result: string } | undefined {
  const { verification, plan } = step.state;
  const { verify, variables } = plan.definition;
  if (!verify || verification.verified || verification.attemptsLeft === 0) return undefined;
  const holdsAll = verify.ask.every((name) => holdsAnswer({ type: variables[name]?.type ?? "text", expected: plan.contact.variables[name] }, text));
  if (!holdsAll) return undefined;
  const call: ToolCall = { id: "guessed-1", name: verifyTool, argumentsJson: JSON.stringify(Object.fromEntries(verify.ask.map((name) => [name, text]))) };
  const supposed = suppose(step, text, [{ utteranceId: null, clauses: 0, calls: [call] }]);
  const [result] = supposed?.results[0] ?? [];
  return supposed?.state.verification.verified === true && result !== undefined ? { supposed, result } : undefined;
}

/** Stricter than the verification itself: a year must be said in full. */
function holdsAnswer(question: Question, text: string): boolean {
  const [said, ...others] = valuesSaid(question, text);
  return said !== undefined && others.length === 0 && !(said.kind === "year" && said.isShort) && isExpected(question, said);
}

/** The answer made beside this one, when this one asked for exactly the verification that was guessed, and said nothing first. */
export function foreseenBy(step: Step, reply: Reply, results: readonly string[]): Reply | undefined {
  const { foreseen } = step.state;
  const [call, ...others] = reply.calls;
  const asGuessed = foreseen?.beside === reply.id && reply.clauses === 0 && call?.name === verifyTool && others.length === 0;
  return asGuessed && results.length === 1 && results[0] === foreseen.result && foreseen.reply.language === reply.language ? foreseen.reply : undefined;
}

/**
 * Lets something happen to the answer made beside another as if it were the one in the making; the watchdogs watch only
 * that one. False when the name is not that answer's.
 */
export function besideReply(step: Step, replyId: string, act: (aside: Step) => void): boolean {
  const { reply, foreseen } = step.state;
  if (foreseen?.reply.id !== replyId) return false;
  const aside: Step = { state: { ...step.state, reply: foreseen.reply, foreseen: null }, effects: [], atMs: step.atMs };
  act(aside);
  const made = aside.state.reply;
  step.state = { ...aside.state, reply, foreseen: made && { ...foreseen, reply: made } };
  step.effects.push(...aside.effects.filter((effect) => effect.do !== "set_timer" && effect.do !== "cancel_timer"));
  return true;
}
