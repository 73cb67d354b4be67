import type { DateTime } from "luxon";
import { foldedWords } from "../hearing/fold.ts";
import { phrase } from "../hearing/phrases.ts";
import { saysHalf, saysWholeAmount, spokenAmountPaise } from "../hearing/spoken-amounts.ts";
import { spokenDate } from "../hearing/spoken-dates.ts";
import { spokenInstant } from "../hearing/spoken-times.ts";
import { type Intent, intentsIn, saysNotNow } from "./intents.ts";

/** One utterance of the callee, understood as far as it goes. */
export interface Heard {
  text: string;
  words: readonly string[];
  intents: ReadonlySet<Intent>;
  amountPaise: number | undefined;
  /** The day meant if it lies ahead, and if it lies behind. */
  comingDay: DateTime<true> | undefined;
  goneDay: DateTime<true> | undefined;
  instant: DateTime<true> | undefined;
  wholeAmount: boolean;
  half: boolean;
}

const callWord = phrase("call|calls|kol|phone|fon|kaal");
const notPaid = phrase("nahi|nahin|not|havent|abhi .. diya|di|diye|paid|chuka|kiya");
const paysLater = phrase("dunga|dungi|denge|karunga|karungi|karenge|karoonga|pay|bharunga|bharungi");

/** Understands an utterance said at `now`; without it days and times stay unknown. */
export function understand(text: string, now: DateTime<true> | undefined, personName: string | undefined): Heard {
  const words = foldedWords(text);
  const intents = new Set(intentsIn(words));
  if (personName !== undefined && deniesName(words, personName)) intents.add("wrong_number");
  if (intents.has("already_paid") && notPaid(words)) intents.delete("already_paid");
  return {
    text,
    words,
    intents,
    amountPaise: spokenAmountPaise(words),
    comingDay: now && spokenDate(words, now),
    goneDay: now && spokenDate(words, now, "gone"),
    instant: now && spokenInstant(words, now),
    wholeAmount: saysWholeAmount(words),
    half: saysHalf(words),
  };
}

/** "Main Ramesh nahi hoon", "this is not Ramesh", "no Ramesh here". */
function deniesName(words: readonly string[], personName: string): boolean {
  const name = foldedWords(personName)[0];
  if (name === undefined) return false;
  const no = "(?:not|no|nahi|nahin|nai|koi)";
  const text = ` ${words.join(" ")} `;
  return new RegExp(` ${no}(?: \\S+){0,1} ${name} `).test(text) || new RegExp(` ${name}(?: \\S+){0,2} ${no} `).test(text);
}

/** What an utterance comes to when it decides something by itself; undefined when it only answers or asks. */
export function meaningOf(heard: Heard): Intent | undefined {
  const { intents, words } = heard;
  const laterToday = saysNotNow(words) && (intents.has("callback") || heard.instant !== undefined);
  if (intents.has("opt_out") && !laterToday) return "opt_out";
  if (intents.has("wrong_number")) return "wrong_number";
  if (intents.has("bereavement")) return "bereavement";
  if (intents.has("already_paid")) return "already_paid";
  if (intents.has("dispute")) return "dispute";
  if (intents.has("complaint")) return "complaint";
  if (intents.has("hardship")) return "hardship";
  if (intents.has("reschedule")) return "reschedule";
  const asksForCall = intents.has("callback") && (callWord(words) || !(intents.has("promise") && paysLater(words)));
  if (asksForCall && (callWord(words) || !intents.has("refused"))) return "callback";
  if (intents.has("refused")) return "refused";
  if (intents.has("promise")) return "promise";
  if (intents.has("decline")) return "decline";
  if (intents.has("accept")) return "accept";
  return undefined;
}
