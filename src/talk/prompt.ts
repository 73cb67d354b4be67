import { istFromMs } from "../domain/clock.ts";
import { type Definition, dispositionRule, type Language } from "../domain/definition.ts";
import { type ConversationPlan, hasSecrets, publicFacts, publicNameOf } from "./conversation-plan.ts";
import { recordableDispositions } from "./disposition-fields.ts";
import { languageNames } from "./phrases.ts";

/**
 * The standing instruction of the model for one call. It holds no sensitive value: those come only as the result of a
 * verification that succeeded. The same text for the whole call, so that vendors can cache it.
 */
export function systemPrompt(plan: ConversationPlan, nowMs: number): string {
  const { agent } = plan.definition;
  return [
    agent.persona.trim(),
    agent.instructions.trim(),
    section("This is a live phone call", [
      "Everything you write is spoken aloud. One or two short sentences at a time, then wait for the answer.",
      "Begin with two or three words that stand alone, then a comma or a full stop: they are spoken while you write the rest.",
      "No lists, no markup, no emoji. Write amounts as ₹4,500, dates as 5 December 2026.",
      "The transcript of what the person says may contain mistakes; ask again when something important is unclear.",
      "If you were cut off, the person did not hear the rest. Answer what they said; do not start over.",
    ]),
    section("The person", [`Name: ${publicNameOf(plan) ?? "not known"}`, ...Object.entries(publicFacts(plan)).map(([name, value]) => `${labelOf(plan.definition, name)}: ${value}`)]),
    section("Privacy", privacyRules(plan)),
    section("How the call can end", dispositionLines(plan.definition)),
    section("Before you say goodbye", [
      "Call record_disposition once you know how the call ended. Correct it by calling it again.",
      "Then say goodbye and call end_call in the same answer. Never end the call while the person still has a question.",
      "A person who is not the one you are calling for: record wrong_number, apologise, end the call.",
    ]),
    `Now it is ${istFromMs(nowMs).setLocale("en-IN").toFormat("cccc, d LLLL yyyy, HH:mm")} in India. Give dates to tools as 2026-12-05 and times as 2026-12-05T18:00.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Said last before every answer: which language to use now. */
export function languageDirective(language: Language): string {
  const style = language === "hi-IN" ? " Use everyday spoken Hindi in Devanagari; common English words are fine." : "";
  return `Answer in ${languageNames[language]}.${style}`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}:\n${lines.map((line) => `- ${line}`).join("\n")}`;
}

function privacyRules(plan: ConversationPlan): readonly string[] {
  const { verify } = plan.definition;
  if (!verify && !hasSecrets(plan)) return [];
  const ask = verify
    ? `Ask for ${verify.ask.map((name) => labelOf(plan.definition, name)).join(" and ")} and pass on to verify_party exactly what the person says.`
    : "Ask whether you are speaking with the person by name, and call verify_party when they say yes.";
  return [
    ask,
    "Until verify_party has succeeded you know nothing about the matter itself and must not hint at it, to anybody.",
    "Never say what the right answer would have been, nor whether an answer was close.",
    ...(verify ? ["What somebody says who was not verified does not end the matter: record not_verified and put their words into the summary."] : []),
    "When no attempt is left, say that you cannot go on without this, record not_verified, and end the call politely.",
  ];
}

function labelOf(definition: Definition, variable: string): string {
  return definition.variables[variable]?.label ?? variable.replaceAll("_", " ");
}

function dispositionLines(definition: Definition): readonly string[] {
  return recordableDispositions(definition).map((name) => {
    const rule = dispositionRule(definition, name);
    const fields = Object.entries(rule?.fields ?? {}).map(([field, type]) => `${field} (${type})`);
    const when = definition.dispositions[name]?.when ?? builtInMeaning[name] ?? name.replaceAll("_", " ");
    return `${name}: ${when}${fields.length > 0 ? `; needs ${fields.join(", ")}` : ""}`;
  });
}

const builtInMeaning: Readonly<Record<string, string>> = {
  opted_out: "the person does not want to be called any more",
  wrong_number: "this is not the person's number, or somebody else answered who does not know them",
  callback_requested: "the person asks to be called at another time",
  not_verified: "the person could not or would not be verified",
};
