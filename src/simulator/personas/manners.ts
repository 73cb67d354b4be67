import { conversation, say } from "../callee-manner.ts";
import { soundsEnglish } from "../callee-understanding.ts";
import type { Persona } from "./persona.ts";
import { payersManner, promise } from "./payers.ts";

/** People who pay, but make it hard to talk to them. */
export const manners: readonly Persona[] = [
  {
    name: "interrupts",
    story: "cuts into the agent's second utterance, then promises",
    line: { kind: "answers", ringMs: 4_000 },
    nature: "person",
    script: (self) => {
      let interrupted = false;
      return conversation(self, {
        ...payersManner(),
        first: (event, mind) => {
          if (event.kind !== "word" || interrupted || event.utterance < 1 || event.words.length < 5) return undefined;
          interrupted = true;
          return [say(mind, { hinglish: "Ek minute, ek minute, zara jaldi boliye.", hindi: "एक मिनट, एक मिनट, ज़रा जल्दी बोलिए।", english: "Wait, wait a minute, please be quick." }, { firm: true, cutsIn: true })];
        },
      });
    },
  },
  {
    name: "backchannels",
    story: "says haan and hmm while the agent speaks, then promises",
    line: { kind: "answers", ringMs: 5_000 },
    nature: "person",
    script: (self) =>
      conversation(self, {
        ...payersManner(),
        first: (event, mind) => {
          if (event.kind !== "word" || event.words.length % 6 !== 5) return undefined;
          const [even, odd] = [{ hinglish: "haan", hindi: "हाँ", english: "yes" }, { hinglish: "hmm", hindi: "हम्म", english: "hmm" }];
          return [say(mind, event.words.length % 12 === 5 ? even : odd, { firm: true })];
        },
      }),
  },
  {
    name: "slow_talker",
    story: "starts with a long greeting, speaks slowly and stops to think in the middle of its promise",
    line: { kind: "answers", ringMs: 9_000 },
    nature: "person",
    endSilenceMs: 1_000,
    wordsPerMinute: 110,
    script: (self) => {
      const promises = promise();
      return conversation(self, {
        opening: [
          { do: "say", text: "Hello?", afterMs: 200, firm: true },
          { do: "say", text: self.facts.tongue === "english" ? "Hello, good day, who is speaking please, a little louder." : "Haan hello, namaste ji, kaun bol raha hai, zara zor se boliye.", afterMs: 900, firm: true },
        ],
        answers: {
          payment: (mind) => [
            say(mind, { hinglish: "Haan to, dekhiye,", hindi: "हाँ तो, देखिए,", english: "Well, let me see," }),
            ...promises(mind).map((action) => (action.do === "say" ? { ...action, afterMs: 700, firm: true } : action)),
          ],
        },
      });
    },
  },
  {
    name: "switches_language",
    story: "asks for the other language, then promises in it",
    line: { kind: "answers", ringMs: 5_000 },
    nature: "person",
    script: (self) => {
      const wantsEnglish = self.facts.birthYear % 2 === 0;
      let askedTimes = 0;
      return conversation(self, {
        ...payersManner(),
        tongue: wantsEnglish ? "english" : "hinglish",
        first: (event) => {
          if (event.kind !== "agent_finished" || askedTimes >= 2 || soundsEnglish(event.text) === wantsEnglish) return undefined;
          askedTimes += 1;
          return [{ do: "say", text: wantsEnglish ? "Sorry, I do not understand Hindi. Please speak in English." : "Mujhe English nahi aati. Hindi mein boliye." }];
        },
      });
    },
  },
  {
    name: "hangs_up_mid_sentence",
    story: "hangs up in the middle of the agent's second utterance",
    line: { kind: "answers", ringMs: 4_000 },
    nature: "person",
    script: (self) =>
      conversation(self, { first: (event) => (event.kind === "word" && event.utterance >= 1 && event.words.length >= 4 ? [{ do: "hang_up", afterMs: 100, firm: true }] : undefined) }),
  },
  {
    name: "says_nothing",
    story: "picks up and never speaks; hangs up after a minute of silence",
    line: { kind: "answers", ringMs: 5_000 },
    nature: "silent",
    script: () => (event) => {
      if (event.kind === "answered") return [{ do: "intend", intent: { kind: "no_words" } }];
      return event.kind === "silence" && event.seconds >= 60 ? [{ do: "hang_up" }] : [];
    },
  },
];
