import { assertNever } from "../domain/exhaustive.ts";
import type { CalleeLine } from "./callee.ts";
import { type ModulatedWord, modulateSound, modulateWords, type SpeechPace } from "./modem.ts";
import { samplesPerMs, silenceByte } from "./mulaw.ts";
import { samplesPerFrame, silentFrame } from "./frame.ts";
import type { CalleeAction } from "./personas/persona.ts";

export interface CalleeMouth {
  /** Takes on the actions of one answer, after whatever it still means to do. */
  intend(actions: readonly CalleeAction[]): void;
  /** The agent goes on speaking: what has not begun is dropped, but for what is firm. */
  dropReplies(): void;
  /** The 160 samples it sounds from the given sample on. */
  frame(fromSample: number): Uint8Array;
  /** Whether it sounds, or means to. */
  isBusy(): boolean;
  lastSoundEnd(): number;
  /** The call is over. */
  cutOff(): void;
}

export interface CalleeMouthOptions {
  line: CalleeLine;
  pace: SpeechPace;
  /** Milliseconds until it reacts, drawn anew each time. */
  reaction: () => number;
  onCutIn: () => void;
}

interface Sounding {
  audio: Uint8Array;
  words: readonly ModulatedWord[];
  startSample: number;
  action: Extract<CalleeAction, { do: "say" | "sound" }>;
}

type TimedAction = Exclude<CalleeAction, { do: "intend" }>;

/** Carries out what a callee decides: one action after the other, in samples of the line. */
export function calleeMouth({ line, pace, reaction, onCutIn }: CalleeMouthOptions): CalleeMouth {
  let pending: TimedAction[] = [];
  let headStartsAt: number | null = null;
  let sounding: Sounding | null = null;
  let lastSoundEnd = 0;
  let afterAnother = false;

  const finish = (done: Sounding, endSample: number): void => {
    lastSoundEnd = endSample;
    afterAnother = true;
    if (done.action.do !== "say") return;
    line.ledger.record({ kind: "said", text: done.action.text, startSample: done.startSample, endSample, finished: true }, line.callSid);
    if (done.action.intent) line.ledger.record({ kind: "intent", intent: done.action.intent }, line.callSid);
    if (done.action.recordingAnswer) line.ledger.record({ kind: "recording_answer", answer: done.action.recordingAnswer }, line.callSid);
  };

  const begin = (action: TimedAction, atSample: number): void => {
    switch (action.do) {
      case "say": {
        if (action.cutsIn) onCutIn();
        const { audio, words } = modulateWords(action.text, pace);
        sounding = { audio: audio.subarray(0, words.at(-1)?.endSample ?? 0), words, startSample: atSample, action };
        return;
      }
      case "sound":
        sounding = { audio: modulateSound(action.name, action.durationMs), words: [], startSample: atSample, action };
        return;
      case "press":
        if (action.recordingAnswer) line.ledger.record({ kind: "recording_answer", answer: action.recordingAnswer }, line.callSid);
        for (const digit of action.digits) line.press(digit);
        afterAnother = true;
        return;
      case "hang_up":
        line.hangUp();
        return;
      default:
        return assertNever(action, "callee action");
    }
  };

  const beginDue = (atSample: number): void => {
    const head = pending[0];
    if (!head) return;
    headStartsAt ??= atSample + Math.round((head.afterMs ?? (afterAnother ? 150 : reaction())) * samplesPerMs);
    if (atSample < headStartsAt) return;
    pending.shift();
    headStartsAt = null;
    begin(head, atSample);
  };

  return {
    intend(actions) {
      if (pending.length === 0 && !sounding && actions.length > 0) afterAnother = false;
      for (const action of actions) {
        if (action.do === "intend") line.ledger.record({ kind: "intent", intent: action.intent }, line.callSid);
        else pending.push(action);
      }
    },
    dropReplies() {
      const head = pending[0];
      pending = pending.filter((action) => action.firm);
      if (pending[0] !== head) headStartsAt = null;
    },
    frame(fromSample) {
      if (!sounding) beginDue(fromSample);
      if (!sounding) return silentFrame;
      const at = fromSample - sounding.startSample;
      const piece = sounding.audio.subarray(at, at + samplesPerFrame);
      const over = at + samplesPerFrame >= sounding.audio.length;
      lastSoundEnd = fromSample + piece.length;
      if (over) {
        finish(sounding, lastSoundEnd);
        sounding = null;
      }
      if (piece.length === samplesPerFrame) return piece;
      const frame = new Uint8Array(samplesPerFrame).fill(silenceByte);
      frame.set(piece);
      return frame;
    },
    isBusy: () => sounding !== null || pending.length > 0,
    lastSoundEnd: () => lastSoundEnd,
    cutOff() {
      pending = [];
      if (sounding?.action.do !== "say") return;
      const heard = lastSoundEnd - sounding.startSample;
      const words = sounding.words.filter((word) => word.endSample <= heard);
      const text = words.map((word) => word.text).join(" ");
      line.ledger.record({ kind: "said", text, startSample: sounding.startSample, endSample: lastSoundEnd, finished: false }, line.callSid);
      sounding = null;
    },
  };
}
