import { optOut } from "./conversation-ending.ts";
import { change, type EventOf, setTimer, type Step } from "./conversation-state.ts";
import { onHearing } from "./conversation-turn-taking.ts";

/** The key that means "do not call me again" when it is pressed alone. */
const optOutDigit = "9";
const mostDigits = 32;

/** Keys are gathered for a moment: a lone 9 is an opt-out, a 9 within a number is part of the number. */
export function onDigit(step: Step, event: EventOf<"digit">): void {
  change(step, { digits: (step.state.digits + event.digit).slice(-mostDigits) });
  setTimer(step, "digits", step.state.plan.timings.digitGapMs);
}

/** An entry is complete: it counts as what the callee said. */
export function onDigitsOver(step: Step): void {
  const { digits } = step.state;
  if (digits === "") return;
  change(step, { digits: "" });
  if (digits === optOutDigit) return optOut(step, "pressed");
  onHearing(step, { kind: "hearing", atMs: step.atMs, hearing: { kind: "ended", text: digits, languages: [], silentForMs: step.state.plan.timings.digitGapMs } });
}
