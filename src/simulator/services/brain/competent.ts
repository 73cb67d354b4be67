import { DateTime } from "luxon";
import { IST } from "../../../domain/clock.ts";
import type { ChatRequest } from "../openai/chat-request.ts";
import { type BrainReply, toolCall } from "./brain-reply.ts";
import { type Dialogue, readDialogue } from "./dialogue.ts";
import { type Goal, type Phrasebook, phrasebookOf, shownAmount, shownDay, shownInstant } from "./phrasebook.ts";
import type { Fact } from "./prompt-reading.ts";
import { dispositionFor, fieldsOf, owedPaiseIn, type Settlement, settlementOf } from "./settling.ts";
import { type Heard, meaningOf } from "./understanding.ts";
import { answersGiven, verificationQuestion } from "./verifying.ts";

const mostFailedRecords = 2;
const mostRefusedVerifications = 2;
const mostUnanswered = 3;

/**
 * A capable phone agent in rules: verifies when there is something to verify, tells what it may, asks for what the
 * campaign wants to know, records it, says goodbye and ends the call.
 */
export function answerCompetently(request: ChatRequest): BrainReply {
  const dialogue = readDialogue(request);
  const say = phrasebookOf(dialogue.prompt.tongue);
  switch (dialogue.last.kind) {
    case "ended":
      return speak("");
    case "recording":
      return dialogue.last.ok ? goodbye(dialogue, say, closingWords(request, say)) : afterRefusedRecord(dialogue, say);
    case "verification":
      if (dialogue.last.answerMissing) return speak(verificationQuestion(dialogue, say));
      return dialogue.last.ok ? tellMatter(dialogue, say, say.thanks) : afterFailedVerification(dialogue, say);
    case "callee":
    case "nothing":
      return answerCallee(dialogue, say);
  }
}

function speak(text: string): BrainReply {
  return { text, toolCalls: [] };
}

function answerCallee(dialogue: Dialogue, say: Phrasebook): BrainReply {
  const { tools, verified, recorded, heard, prompt } = dialogue;
  const latest = heard.at(-1);
  if (prompt.orders.askIfAnybodyIsThere) return speak(`${say.who(prompt.persona)} ${say.anybodyThere}`);
  if (recorded && (latest === undefined || meaningOf(latest) === undefined)) return goodbye(dialogue, say, "");
  if (latest === undefined) return tools.verify !== undefined && !verified ? speak(verificationQuestion(dialogue, say)) : tellMatter(dialogue, say, "");
  if (tools.verify !== undefined && !verified) return beforeVerification(dialogue, latest, say);
  return aboutTheMatter(dialogue, latest, say);
}

/** Until the person is verified only what needs no verification is settled. */
function beforeVerification(dialogue: Dialogue, latest: Heard, say: Phrasebook): BrainReply {
  const { tools, heard } = dialogue;
  const question = verificationQuestion(dialogue, say);
  const meaning = meaningOf(latest);
  const open = ["opt_out", "wrong_number", "bereavement", "callback", "complaint"] as const;
  const settled = open.find((intent) => intent === meaning) ?? (pendingCallback(dialogue) && latest.instant !== undefined ? "callback" : undefined);
  if (settled !== undefined) return settle(dialogue, heard, say) ?? speak(`${say.again} ${question}`);
  if (latest.intents.has("no") && latest.words.length <= 3 && tools.verify?.answers.every((answer) => answer.kind === "yes")) {
    return recordNamed(dialogue, /wrong/, latest.text) ?? goodbye(dialogue, say, say.sorryWrongNumber);
  }
  const answers = answersGiven(dialogue, heard.slice(-2));
  if (answers !== undefined && tools.verify !== undefined) return { text: "", toolCalls: [toolCall(tools.verify.name, tools.verify.arguments(answers))] };
  if (heard.filter((one) => one.intents.has("wont_tell") || meaningOf(one) === "refused").length >= mostRefusedVerifications || heard.length > 2 + mostUnanswered) {
    return recordNamed(dialogue, /not_verified/, latest.text) ?? goodbye(dialogue, say, say.cannotGoOn);
  }
  return speak(`${smallAnswer(dialogue, latest, say)}${question}`);
}

