import { conversation, type Manner, type Mind, say } from "../callee-manner.ts";
import { payDate } from "./callee-facts.ts";
import type { CalleeAction, Persona } from "./persona.ts";
import { spokenDay, spokenRupees } from "./spoken.ts";

/** What it owes: the amount it heard from the agent, in whole rupees, else the one it remembers. */
export function owedPaise(mind: Mind): number {
  return mind.heardAmountPaise === undefined ? mind.facts.amountPaise : Math.ceil(mind.heardAmountPaise / 100) * 100;
}

/** Promises an amount on its day, and remembers what it promised. */
export function promise(amountPaiseOf: (mind: Mind) => number = owedPaise): (mind: Mind) => readonly CalleeAction[] {
  let promisedPaise: number | undefined;
  return (mind) => {
    promisedPaise ??= amountPaiseOf(mind);
    const day = payDate(mind.facts, mind.now());
    const [amount, on] = [spokenRupees(promisedPaise, mind.tongue), spokenDay(day, mind.tongue)];
    return [
      say(
        mind,
        { hinglish: `Main ${on} ${amount} de doonga.`, hindi: `मैं ${on} ${amount} दे दूँगा।`, english: `I will pay ${amount} ${on}.` },
        { intent: { kind: "promise_to_pay", amountPaise: promisedPaise, date: day.toISODate() } },
      ),
    ];
  };
}

/** How somebody talks who pays; a fresh one for each call, because it remembers its promise. */
export function payersManner(amountPaiseOf?: (mind: Mind) => number): Manner {
  return { answers: { payment: promise(amountPaiseOf) } };
}

const halfRoundedPaise = (mind: Mind): number => Math.max(50_00, Math.round(owedPaise(mind) / 2 / 50_00) * 50_00);

export const payers: readonly Persona[] = [
  {
    name: "pays",
    story: "answers every question and promises the amount due on a day",
    line: { kind: "answers", ringMs: 4_000 },
    nature: "person",
    script: (self) => conversation(self, payersManner()),
  },
  {
    name: "pays_part",
    story: "promises half of the amount",
    line: { kind: "answers", ringMs: 6_000 },
    nature: "person",
    script: (self) => conversation(self, { ...payersManner(halfRoundedPaise), recording: "key_yes" }),
  },
  {
    name: "already_paid",
    story: "says that it paid two days ago",
    line: { kind: "answers", ringMs: 5_000 },
    nature: "person",
    script: (self) =>
      conversation(self, {
        answers: {
          payment: (mind) => {
            const amountPaise = owedPaise(mind);
            const amount = spokenRupees(amountPaise, mind.tongue);
            return [
              say(
                mind,
                { hinglish: `Maine to 2 din pehle hi ${amount} de diye the.`, hindi: `मैंने तो दो दिन पहले ही ${amount} दे दिए थे।`, english: `I already paid ${amount} 2 days ago.` },
                { intent: { kind: "already_paid", amountPaise, date: mind.now().minus({ days: 2 }).toISODate() } },
              ),
            ];
          },
        },
      }),
  },
  {
    name: "asks_if_robot",
    story: "wants to know whether it talks to a machine, then promises",
    line: { kind: "answers", ringMs: 5_000 },
    nature: "person",
    script: (self) => {
      let wondered = false;
      return conversation(self, {
        ...payersManner(),
        first: (event, mind) => {
          if (event.kind !== "agent_finished" || wondered) return undefined;
          wondered = true;
          return [say(mind, { hinglish: "Aap robot ho ya insaan?", hindi: "आप रोबोट हो या इंसान?", english: "Are you a robot or a real person?" }, { intent: { kind: "robot_question" } })];
        },
      });
    },
  },
];
