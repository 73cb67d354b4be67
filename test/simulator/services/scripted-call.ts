import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { definitionSchema, type Language } from "../../../src/domain/definition.ts";
import { think } from "../../../src/simulator/services/brain/brain.ts";
import { type ChatMessage, readChatRequest } from "../../../src/simulator/services/openai/chat-request.ts";
import { type ConversationPlan, sensitiveFacts } from "../../../src/talk/conversation-plan.ts";
import { readDisposition } from "../../../src/talk/disposition-fields.ts";
import { followLanguage } from "../../../src/talk/language-choice.ts";
import { languageDirective, systemPrompt } from "../../../src/talk/prompt.ts";
import { answerMatches } from "../../../src/talk/spoken-answer.ts";
import { toolsFor } from "../../../src/talk/tool-descriptions.ts";
import type { VariableValue } from "../../../src/talk/variable-values.ts";

export const nowMs = Date.parse("2026-11-23T11:05:00+05:30");

export function planOf(campaign: string, variables: Record<string, VariableValue>, language: Language): ConversationPlan {
  const definition = definitionSchema.parse(parse(readFileSync(`campaigns/${campaign}.yaml`, "utf8")));
  return { definition, contact: { name: "Deepak", language, variables } } as ConversationPlan;
}

/** A call in text: the product's prompt, tools and tool answers around the scripted model. */
export interface ScriptedCall {
  /** Everything the agent said. */
  said: string[];
  recorded: { disposition: string; fields: Record<string, unknown> } | undefined;
  verified: boolean;
  ended: boolean;
  /** The callee says something; answers what the agent said to it. */
  hear(utterance: string): string[];
}

export function scriptedCall(campaign: string, options: { language: Language; variables: Record<string, VariableValue> }): ScriptedCall {
  const plan = planOf(campaign, options.variables, options.language);
  const tools = toolsFor(plan).map(({ name, description, parameters }) => ({ type: "function", function: { name, description, parameters } }));
  const messages: ChatMessage[] = [{ role: "system", content: systemPrompt(plan, nowMs) }, { role: "assistant", content: "नमस्ते Deepak जी।" }];
  let attemptsLeft = plan.definition.verify?.attempts ?? 1;
  let language = { current: options.language, leaning: null as Language | null, turns: 0 };
  const call: ScriptedCall = { said: [], recorded: undefined, verified: false, ended: false, hear };

  function verify(args: Record<string, unknown>): string {
    call.verified = (plan.definition.verify?.ask ?? []).every((key) => answerMatches("number", String(args[key]), plan.contact.variables[key] ?? ""));
    if (!call.verified) {
      attemptsLeft -= 1;
      return attemptsLeft === 0 ? "Not verified, and no attempt is left." : `Not verified. ${attemptsLeft} attempt is left: ask once more.`;
    }
    const facts = Object.entries(sensitiveFacts(plan)).map(([key, value]) => `${plan.definition.variables[key]?.label ?? key} (${key}): ${value}`);
    return ["Verified: you speak with the right person.", "You may now speak about:", ...facts].join("\n");
  }

  function run(name: string, args: Record<string, unknown>): string {
    if (name === "end_call") {
      call.ended = true;
      return "The call ends now.";
    }
    if (name === "verify_party") return verify(args);
    const reading = readDisposition(plan.definition, args["disposition"], (args["fields"] ?? {}) as Record<string, unknown>, nowMs);
    if (!reading.ok) return `Error: ${reading.problem}. Ask the person if you do not know, then call the tool again.`;
    call.recorded = { disposition: reading.disposition, fields: { ...reading.fields } };
    return "Recorded.";
  }

  function hear(utterance: string): string[] {
    const before = call.said.length;
    language = { ...followLanguage(language, utterance, plan.definition.languages) };
    messages.push({ role: "user", content: utterance });
    for (let round = 0; round < 5 && !call.ended; round += 1) {
      const directive: ChatMessage = { role: "system", content: languageDirective(language.current) };
      const request = readChatRequest({ model: "gpt-5.6-luna", messages: [...messages, directive], tools, reasoning_effort: "none" });
      if (!request.ok) throw new Error(request.error.message);
      const reply = think("competent", request.request);
      if (reply.text !== "") {
        call.said.push(reply.text);
        messages.push({ role: "assistant", content: reply.text });
      }
      reply.toolCalls.forEach((tool, at) => {
        const id = `call_${messages.length}_${at}`;
        messages.push(
          { role: "assistant", content: "", tool_calls: [{ id, type: "function", function: { name: tool.name, arguments: tool.argumentsJson } }] },
          { role: "tool", tool_call_id: id, content: run(tool.name, JSON.parse(tool.argumentsJson) as Record<string, unknown>) },
        );
      });
      if (reply.toolCalls.length === 0) break;
    }
    return call.said.slice(before);
  }

  return call;
}
