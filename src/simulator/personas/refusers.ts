import { conversation, type Mind, say, tellBirthYear, whateverIsAsked } from "../callee-manner.ts";
import type { Intent } from "../ledger-events.ts";
import type { CalleeAction, Persona } from "./persona.ts";
import type { Wording } from "./spoken.ts";

/** Says its piece whenever the talk comes to it, and once more before it waits for the goodbye. */
function insists(wording: Wording, intent: Intent): (mind: Mind) => readonly CalleeAction[] {
  return (mind) => {
    mind.done = true;
    return [say(mind, wording, { intent })];
  };
}

const disputes = insists(
  {
    hinglish: "Yeh amount galat hai, maine itna loan liya hi nahi. Mujhe shikayat karni hai.",
    hindi: "यह रकम गलत है, मैंने इतना लोन लिया ही नहीं। मुझे शिकायत करनी है।",
    english: "This amount is wrong. I never took such a loan and I dispute it.",
  },
  { kind: "dispute" },
);

const optsOut = insists(
  {
    hinglish: "Mujhe dobara call mat karo. Mera number hata do.",
    hindi: "मुझे दोबारा कॉल मत करो। मेरा नंबर हटा दो।",
    english: "Do not call me again. Remove my number.",
  },
  { kind: "opt_out" },
);

const wrongNumber = insists(
  { hinglish: "Galat number hai, yahan is naam ka koi nahi hai.", hindi: "गलत नंबर है, यहाँ इस नाम का कोई नहीं है।", english: "You have the wrong number. There is nobody of that name here." },
  { kind: "wrong_number" },
);

const hardship = insists(
  {
    hinglish: "Meri naukri chali gayi hai, abhi mere paas paise nahi hain.",
    hindi: "मेरी नौकरी चली गई है, अभी मेरे पास पैसे नहीं हैं।",
    english: "I lost my job and I have no money at the moment.",
  },
  { kind: "hardship" },
);

export const refusers: readonly Persona[] = [
  {
    name: "disputes",
    story: "says the amount is wrong",
    line: { kind: "answers", ringMs: 5_000 },
    nature: "person",
    script: (self) => conversation(self, { answers: { payment: disputes, reason: disputes } }),
  },
  {
    name: "opts_out",
    story: "does not want to be called again",
    line: { kind: "answers", ringMs: 4_000 },
    nature: "person",
    script: (self) => conversation(self, { recording: "no", answers: whateverIsAsked(optsOut) }),
  },
  {
    name: "wrong_number",
    story: "is a stranger",
    line: { kind: "answers", ringMs: 6_000 },
    nature: "person",
    script: (self) => conversation(self, { recording: "ignores", answers: whateverIsAsked(wrongNumber) }),
  },
  {
    name: "wrong_birth_year",
    story: "gives a wrong birth year, and another wrong one when asked again",
    line: { kind: "answers", ringMs: 5_000 },
    nature: "person",
    script: (self) =>
      conversation(self, {
        answers: {
          birth_year: (mind, times) => [
            tellBirthYear(mind, mind.facts.birthYear + (times === 0 ? 7 : 3)),
            { do: "intend", intent: { kind: "not_verified" } },
          ],
        },
      }),
  },
  {
    name: "lost_job",
    story: "cannot pay because it lost its job",
    line: { kind: "answers", ringMs: 7_000 },
    nature: "person",
    script: (self) => conversation(self, { answers: { payment: hardship, reason: hardship } }),
  },
];