function pendingCallback(dialogue: Dialogue): boolean {
  return dialogue.heard.some((one) => meaningOf(one) === "callback");
}

function aboutTheMatter(dialogue: Dialogue, latest: Heard, say: Phrasebook): BrainReply {
  const needsVerification = dialogue.tools.verify !== undefined;
  const utterances = needsVerification ? dialogue.heardSinceVerified : dialogue.heard.slice(1);
  const decisive = needsVerification || utterances.length > 0 ? utterances : dialogue.heard.filter((one) => meaningOf(one) !== undefined);
  const asks = ["robot_question", "who_question", "amount_question", "repeat", "language_request"] as const;
  const onlyAsks = (dialogue.cutOff || asks.some((intent) => latest.intents.has(intent))) && decidesNothing(latest);
  if (onlyAsks || (!needsVerification && utterances.length === 0 && decisive.length === 0)) return tellMatter(dialogue, say, smallAnswer(dialogue, latest, say).trim());
  return settle(dialogue, decisive, say) ?? speak(`${say.again} ${say.goal[goalOf(dialogue)]}`);
}

function decidesNothing(heard: Heard): boolean {
  return meaningOf(heard) === undefined && heard.comingDay === undefined && heard.amountPaise === undefined && heard.instant === undefined;
}

/** Records what the callee has come to, or asks for what is missing; undefined when it has come to nothing yet. */
function settle(dialogue: Dialogue, utterances: readonly Heard[], say: Phrasebook): BrainReply | undefined {
  const owedPaise = owedPaiseIn(knownFacts(dialogue));
  const settlement = settlementOf(dialogue, utterances, owedPaise);
  if (settlement === undefined || dialogue.tools.record === undefined) return undefined;
  const reading = fieldsOf(settlement, owedPaise);
  if (!reading.ok) return speak(say.field[reading.ask]);
  return { text: "", toolCalls: [toolCall(dialogue.tools.record.name, dialogue.tools.record.arguments(settlement.disposition.name, reading.fields, summaryOf(settlement)))] };
}

function recordNamed(dialogue: Dialogue, name: RegExp, text: string): BrainReply | undefined {
  const { record } = dialogue.tools;
  const disposition = record?.dispositions.find((known) => name.test(known.name));
  if (record === undefined || disposition === undefined || dialogue.recorded) return undefined;
  return { text: "", toolCalls: [toolCall(record.name, record.arguments(disposition.name, {}, `The person said: ${text}`.slice(0, 200)))] };
}

function afterFailedVerification(dialogue: Dialogue, say: Phrasebook): BrainReply {
  if (!dialogue.noAttemptLeft) return speak(`${say.notMatching} ${verificationQuestion(dialogue, say)}`);
  return recordNamed(dialogue, /not_verified/, "could not be verified") ?? goodbye(dialogue, say, say.cannotGoOn);
}

function afterRefusedRecord(dialogue: Dialogue, say: Phrasebook): BrainReply {
  if (dialogue.failedRecords > mostFailedRecords) return goodbye(dialogue, say, "");
  const settlement = settlementOf(dialogue, dialogue.heardSinceVerified.length > 0 ? dialogue.heardSinceVerified : dialogue.heard, undefined);
  const problem = dialogue.last.kind === "recording" ? dialogue.last.problem : "";
  const types = Object.entries(settlement?.disposition.fields ?? {}).filter(([name]) => problem.includes(name)).map(([, type]) => type);
  if (types.includes("datetime")) return speak(settlement?.intent === "callback" ? say.field.callback_time : say.field.new_time);
  if (types.includes("money")) return speak(say.field.pay_amount);
  return speak(settlement?.intent === "already_paid" ? say.field.paid_day : say.field.pay_day);
}

