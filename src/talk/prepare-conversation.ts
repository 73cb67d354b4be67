import type { AccountId, AttemptId } from "../domain/ids.ts";
import { greetingOf } from "./conversation-plan.ts";
import type { LoadedCall } from "./conversation-store.ts";
import type { VoiceListener } from "./ports.ts";
import { type PreparedSpeech, preparedContext } from "./speaking.ts";
import { spokenText } from "./spoken-text.ts";
import type { TalkDeps } from "./start-conversation.ts";

/** A conversation made ready while the phone rings. Given to `startConversation`, or thrown away by `discard`. */
export interface PreparedConversation {
  readonly call: LoadedCall;
  readonly speech: PreparedSpeech | undefined;
  discard(): void;
}

/**
 * Loads the call and has the greeting synthesised, so that its first word is there when somebody picks up. Undefined
 * when there is nothing to prepare: no such attempt, or one that was talked before.
 */
export async function prepareConversation(deps: TalkDeps, input: { attemptId: AttemptId; accountId: AccountId }): Promise<PreparedConversation | undefined> {
  const call = await deps.store.load(input);
  if (!call || call.earlier) return undefined;
  deps.canned.prepare([call.plan.contact.language, ...call.plan.definition.languages]);
  const speech = call.plan.definition.pipeline === "realtime" && deps.speechModel ? undefined : prepareSpeech(deps, call);
  return { call, speech, discard: () => speech?.session.close() };
}

function prepareSpeech(deps: TalkDeps, call: LoadedCall): PreparedSpeech | undefined {
  const voice = deps.voices[0];
  const { language } = call.plan.contact;
  const text = spokenText(greetingOf(call.plan), language);
  if (!voice || text === "") return undefined;
  const waiting: ((listener: Pick<VoiceListener, "onAudio" | "onDone" | "onFailed">) => void)[] = [];
  let attached: Pick<VoiceListener, "onAudio" | "onDone" | "onFailed"> | undefined;
  const deliver = (event: (typeof waiting)[number]): void => void (attached ? event(attached) : waiting.push(event));
  const session = voice.open(
    { voices: call.plan.definition.agent.voice, language },
    {
      onAudio: (contextId, audio, words) => deliver((listener) => listener.onAudio(contextId, audio, words)),
      onDone: (contextId) => deliver((listener) => listener.onDone(contextId)),
      onFailed: (contextId, error) => deliver((listener) => listener.onFailed(contextId, error)),
    },
  );
  session.speak({ contextId: preparedContext, text, language, last: true });
  return {
    text,
    language,
    session,
    attach(listener) {
      attached = listener;
      for (const event of waiting.splice(0)) event(listener);
    },
  };
}
