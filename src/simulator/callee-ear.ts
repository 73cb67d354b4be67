import { demodulator } from "./modem.ts";
import type { CalleeLine } from "./callee.ts";

export interface CalleeEar {
  hear(played: Uint8Array): void;
  /** Whether the agent has begun to speak and has not been silent long enough to have finished. */
  isMidUtterance(): boolean;
  lastSoundEnd(): number;
}

export interface CalleeEarOptions {
  line: CalleeLine;
  /** Silence after which the agent is taken to have finished. */
  endSilenceSamples: number;
  /** The agent begins a sound, be it a word or not. */
  onSound: () => void;
  onWord: (words: readonly string[], utterance: number) => void;
  onFinished: (text: string, utterance: number) => void;
}

/** Understands what is played to a callee and notices when the agent has finished; writes every word into the ledger. */
export function calleeEar({ line, endSilenceSamples, onSound, onWord, onFinished }: CalleeEarOptions): CalleeEar {
  let words: string[] = [];
  let utterance = 0;
  const ear = demodulator(
    (word, endSample, startSample) => {
      line.ledger.record({ kind: "heard", word, startSample, endSample }, line.callSid);
      words.push(word);
      onWord(words, utterance);
    },
    { onSoundStart: onSound, onUnintelligible: (startSample, endSample) => line.ledger.record({ kind: "unintelligible", startSample, endSample }, line.callSid) },
  );
  return {
    hear(played) {
      ear.push(played);
      if (words.length === 0 || ear.samplesHeard - ear.lastSoundEnd < endSilenceSamples) return;
      const text = words.join(" ");
      words = [];
      utterance += 1;
      onFinished(text, utterance - 1);
    },
    isMidUtterance: () => words.length > 0,
    lastSoundEnd: () => ear.lastSoundEnd,
  };
}
