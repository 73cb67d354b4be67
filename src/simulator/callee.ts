import { samplesPerMs } from "./mulaw.ts";
import { calleeEar } from "./callee-ear.ts";
import { calleeMouth } from "./callee-mouth.ts";
import type { Ledger } from "./ledger.ts";
import type { CalleeEvent, CalleeSelf, Persona } from "./personas/persona.ts";

/** The person or machine at the other end, living in frames of 20 ms. */
export interface Callee {
  /** One frame: takes what the line plays to it, answers what it sounds. */
  frame(played: Uint8Array): Uint8Array;
  /** The call is over; an utterance it was in the middle of is written down as unfinished. */
  end(): void;
}

export interface CalleeLine {
  callSid: string;
  ledger: Ledger;
  hangUp(): void;
  press(digit: string): void;
}

/** Ordinary reaction time before a reply, in milliseconds. */
const reactionMs = { from: 250, to: 600 };
const defaultEndSilenceMs = 650;

/** Puts a persona on the line. All its times are counted in samples of the line, so the same audio brings the same behaviour. */
export function newCallee(persona: Persona, self: CalleeSelf, line: CalleeLine): Callee {
  const script = persona.script(self);
  const endSilenceSamples = (persona.endSilenceMs ?? defaultEndSilenceMs) * samplesPerMs;
  const reaction = (): number => reactionMs.from + self.random.fraction() * (reactionMs.to - reactionMs.from);
  let sample = 0;
  let silentSeconds = 0;
  let answered = false;
  let awaitsReply = false;

  const notice = (event: CalleeEvent): void => mouth.intend(script(event));

  const mouth = calleeMouth({
    line,
    reaction,
    pace: persona.wordsPerMinute === undefined ? {} : { wordsPerMinute: persona.wordsPerMinute },
    onCutIn: () => {
      awaitsReply = ear.isMidUtterance();
    },
  });
  const ear = calleeEar({
    line,
    endSilenceSamples,
    onSound: () => mouth.dropReplies(),
    onWord: (words, utterance) => notice({ kind: "word", words, utterance }),
    onFinished: (text, utterance) => {
      if (awaitsReply) awaitsReply = false;
      else notice({ kind: "agent_finished", text, utterance });
    },
  });

  const noticeSilence = (): void => {
    if (mouth.isBusy()) return;
    const lastSound = Math.max(ear.lastSoundEnd(), mouth.lastSoundEnd());
    const seconds = Math.floor((sample - lastSound) / (1_000 * samplesPerMs));
    if (seconds > silentSeconds && seconds > 0) notice({ kind: "silence", seconds });
    silentSeconds = seconds;
  };

  return {
    frame(played) {
      if (!answered) {
        answered = true;
        notice({ kind: "answered" });
      }
      ear.hear(played);
      const sounded = mouth.frame(sample);
      sample += played.length;
      noticeSilence();
      return sounded;
    },
    end: () => mouth.cutOff(),
  };
}

