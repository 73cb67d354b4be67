import { spokenAmountPaise } from "./services/hearing/spoken-amounts.ts";
import { foldedWords } from "./services/hearing/fold.ts";
import { asksForKey, soundsEnglish, type Topic, topicOf } from "./callee-understanding.ts";
import type { Tongue } from "./personas/callee-facts.ts";
import type { CalleeAction, CalleeEvent, CalleeScript, CalleeSelf } from "./personas/persona.ts";
import type { Wording } from "./personas/spoken.ts";

/** What a callee has in mind while it answers. */
export interface Mind extends CalleeSelf {
  /** The tongue it speaks now: it follows the agent into English and out of it. */
  tongue: Tongue;
  /** The last amount of money it heard, in paise. */
  heardAmountPaise: number | undefined;
  /** Utterances of the agent it has listened to. */
  turns: number;
  /** Set once it has said why it will not go on: it waits for the goodbye and then hangs up. */
  done: boolean;
  /** How often it has asked into a silent line since the agent last spoke. */
  askedInVain: number;
}

/** How a callee answers one topic; `times` counts how often it was asked before. */
export type Answer = (mind: Mind, times: number, text: string) => readonly CalleeAction[];

/** How one kind of person holds a conversation. What is absent it does like everybody. */
export interface Manner {
  answers?: Partial<Record<Topic, Answer>>;
  /** Its first words, said whether or not the agent already speaks. Default "Hello?". */
  opening?: readonly CalleeAction[];
  /** What it answers when asked whether the call may be recorded. Default yes, by word. */
  recording?: "yes" | "no" | "key_yes" | "key_no" | "ignores";
  /** Looks at every event first; undefined leaves it to the manner. */
  first?: (event: CalleeEvent, mind: Mind) => readonly CalleeAction[] | undefined;
  /** Keeps its tongue whatever the agent speaks. */
  tongue?: Tongue;
}

/** After so many utterances of the agent anybody's patience ends. */
const patienceTurns = 16;
/** Silence on the line after which it asks whether anybody is there; asked so often in vain, it hangs up. */
const asksAfterSeconds = 5;
const asksTimes = 3;

/** Makes a script of a manner. */
export function conversation(self: CalleeSelf, manner: Manner): CalleeScript {
  const mind: Mind = { ...self, tongue: manner.tongue ?? self.facts.tongue, heardAmountPaise: undefined, turns: 0, done: false, askedInVain: 0 };
  const asked = new Map<Topic, number>();
  let lastSaid: readonly CalleeAction[] = [];

  const answer = (text: string): readonly CalleeAction[] => {
    mind.turns += 1;
    mind.askedInVain = 0;
    if (!manner.tongue) mind.tongue = tongueFor(text, self.facts.tongue);
    mind.heardAmountPaise = spokenAmountPaise(foldedWords(text)) ?? mind.heardAmountPaise;
    if (mind.turns > patienceTurns) return [say(mind, { hinglish: "Bas, main phone rakh raha hoon.", hindi: "बस, मैं फ़ोन रख रहा हूँ।", english: "Enough, I am hanging up." }), { do: "hang_up", afterMs: 3_000 }];
    const topic = topicOf(text);
    if (topic === "repeat" && lastSaid.length > 0) return lastSaid;
    const times = asked.get(topic) ?? 0;
    asked.set(topic, times + 1);
    if (topic === "recording") return answerRecording(mind, manner.recording ?? "yes", text);
    const own = manner.answers?.[topic];
    lastSaid = own ? own(mind, times, text) : everybodys(mind, topic);
    return lastSaid;
  };

  return (event) => {
    const taken = manner.first?.(event, mind);
    if (taken) return taken;
    switch (event.kind) {
      case "answered":
        return manner.opening ?? [{ do: "say", text: self.facts.tongue === "hindi" ? "हेलो?" : "Hello?", afterMs: 300, firm: true }];
      case "agent_finished":
        return answer(event.text);
      case "silence":
        return inSilence(mind, event.seconds);
      case "word":
        return [];
    }
  };
}

