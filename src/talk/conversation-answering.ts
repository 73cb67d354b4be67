import type { AnsweredBy } from "../domain/attempt.ts";
import { bareWords } from "./backchannel.ts";
import { closeSilently, settleForClosing } from "./conversation-ending.ts";
import { voicemailMessageOf } from "./conversation-plan.ts";
import { say, stopSpeech } from "./conversation-playback.ts";
import { type Answering, change, type EventOf, setTimer, type Step } from "./conversation-state.ts";
import { type MachinePhrase, machinePhrasesIn, speaksForHimself } from "./machine-phrases.ts";

/*
 * Who picked up. The agent greets at once and finds out while talking: from the carrier's detection, from sentences that
 * only recordings say, from sentences that come twice, from silence where a person would answer. One signal never ends
 * a call; two do, and every sign of a person counts against one.
 */

const signalsToHangUp = 2;

/** A recording's first words may pass for a person's; who has said more than this is one. */
const mostTurnsTakenBack = 2;
/** A turn at least this long that comes again word for word is played, not spoken. */
const fewestWordsOfALoop = 8;

/** Takes in one turn of the callee; answers whether it was a recording's. */
export function noteTurn(step: Step, text: string): boolean {
  const { answering, verification } = step.state;
  const spoken = machinePhrasesIn(text, answering.phrases);
  const saidBefore = timesSaidBefore(step, text);
  const phrases = spoken.length === 0 ? loopIn(text, saidBefore) : spoken;
  const known = new Set(answering.phrases.map((phrase) => phrase.id));
  const fresh = phrases.filter((phrase) => !known.has(phrase.id));
  change(step, {
    answering: {
      ...answering,
      phrases: [...answering.phrases, ...fresh],
      repeats: answering.repeats || (spoken.length > 0 && saidBefore > 0),
      personTurns: verification.verified ? answering.personTurns : personTurnsAfter(answering.personTurns, { spoken, phrases, saidBefore }),
    },
  });
  return phrases.length > 0;
}

/**
 * Turns that no recording explains. Two sentences of a recording in one turn make the turns before it part of the same
 * recording ("hi, this is Rahul" … "leave a message after the tone"); a loop takes back its own earlier rounds.
 */
function personTurnsAfter(before: number, turn: { spoken: readonly MachinePhrase[]; phrases: readonly MachinePhrase[]; saidBefore: number }): number {
  if (turn.spoken.length >= signalsToHangUp && before <= mostTurnsTakenBack) return 0;
  if (turn.spoken.length > 0) return before;
  return turn.phrases.length > 0 ? Math.max(0, before - 1) : before + 1;
}

/** The third round is as good as a second signal. */
function loopIn(text: string, saidBefore: number): readonly MachinePhrase[] {
  if (saidBefore === 0 || bareWords(text).length < fewestWordsOfALoop || speaksForHimself(text)) return [];
  return [{ id: saidBefore === 1 ? "said_again" : "said_a_third_time", kind: "carrier_announcement" }];
}

function timesSaidBefore(step: Step, text: string): number {
  const words = bareWords(text).join(" ");
  return step.state.history.filter((entry) => entry.kind === "callee" && bareWords(entry.text).join(" ") === words).length;
}

export function onCarrierVerdict(step: Step, event: EventOf<"carrier_verdict">): void {
  if (event.answeredBy === "unknown") return;
  change(step, { answering: { ...step.state.answering, carrier: event.answeredBy } });
  endIfMachine(step);
}

/** Our question met silence and nobody has spoken sensibly yet. */
export function noteSilence(step: Step): void {
  if (step.state.answering.personTurns > 0) return;
  change(step, { answering: { ...step.state.answering, silentToUs: true } });
  endIfMachine(step);
}

/** Ends the call, or goes on to leave a message, when the signals suffice. */
export function endIfMachine(step: Step): void {
  const verdict = machineVerdict(step.state.answering);
  if (verdict === undefined || step.state.closing) return;
  change(step, { answering: { ...step.state.answering, verdict } });
  const reason = verdict === "carrier_announcement" ? "carrier_announcement" : "voicemail";
  if (verdict !== "voicemail" || voicemailMessageOf(step.state.plan, step.state.language.current) === null) {
    return closeSilently(step, { reason, hangupBy: "agent" });
  }
  stopSpeech(step);
  settleForClosing(step);
  change(step, { closing: { reason, hangupBy: "agent", stage: "waiting_for_beep" } });
  if (!step.state.callee.speaking) awaitBeep(step);
}

/** The recording has paused: after the beep it is our turn. */
export function awaitBeep(step: Step): void {
  if (step.state.closing?.stage === "waiting_for_beep") setTimer(step, "beep", step.state.plan.timings.beepMs);
}

export function onBeepOver(step: Step): void {
  const closing = step.state.closing;
  if (closing?.stage !== "waiting_for_beep" || step.state.callee.speaking) return;
  change(step, { closing: { ...closing, stage: "speaking" } });
  say(step, "voicemail_message", voicemailMessageOf(step.state.plan, step.state.language.current) ?? "");
}

function machineVerdict(answering: Answering): AnsweredBy | undefined {
  const carrierSaysMachine = answering.carrier !== "unknown" && answering.carrier !== "person";
  const forMachine = answering.phrases.length + (carrierSaysMachine ? 1 : 0) + (answering.repeats ? 1 : 0) + (answering.silentToUs ? 1 : 0);
  const forPerson = Math.min(2, answering.personTurns) + (answering.carrier === "person" ? 1 : 0);
  const heardOrTold = answering.phrases.length > 0 || carrierSaysMachine;
  if (!heardOrTold || forMachine - forPerson < signalsToHangUp) return undefined;
  const announcements = answering.phrases.filter((phrase) => phrase.kind === "carrier_announcement").length;
  if (announcements * 2 > answering.phrases.length) return "carrier_announcement";
  return answering.carrier === "fax" ? "fax" : "voicemail";
}
