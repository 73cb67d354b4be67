import { describe, expect, test } from "vitest";
import { istFromMs } from "../../../src/domain/clock.ts";
import { seededRandom } from "../../../src/domain/random.ts";
import type { Intent } from "../../../src/simulator/ledger-events.ts";
import { calleeFacts } from "../../../src/simulator/personas/callee-facts.ts";
import { personaNamed } from "../../../src/simulator/personas/persona-of.ts";
import { nowMs, type ScriptedCall, scriptedCall } from "./scripted-call.ts";

/** Last two digits of numbers whose owners speak Hinglish, Hindi and English. */
const numberOf = { hinglish: "+916000001003", hindi: "+916000001030", english: "+916000001055" } as const;

/** Lets a callee and the scripted model talk in text until the callee has nothing more to say. */
function talk(personaName: string, number: string, campaign: string): { call: ScriptedCall; intents: Intent[] } {
  const facts = calleeFacts(number);
  const variables = { amount_due: 565_000, due_date: "2026-12-06", birth_year: facts.birthYear, loan_type: "home", appointment_at: "2026-12-13T10:30:00+05:30", offer: "ten percent off" };
  const call = scriptedCall(campaign, { language: facts.tongue === "english" ? "en-IN" : "hi-IN", variables });
  const script = personaNamed(personaName).script({ facts, random: seededRandom(1), now: () => istFromMs(nowMs) });
  const intents: Intent[] = [];
  const saidIn = (actions: ReturnType<typeof script>): string => {
    for (const action of actions) {
      if (action.do === "say" && action.intent) intents.push(action.intent);
      if (action.do === "intend") intents.push(action.intent);
    }
    return actions.flatMap((action) => (action.do === "say" ? [action.text] : [])).join(" ");
  };
  let utterance = 0;
  let words = saidIn(script({ kind: "answered" }));
  if (words === "") words = saidIn(script({ kind: "agent_finished", text: "Hello, this is the automated assistant of Sahayak Finance.", utterance: 0 }));
  for (let turn = 0; turn < 12 && words !== "" && !call.ended; turn += 1) {
    const text = call.hear(words).join(" ");
    words = saidIn(script({ kind: "agent_finished", text, utterance: (utterance += 1) }));
  }
  return { call, intents };
}

const dispositionOf: Readonly<Record<Intent["kind"], (intent: Intent) => { disposition: string; fields: object }>> = {
  promise_to_pay: (intent) => ({ disposition: "promise_to_pay", fields: intent.kind === "promise_to_pay" ? { amount: intent.amountPaise, date: intent.date } : {} }),
  callback: (intent) => ({ disposition: "callback_requested", fields: intent.kind === "callback" ? { at: intent.at.replace(".000", "") } : {} }),
  already_paid: (intent) => ({ disposition: "already_paid", fields: intent.kind === "already_paid" ? { date: intent.date } : {} }),
  dispute: () => ({ disposition: "dispute", fields: { reason: expect.any(String) as string } }),
  opt_out: () => ({ disposition: "opted_out", fields: {} }),
  wrong_number: () => ({ disposition: "wrong_number", fields: {} }),
  not_verified: () => ({ disposition: "not_verified", fields: {} }),
  hardship: () => ({ disposition: "hardship", fields: { reason: expect.any(String) as string } }),
  attends: () => ({ disposition: "confirmed", fields: {} }),
  not_interested: () => ({ disposition: "not_interested", fields: {} }),
  robot_question: () => ({ disposition: "", fields: {} }),
  no_words: () => ({ disposition: "", fields: {} }),
};

const talkers = ["pays", "pays_part", "already_paid", "asks_if_robot", "disputes", "opts_out", "wrong_number", "wrong_birth_year", "lost_job", "call_at_six", "relative", "slow_talker", "switches_language"];

describe.each(Object.entries(numberOf))("callees who speak %s", (_, number) => {
  test.each(["appointment-reminder", "festive-offer"])("an ordinary person and the %s", (campaign) => {
    const { call, intents } = talk("pays", number, campaign);
    expect(intents.length).toBe(1);
    expect({ said: call.said, recorded: call.recorded }).toEqual({ said: call.said, recorded: intents[0] && dispositionOf[intents[0].kind](intents[0]) });
  });

  test.each(talkers)("%s: what it meant is what is recorded", (name) => {
    const { call, intents } = talk(name, number, "loan-collection");
    const meant = intents.findLast((intent) => intent.kind !== "robot_question");
    expect(meant).toBeDefined();
    expect({ said: call.said, recorded: call.recorded }).toEqual({ said: call.said, recorded: meant && dispositionOf[meant.kind](meant) });
    expect(call.ended).toBe(true);
  });
});