function tellMatter(dialogue: Dialogue, say: Phrasebook, lead: string): BrainReply {
  const facts = knownFacts(dialogue);
  const amount = facts.find((fact) => /^(?:₹|rs)/i.test(fact.value));
  const day = facts.find((fact) => /^\d{1,2} [A-Z][a-z]+ \d{4}$/.test(fact.value));
  const sentences = amount && day ? [say.payable(amount.value, day.value, liesBehind(day.value, dialogue)), ...rest(facts, amount, day, say)] : facts.map((fact) => say.fact(fact.label, fact.value));
  return speak([lead, ...sentences, say.goal[goalOf(dialogue)]].filter((part) => part !== "").join(" "));
}

function rest(facts: readonly Fact[], amount: Fact, day: Fact, say: Phrasebook): string[] {
  return facts.filter((fact) => fact !== amount && fact !== day && /appointment|offer/i.test(fact.label)).map((fact) => say.fact(fact.label, fact.value));
}

function liesBehind(day: string, { prompt }: Dialogue): boolean {
  const date = DateTime.fromFormat(day, "d LLLL yyyy", { zone: IST, locale: "en-IN" });
  return prompt.now !== undefined && date.isValid && date < prompt.now.startOf("day");
}

function knownFacts({ prompt, openedFacts }: Dialogue): readonly Fact[] {
  return [...openedFacts, ...prompt.facts];
}

function goalOf(dialogue: Dialogue): Goal {
  if (dispositionFor(dialogue, "promise") !== undefined) return "payment";
  const names = (dialogue.tools.record?.dispositions ?? []).map((disposition) => disposition.name);
  if (names.some((name) => /confirm/.test(name))) return "attendance";
  return names.some((name) => /interested/.test(name)) ? "interest" : "general";
}

function smallAnswer({ prompt }: Dialogue, latest: Heard, say: Phrasebook): string {
  if (prompt.orders.introduce) return `${say.who(prompt.persona)} `;
  if (latest.intents.has("robot_question")) return `${say.robot} `;
  if (latest.intents.has("who_question")) return `${say.who(prompt.persona)} `;
  if (latest.intents.has("wont_tell")) return `${say.needAnswers} `;
  return "";
}

function goodbye(dialogue: Dialogue, say: Phrasebook, words: string): BrainReply {
  const text = [words, say.goodbye].filter((part) => part !== "").join(" ");
  return { text, toolCalls: dialogue.tools.end === undefined ? [] : [toolCall(dialogue.tools.end.name, {})] };
}

/** What to say about the thing just recorded, read back from the call that recorded it. */
function closingWords(request: ChatRequest, say: Phrasebook): string {
  const call = request.messages.flatMap((message) => (message.role === "assistant" ? (message.tool_calls ?? []) : [])).findLast((one) => /disposition|record_outcome/.test(one.function.name));
  const args = JSON.parse(call?.function.arguments ?? "{}") as { disposition?: string; fields?: Record<string, unknown> };
  const fields = Object.values(args.fields ?? args).filter((value): value is string => typeof value === "string");
  const instant = fields.filter((value) => /^\d{4}-\d{2}-\d{2}/.test(value)).map((value) => DateTime.fromISO(value, { zone: IST })).find((date) => date.isValid);
  const amount = fields.find((value) => /^\d+(?:\.\d+)?$/.test(value));
  const name = args.disposition ?? "";
  if (/promise|will_pay/.test(name) && instant?.isValid) return say.promised(amount === undefined ? undefined : shownAmount(Number(amount) * 100), shownDay(instant));
  if (/callback|reschedul/.test(name) && instant?.isValid) return say.willCall(shownInstant(instant));
  if (/wrong/.test(name)) return say.sorryWrongNumber;
  if (/bereave/.test(name)) return say.sorryLoss;
  if (name.startsWith("opt")) return say.noMoreCalls;
  return /not_verified/.test(name) ? say.cannotGoOn : say.noted;
}

function summaryOf(settlement: Settlement): string {
  return `The person meant ${settlement.disposition.name.replaceAll("_", " ")}.`;
}
