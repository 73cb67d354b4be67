import { foldedWords } from "./services/hearing/fold.ts";
import { anyPhrase, type Phrase } from "./services/hearing/phrases.ts";

/** What an agent's utterance asks of the person, as far as a callee cares. */
export const topics = [
  "recording",
  "birth_year",
  "repeat",
  "which_language",
  "callback_when",
  "reason",
  "confirm",
  "attendance",
  "interest",
  "payment",
  "identity",
  "goodbye",
  "other",
] as const;
export type Topic = (typeof topics)[number];

const recordingWords: Phrase = anyPhrase("record|recorded|recording|rikord|rikard|rikording|rikarding|रिकॉर्ड|रिकॉर्डिंग|रिकार्ड");

/** Asked in this order within one sentence: the more special wording wins. */
const phrases: ReadonlyArray<readonly [Exclude<Topic, "other">, Phrase]> = [
  ["recording", recordingWords],
  ["birth_year", anyPhrase("birth|born|dob|janm|janam|paida|janmtithi|janmdin|janmvarsh", "jnm", "year of birth")],
  ["which_language", anyPhrase("which|what language", "kis|kaunsi|kaun bhasha|bhaasha|language")],
  ["callback_when", anyPhrase("call .. back", "kitne|kis|kaun baje|samay|time|vakt", "kab .. call|phone|fon|kol", "what|which|when time", "good time to", "dobara|phir|fir .. call|phone|fon|kol")],
  ["reason", anyPhrase("why|reason|vajah|wajah|kaaran|karan|kyon|kyun|kyu")],
  ["repeat", anyPhrase("repeat|dobara|dohra|dohraaiye", "phir|fir se", "say .. again", "did not|didnt|could not|couldnt catch|hear|understand|get", "samajh nahi|nahin", "sunaai|sunai nahi|nahin", "sorry .. again")],
  ["confirm", anyPhrase("that|this|it right|correct|okay", "sahi|theek|thik hai", "correct")],
  ["attendance", anyPhrase("will|can|are|able you .. come|coming|attend", "aa paenge|paaenge|paayenge|sakenge|rahe|jaenge", "aaenge|aayenge|aenge")],
  ["interest", anyPhrase("interested|interest", "ruchi|dilchaspi|chahenge")],
  ["payment", anyPhrase("when|kab .. pay|payment|bhugtaan|jama|chuka|de|karenge|doge|denge", "pay|payment|bhugtaan|bhugtan|jama|chukaa|chuka|bakaaya|bakaya|due|dues|emi|kist|kisht|installment|outstanding|fees|fee|rupees|rupaye|tareekh|tarikh|date|when|kab|amount|raashi|rashi")],
  ["confirm", anyPhrase("confirm|pushti|ok|okay")],
  ["identity", anyPhrase("speaking with|to", "am i speaking|talking", "is this", "this is", "baat .. raha|rahi|rahe|kar|ho", "kya aap|main|mai", "bol raha|rahi|rahe", "may i|can i|could i speak|talk", "calling from|regarding|about", "ki taraf|or|oor se", "good time", "kya abhi|ye|yah")],
  ["goodbye", anyPhrase("thank|thanks|goodbye|bye|dhanyavaad|dhanyavad|shukriya|alvida", "shubh|good|nice din|day", "take care", "have a")],
];

/** A sentence of the agent that waits for an answer. */
const asks = (sentence: string): boolean => sentence.trimEnd().endsWith("?");

/**
 * What the callee takes an utterance to be about: the last question in it, else its last sentence that means anything.
 * A goodbye counts only when nothing is asked.
 */
export function topicOf(utterance: string): Topic {
  const sentences = utterance.match(/[^.?!।]+[.?!।]*/g) ?? [utterance];
  const recording = sentences.some((sentence) => topicOfSentence(sentence) === "recording");
  if (recording && sentences.some((sentence) => asks(sentence) || pressesKey(foldedWords(sentence)))) return "recording";
  const heard = sentences.map((sentence) => ({ topic: topicOfSentence(sentence), asked: asks(sentence) })).reverse();
  const lastQuestion = heard.find((one) => one.asked && one.topic !== "other" && one.topic !== "goodbye");
  if (lastQuestion) return lastQuestion.topic;
  if (heard.some((one) => one.asked)) return "other";
  return heard.find((one) => one.topic !== "other")?.topic ?? "other";
}

const pressesKey = anyPhrase("press|dabaye|dabaaye|dabaiye|dabaaiye|dabao|dabaayen|दबाएँ|दबाएं|दबाइए|दबाइये|दबाओ");

/** Only a question asks for confirmation: "theek hai, dhanyavaad" is a goodbye. */
function topicOfSentence(sentence: string): Topic {
  const words = foldedWords(sentence);
  return phrases.find(([topic, heard]) => heard(words) && (topic !== "confirm" || asks(sentence)))?.[0] ?? "other";
}

/** Whether a text speaks of recording. */
export function mentionsRecording(text: string): boolean {
  return recordingWords(foldedWords(text));
}

/** Whether an utterance asks to press a key for yes. */
export function asksForKey(utterance: string): boolean {
  return pressesKey(foldedWords(utterance));
}

/** Whether an utterance is in English rather than Hindi: more of its words are English function words. */
export function soundsEnglish(utterance: string): boolean {
  if (/[\u0900-\u097f]/.test(utterance)) return false;
  const words = foldedWords(utterance);
  const english = words.filter((word) => englishWords.has(word)).length;
  const hindi = words.filter((word) => hindiWords.has(word)).length;
  return english > hindi;
}

const englishWords: ReadonlySet<string> = new Set(foldedWords("the is are you your to of and for can could would may i we this that when what please with have will sure ok thank"));
const hindiWords: ReadonlySet<string> = new Set(foldedWords("hai hain ka ki ke ko se mein aap aapka aapki main hum kya kab nahi haan ji kar raha rahi ho kripya dhanyavaad namaste"));