/** The same answer to whatever is asked, but for what every call asks and ends with. */
export function whateverIsAsked(answer: Answer): NonNullable<Manner["answers"]> {
  return { identity: answer, birth_year: answer, payment: answer, attendance: answer, interest: answer, reason: answer, callback_when: answer, confirm: answer, other: answer };
}

/** One sentence in the mind's tongue. */
export function say(mind: { tongue: Tongue }, wording: Wording, more: Omit<Extract<CalleeAction, { do: "say" }>, "do" | "text"> = {}): CalleeAction {
  return { do: "say", text: wording[mind.tongue], ...more };
}

function tongueFor(text: string, own: Tongue): Tongue {
  if (soundsEnglish(text)) return "english";
  return own === "english" ? "hinglish" : own;
}

function everybodys(mind: Mind, topic: Topic): readonly CalleeAction[] {
  switch (topic) {
    case "birth_year":
      return [tellBirthYear(mind, mind.facts.birthYear)];
    case "which_language":
      return [say(mind, { hinglish: "Hindi mein boliye.", hindi: "हिंदी में बोलिए।", english: "English is fine." })];
    case "goodbye":
      return [say(mind, { hinglish: "Theek hai, dhanyavaad.", hindi: "ठीक है, धन्यवाद।", english: "Okay, thank you." }), { do: "hang_up", afterMs: 4_000 }];
    case "attendance":
      return [say(mind, { hinglish: "Haan, main aa jaoonga.", hindi: "हाँ, मैं आ जाऊँगा।", english: "Yes, I will come." }, { intent: { kind: "attends" } })];
    case "interest":
      return [say(mind, { hinglish: "Nahi, abhi zaroorat nahi hai.", hindi: "नहीं, अभी ज़रूरत नहीं है।", english: "No, I do not need it now." }, { intent: { kind: "not_interested" } })];
    case "confirm":
      return [say(mind, { hinglish: "Haan, sahi hai.", hindi: "हाँ, सही है।", english: "Yes, that is correct." })];
    case "reason":
      return [say(mind, { hinglish: "Bas aise hi.", hindi: "बस ऐसे ही।", english: "No special reason." })];
    case "callback_when":
      return [say(mind, { hinglish: "Abhi boliye, main sun raha hoon.", hindi: "अभी बोलिए, मैं सुन रहा हूँ।", english: "You can tell me now." })];
    case "repeat":
    case "recording":
    case "payment":
    case "identity":
    case "other":
      return [say(mind, { hinglish: "Haan ji, boliye.", hindi: "हाँ जी, बोलिए।", english: "Yes, go ahead." })];
  }
}

export function tellBirthYear(mind: Mind, year: number): CalleeAction {
  return say(mind, { hinglish: `Mera janm ${year} ka hai.`, hindi: `मेरा जन्म ${year} का है।`, english: `I was born in ${year}.` });
}

function answerRecording(mind: Mind, recording: NonNullable<Manner["recording"]>, text: string): readonly CalleeAction[] {
  const answer = recording === "no" || recording === "key_no" ? "no" : "yes";
  if (recording === "ignores") return [];
  if (recording.startsWith("key") && asksForKey(text)) return [{ do: "press", digits: answer === "yes" ? "1" : "2", afterMs: 600, recordingAnswer: answer }];
  return answer === "yes"
    ? [say(mind, { hinglish: "Haan, theek hai.", hindi: "हाँ, ठीक है।", english: "Yes, okay." }, { recordingAnswer: answer })]
    : [say(mind, { hinglish: "Nahi, record mat kijiye.", hindi: "नहीं, रिकॉर्ड मत कीजिए।", english: "No, please do not record." }, { recordingAnswer: answer })];
}

function inSilence(mind: Mind, seconds: number): readonly CalleeAction[] {
  if (mind.done && seconds >= 4) return [{ do: "hang_up" }];
  if (seconds < asksAfterSeconds) return [];
  if (mind.askedInVain >= asksTimes) return [{ do: "hang_up" }];
  mind.askedInVain += 1;
  return [say(mind, { hinglish: "Hello? Aap sun rahe hain?", hindi: "हेलो? आप सुन रहे हैं?", english: "Hello? Are you there?" })];
}
