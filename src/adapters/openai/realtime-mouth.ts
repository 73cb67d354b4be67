import type { VendorError } from "../../domain/errors.ts";
import { bytesPerMs, type Voice, type VoiceListener, type VoiceSession } from "../../talk/ports.ts";

/** Sound the model makes for one answer. */
interface ModelSpeech {
  itemId: string | undefined;
  /** Sound that came before anybody asked for it. */
  readonly waiting: Uint8Array[];
  bytes: number;
  contextId: string | undefined;
  allSound: boolean;
  allText: boolean;
  /** Stopped: what is still to be said of this answer is said by the other voice. */
  isCut: boolean;
}

/**
 * The speaking face of a speech-to-speech session: an answer's own sound goes to the utterance that carries its text,
 * every other sentence to an ordinary voice, word for word.
 */
export interface RealtimeMouth {
  readonly voice: Voice;
  hasSpoken(replyId: string): boolean;
  onItem(replyId: string, itemId: string): void;
  onSound(replyId: string, audio: Uint8Array): void;
  /** The answer is complete: no more sound comes. */
  onDone(replyId: string): void;
  /** The session is gone: what it was saying fails. */
  fail(error: VendorError): void;
}

export function realtimeMouth(options: { name: string; otherVoice: Voice; truncate: (itemId: string, audioEndMs: number) => void }): RealtimeMouth {
  const speeches = new Map<string, ModelSpeech>();
  const byContext = new Map<string, ModelSpeech>();
  let listener: VoiceListener | undefined;

  const speechOf = (replyId: string): ModelSpeech => {
    const speech = speeches.get(replyId) ?? { itemId: undefined, waiting: [], bytes: 0, contextId: undefined, allSound: false, allText: false, isCut: false };
    speeches.set(replyId, speech);
    return speech;
  };
  const endIfDone = (speech: ModelSpeech): void => {
    if (speech.contextId === undefined || speech.isCut || !speech.allSound || !speech.allText) return;
    byContext.delete(speech.contextId);
    listener?.onDone(speech.contextId);
  };
  const session = (other: VoiceSession): VoiceSession => ({
    speak(text) {
      const speech = text.replyId === undefined ? undefined : speeches.get(text.replyId);
      if (!speech || speech.isCut || (speech.contextId !== undefined && speech.contextId !== text.contextId)) return other.speak(text);
      speech.contextId = text.contextId;
      byContext.set(text.contextId, speech);
      for (const audio of speech.waiting.splice(0)) listener?.onAudio(text.contextId, audio, null);
      speech.allText ||= text.last;
      endIfDone(speech);
    },
    cancel(contextId, heardMs) {
      const speech = [...speeches.values()].find((candidate) => candidate.contextId === contextId);
      if (!speech) return other.cancel(contextId, heardMs);
      byContext.delete(contextId);
      if (speech.isCut) return;
      speech.isCut = true;
      const madeMs = speech.bytes / bytesPerMs;
      if (speech.itemId !== undefined && heardMs < madeMs) options.truncate(speech.itemId, Math.floor(heardMs));
    },
    close: () => other.close(),
  });

  return {
    voice: {
      name: options.name,
      open(opening, wanted) {
        listener = wanted;
        return session(options.otherVoice.open(opening, wanted));
      },
    },
    hasSpoken: (replyId) => speeches.has(replyId),
    onItem: (replyId, itemId) => void (speechOf(replyId).itemId ??= itemId),
    onSound(replyId, audio) {
      const speech = speechOf(replyId);
      speech.bytes += audio.length;
      if (speech.isCut) return;
      if (speech.contextId === undefined) speech.waiting.push(audio);
      else listener?.onAudio(speech.contextId, audio, null);
    },
    onDone(replyId) {
      const speech = speeches.get(replyId);
      if (!speech) return;
      speech.allSound = true;
      endIfDone(speech);
    },
    fail(error) {
      for (const contextId of byContext.keys()) listener?.onFailed(contextId, error);
      byContext.clear();
      for (const speech of speeches.values()) speech.isCut = true;
    },
  };
}
