import { bareWords } from "./backchannel.ts";

/** What people say around a name or a word they are asked for, and never the answer itself. */
const around = new Set(
  ("it it's its is this that the a an my mine our i i'm im am me we and of in at from by to was were born live lives living staying stay called name names named full first last maiden sir madam ma'am mam ji please yes yeah haan han haa ok okey okay hello hi hmm uh um " +
    "mother mother's mothers father father's fathers mummy papa husband husband's wife wife's school city town village pet place birth birthplace surname favourite favorite answer " +
    "mera meri mere hamara hamari naam nam ka ki ke ko hai hain tha thi main mai hoon hun se mein me bol raha rahi maa mata pita ghar gaon shahar sheher rehta rehti rahta rahti ye yeh wo woh to toh " +
    "मेरा मेरी मेरे हमारा हमारी नाम का की के को है हैं था थी मैं हूँ हूं से में जी हाँ हां बोल रहा रही माँ मां माता पिता घर गाँव गांव शहर यह ये वह वो तो रहता रहती").split(" "),
);

/** Words that offer a choice instead of an answer. */
const offering = new Set("or ya either maybe perhaps otherwise shayad या अथवा शायद".split(" "));
const denying = new Set("not no nahi nahin na isn't नहीं नही न".split(" "));

/** More words than this are talk and no answer. */
const mostAnswerWords = 6;

/** Whether a text offers several things to choose from ("Suresh or Mahesh", "1984 ya 1985"). */
export function offersChoice(text: string): boolean {
  return bareWords(text).some((word) => offering.has(word));
}

/** The words of a text that may be the answer; none when it is only talk, or a choice, or says what the answer is not. */
export function answerWords(text: string): readonly string[] {
  const words = bareWords(text);
  const own = words.filter((word) => !around.has(word));
  const isTalk = own.length > mostAnswerWords || words.some((word) => denying.has(word)) || offersChoice(text);
  return isTalk ? [] : own;
}

/** Whether a text says the expected words and, beyond what stands around an answer, no other. Case, order and spaces do not count. */
export function textMatches(text: string, expected: string): boolean {
  const wanted = bareWords(expected);
  const own = answerWords(text);
  if (wanted.length === 0 || own.length === 0) return false;
  const given = new Set(bareWords(text));
  const isSame = wanted.every((word) => given.has(word)) && own.every((word) => wanted.includes(word));
  return isSame || own.join("") === wanted.join("");
}
