import type { AnsweredBy, HangupBy } from "../domain/attempt.ts";
import type { ConversationResult, EndReason, Turn } from "../domain/conversation.ts";
import { heardText } from "./conversation-playback.ts";
import type { ConversationState, Utterance } from "./conversation-state.ts";

/** The turns so far, in order of speaking; of the agent's words only those that were heard. */
export function turnsOf(state: ConversationState): readonly Turn[] {
  const turns: Turn[] = [];
  for (const entry of state.history) {
    switch (entry.kind) {
      case "earlier":
        turns.push(entry.turn);
        break;
      case "callee":
        turns.push({ speaker: "callee", text: entry.text, startedAtMs: entry.startedAtMs, endedAtMs: entry.endedAtMs });
        break;
      case "agent": {
        const utterance = state.utterances.find((candidate) => candidate.id === entry.utteranceId);
        if (utterance && utterance.heardWords > 0) turns.push(agentTurn(utterance));
        break;
      }
      case "tool":
        break;
    }
  }
  return turns.sort((one, other) => one.startedAtMs - other.startedAtMs);
}

function agentTurn(utterance: Utterance): Turn {
  const startedAtMs = utterance.startedAtMs ?? utterance.endedAtMs ?? 0;
  const cut = utterance.heardWords < utterance.words.length;
  return {
    speaker: "agent",
    text: heardText(utterance),
    startedAtMs,
    endedAtMs: utterance.endedAtMs ?? startedAtMs,
    ...(cut ? { intended: utterance.words.join(" "), interrupted: true } : {}),
    ...(utterance.latency === null ? {} : { latency: utterance.latency }),
  };
}

/** What the conversation came to, at the instant given. */
export function resultOf(state: ConversationState, end: { reason: EndReason; hangupBy: HangupBy; atMs: number }): ConversationResult {
  const { outcome, verification, plan } = state;
  const unverified = plan.definition.verify !== undefined && !verification.verified && verification.attemptsLeft === 0;
  return {
    endReason: end.reason,
    hangupBy: end.hangupBy,
    answeredBy: answeredBy(state),
    language: state.language.current,
    disposition: state.optedOut ? "opted_out" : (outcome.disposition ?? machineDisposition(end.reason) ?? (unverified ? "not_verified" : null)),
    fields: { ...outcome.fields },
    summary: outcome.summary,
    verified: verification.verified,
    optedOut: state.optedOut,
    turns: turnsOf(state),
    startedAtMs: state.startedAtMs,
    endedAtMs: end.atMs,
    usage: state.usage,
  };
}

function machineDisposition(reason: EndReason): string | null {
  return reason === "voicemail" || reason === "carrier_announcement" ? reason : null;
}

function answeredBy(state: ConversationState): AnsweredBy {
  const { verdict, personTurns, carrier } = state.answering;
  if (verdict !== null) return verdict;
  return personTurns > 0 ? "person" : carrier;
}
