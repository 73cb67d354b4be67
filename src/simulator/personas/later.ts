import type { DateTime } from "luxon";
import { conversation, type Mind, say, whateverIsAsked } from "../callee-manner.ts";
import type { CalleeAction, Persona } from "./persona.ts";
import { payersManner } from "./payers.ts";
import { spokenHour } from "./spoken.ts";

/** The next six in the evening that is at least half an hour away. */
export function nextSix(now: DateTime<true>): DateTime<true> {
  const today = now.set({ hour: 18, minute: 0, second: 0, millisecond: 0 });
  return today.diff(now, "minutes").minutes >= 30 ? today : today.plus({ days: 1 });
}

/** Tomorrow at eleven in the morning. */
export function tomorrowAtEleven(now: DateTime<true>): DateTime<true> {
  return now.plus({ days: 1 }).set({ hour: 11, minute: 0, second: 0, millisecond: 0 });
}

function asksForCallback(mind: Mind): readonly CalleeAction[] {
  const at = nextSix(mind.now());
  const when = spokenHour(at, mind.now(), mind.tongue);
  return [
    say(
      mind,
      { hinglish: `Main abhi busy hoon, ${when} call kijiye.`, hindi: `मैं अभी व्यस्त हूँ, ${when} कॉल कीजिए।`, english: `I am busy right now, please call me ${when}.` },
      { intent: { kind: "callback", at: at.toISO() } },
    ),
  ];
}

function answersForAnother(mind: Mind): readonly CalleeAction[] {
  const at = tomorrowAtEleven(mind.now());
  const when = spokenHour(at, mind.now(), mind.tongue);
  return [
    say(
      mind,
      {
        hinglish: `Woh ghar par nahi hain, main unki patni hoon. ${when} phone kijiye.`,
        hindi: `वो घर पर नहीं हैं, मैं उनकी पत्नी हूँ। ${when} फ़ोन कीजिए।`,
        english: `He is not at home, I am his wife. Please call ${when}.`,
      },
      { intent: { kind: "callback", at: at.toISO() } },
    ),
  ];
}

/** The hour it asked to be called at, or soon after. */
const isSix = (now: DateTime<true>): boolean => now.hour === 18 || (now.hour === 17 && now.minute >= 45);
const isEleven = (now: DateTime<true>): boolean => now.hour === 11 && now.minute >= 5;

export const later: readonly Persona[] = [
  {
    name: "call_at_six",
    story: "is busy, wants to be called at six in the evening, and then pays",
    line: { kind: "answers", ringMs: 7_000 },
    nature: "person",
    script: (self) => conversation(self, isSix(self.now()) ? payersManner() : { answers: whateverIsAsked(asksForCallback) }),
  },
  {
    name: "relative",
    story: "is the borrower's wife and says when he can be reached; at that hour he answers himself and pays",
    line: { kind: "answers", ringMs: 8_000 },
    nature: "person",
    script: (self) => conversation(self, isEleven(self.now()) ? payersManner() : { answers: whateverIsAsked(answersForAnother) }),
  },
];
