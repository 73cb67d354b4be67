import type { SimCall } from "./carrier-call.ts";
import { frameMs } from "./frame.ts";
import { demodulator } from "./modem.ts";
import { samplesPerMs } from "./mulaw.ts";
import type { TwimlElement } from "./twiml-document.ts";

/** What was gathered, as parameters for the action; undefined when nothing was and nothing is to be sent. */
export type Gathered = Readonly<Record<string, string>> | undefined;

const defaultTimeoutSeconds = 5;
/** `speechTimeout="auto"` ends at a pause of about a second. */
const autoSpeechTimeoutMs = 1_000;

/**
 * Runs a `<Gather>`: plays what stands in it, listens meanwhile and for `timeout` seconds afterwards. Keys and speech cut
 * the prompt short. Time is counted in frames of the line.
 */
export async function gather(call: SimCall, verb: TwimlElement, signal: AbortSignal, prompt: (verb: TwimlElement, signal: AbortSignal) => Promise<void>): Promise<Gathered> {
  const { line } = call;
  if (!line) return undefined;
  const inputs = new Set((verb.attributes["input"] ?? "dtmf").split(/\s+/));
  const promptOver = new AbortController();
  const stopPrompt = AbortSignal.any([signal, promptOver.signal]);
  const bargesIn = verb.attributes["bargeIn"] !== "false";
  const listening = listen(call, verb, inputs, () => bargesIn && promptOver.abort());
  const ended = (): void => listening.stop(undefined);
  signal.addEventListener("abort", ended, { once: true });
  for (const child of verb.children) {
    if (stopPrompt.aborted) break;
    await prompt(child, stopPrompt);
  }
  listening.startTimeout();
  const result = await listening.result;
  promptOver.abort();
  signal.removeEventListener("abort", ended);
  if (result) return result;
  return verb.attributes["actionOnEmptyResult"] === "true" ? {} : undefined;
}

interface Listening {
  result: Promise<Gathered>;
  /** The prompt is over: from now on the patience runs out. */
  startTimeout(): void;
  stop(result: Gathered): void;
}

function listen(call: SimCall, verb: TwimlElement, inputs: ReadonlySet<string>, onInput: () => void): Listening {
  const { attributes } = verb;
  const timeoutMs = Number(attributes["timeout"] ?? defaultTimeoutSeconds) * 1_000;
  const speechTimeout = attributes["speechTimeout"] ?? "auto";
  const speechTimeoutMs = speechTimeout === "auto" ? autoSpeechTimeoutMs : Number(speechTimeout) * 1_000;
  const finishOnKey = attributes["finishOnKey"] ?? "#";
  const { promise, resolve } = Promise.withResolvers<Gathered>();
  const words: string[] = [];
  let digits = "";
  let waitedMs: number | undefined;

  const hear = demodulator(
    (word) => {
      words.push(word);
      onInput();
    },
    { onSoundStart: () => onInput() },
  );
  const stopListening = call.line?.tap((said) => {
    if (inputs.has("speech")) hear.push(said);
    const silentMs = (hear.samplesHeard - hear.lastSoundEnd) / samplesPerMs;
    if (words.length > 0 && silentMs >= speechTimeoutMs) stop({ SpeechResult: words.join(" "), Confidence: "0.9", ...(attributes["language"] ? { Language: attributes["language"] } : {}) });
    else if (waitedMs !== undefined) {
      waitedMs = silentMs < frameMs && hear.lastSoundEnd > 0 ? 0 : waitedMs + frameMs;
      if (waitedMs >= timeoutMs && words.length === 0) stop(digits === "" ? undefined : { Digits: digits });
    }
  });
  const stopKeys = call.line?.onDigit((digit) => {
    if (!inputs.has("dtmf")) return;
    onInput();
    if (digit === finishOnKey) return stop({ Digits: digits, FinishedOnKey: digit });
    digits += digit;
    if (waitedMs !== undefined) waitedMs = 0;
    if (digits.length >= Number(attributes["numDigits"] ?? Number.POSITIVE_INFINITY)) stop({ Digits: digits });
  });
  const stop = (result: Gathered): void => {
    stopListening?.();
    stopKeys?.();
    resolve(result);
  };
  return {
    result: promise,
    startTimeout: () => {
      waitedMs = 0;
    },
    stop,
  };
}
