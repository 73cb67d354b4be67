import { greetingNobodyHeard, heardText } from "./conversation-playback.ts";
import type { ConversationState, Utterance } from "./conversation-state.ts";
import { revealed } from "./conversation-verification.ts";
import type { BrainMessage, BrainRequest } from "./ports.ts";
import { languageDirective, systemPrompt } from "./prompt.ts";
import { toolsFor } from "./tool-descriptions.ts";

const cutMark = "— (cut off; the rest was not heard)";

/**
 * What the model is asked: the standing instruction, the talk so far with only those words of its own that were heard,
 * and at the end the language to answer in.
 */
export function requestFor(state: ConversationState, replyId: string): BrainRequest {
  const messages: BrainMessage[] = [{ role: "system", text: systemPrompt(state.plan, state.startedAtMs) }];
  for (const entry of state.history) {
    switch (entry.kind) {
      case "callee":
        messages.push({ role: "user", text: entry.text });
        break;
      case "earlier":
        messages.push(
          entry.turn.speaker === "callee"
            ? { role: "user", text: entry.turn.text }
            : { role: "assistant", text: entry.turn.interrupted === true ? `${entry.turn.text} ${cutMark}` : entry.turn.text, toolCalls: [] },
        );
        break;
      case "agent": {
        const utterance = state.utterances.find((candidate) => candidate.id === entry.utteranceId);
        const text = believedText(utterance);
        if (text !== "") messages.push({ role: "assistant", text, toolCalls: [], ...(utterance?.replyId == null ? {} : { replyId: utterance.replyId }) });
        break;
      }
      case "tool":
        messages.push({ role: "assistant", text: "", toolCalls: [entry.call] }, { role: "tool", toolCallId: entry.call.id, text: entry.result });
        break;
    }
  }
  messages.push({ role: "system", text: directives(state) });
  return { replyId, messages, tools: toolsFor(state.plan) };
}

/** What the model may believe it said: all of what is still being played, of what was cut only the words heard. */
function believedText(utterance: Utterance | undefined): string {
  if (!utterance) return "";
  if (utterance.state !== "cut") return utterance.words.join(" ");
  const heard = heardText(utterance);
  return heard === "" || utterance.heardWords >= utterance.words.length ? heard : `${heard} ${cutMark}`;
}

function directives(state: ConversationState): string {
  const lines = [languageDirective(state.language.current)];
  if (state.resumed && !state.utterances.some((utterance) => utterance.heardWords > 0)) lines.push("The connection was lost for a moment and is back; go on where the talk stopped.");
  // The tool's answer that held the facts was not kept; a verified person need not prove anything twice.
  if (state.resumed && state.verification.verified) lines.push(revealed(state.plan));
  if (greetingNobodyHeard(state)) lines.push("The person has not heard your greeting: say in a few words who you are.");
  if (state.answering.phrases.length > 0 && state.answering.personTurns === 0) lines.push("A recording may be speaking. Say nothing but who you are and ask whether somebody is there.");
  return lines.join(" ");
}
