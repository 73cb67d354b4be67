import { type ConversationPlan, keytermsOf } from "./conversation-plan.ts";
import type { Brain, Transcriber, Voice } from "./ports.ts";
import type { TalkDeps } from "./start-conversation.ts";

/** The vendors of one call, of each kind in the order in which they are turned to. */
export interface CallVendors {
  transcribers: readonly Transcriber[];
  brains: readonly Brain[];
  voices: readonly Voice[];
  /** The first of each is a speech-to-speech session. */
  hasSpeechModel: boolean;
  close(): void;
}

/**
 * Who hears, thinks and speaks in this call: three vendors, or a speech-to-speech session with those three behind it,
 * so that a session that breaks is replaced face by face in mid-call.
 */
export function callVendors(deps: TalkDeps, plan: ConversationPlan): CallVendors {
  const { transcribers, brains, voices, speechModel } = deps;
  const [voice] = voices;
  if (plan.definition.pipeline !== "realtime" || speechModel === undefined || voice === undefined) return { transcribers, brains, voices, hasSpeechModel: false, close: () => undefined };
  const session = speechModel.open({ languages: plan.definition.languages, keyterms: keytermsOf(plan), voice });
  return {
    transcribers: [session.transcriber, ...transcribers],
    brains: [session.brain, ...brains],
    voices: [session.voice, ...voices],
    hasSpeechModel: true,
    close: () => session.close(),
  };
}
