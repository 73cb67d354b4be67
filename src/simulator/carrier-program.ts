import { pause } from "../domain/clock.ts";
import { callForm } from "./carrier-callbacks.ts";
import { type SimCall, isOver } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { endCall } from "./carrier-ending.ts";
import { fetchAudio } from "./carrier-fetch-audio.ts";
import { gather } from "./carrier-gather.ts";
import { type CallOrder, type Callback, readRecordingOrder } from "./carrier-parameters.ts";
import { startRecording } from "./carrier-recordings.ts";
import { connectStream } from "./carrier-stream.ts";
import { modulate } from "./modem.ts";
import { parseTwiml, type TwimlDocument, type TwimlElement } from "./twiml-document.ts";

/** What a verb leads to: the next verb, another document, or the end of the call. */
export type Next = { kind: "on" } | { kind: "document"; document: TwimlDocument } | { kind: "hang_up" };
const on: Next = { kind: "on" };

const applicationError = "We are sorry, an application error has occurred. Goodbye.";

/**
 * Runs a call's TwiML from its first verb; a document that runs out hangs up. New TwiML set over REST aborts
 * `call.program` and is run in its stead.
 */
export async function runProgram(context: CarrierContext, call: SimCall, program: CallOrder["program"]): Promise<void> {
  const { signal } = call.program;
  let document = program.kind === "inline" ? program.document : await fetchTwiml(context, call, program.callback, "twiml", {});
  while (document && !signal.aborted) {
    const next: Next = await runDocument(context, call, document, signal);
    document = next.kind === "document" ? next.document : undefined;
  }
  if (!signal.aborted) endCall(context, call, { status: "completed", hungUpBy: "twiml", sipCode: 200 });
}

/** Stops what runs and goes on with something else, as an update over REST does. */
export function replaceProgram(context: CarrierContext, call: SimCall, program: CallOrder["program"]): void {
  call.program.abort();
  call.program = new AbortController();
  void runProgram(context, call, program);
}

async function runDocument(context: CarrierContext, call: SimCall, document: TwimlDocument, signal: AbortSignal): Promise<Next> {
  for (const verb of document.verbs) {
    if (signal.aborted) return { kind: "hang_up" };
    context.world.ledger.record({ kind: "verb", verb: verb.name, text: verb.text }, call.sid);
    const next = await runVerb(context, call, verb, signal);
    if (next.kind !== "on") return next;
  }
  return { kind: "hang_up" };
}

async function runVerb(context: CarrierContext, call: SimCall, verb: TwimlElement, signal: AbortSignal): Promise<Next> {
  switch (verb.name) {
    case "Say":
    case "Play":
    case "Pause":
      await runPrompt(context, call, verb, signal);
      return on;
    case "Gather": {
      const result = await gather(call, verb, signal, (prompt, stop) => runPrompt(context, call, prompt, stop));
      const action = verb.attributes["action"];
      if (signal.aborted || !result) return on;
      if (action === undefined) {
        context.world.ledger.error("bad_twiml", "<Gather> has a result but no action to send it to", call.sid);
        return on;
      }
      return documentOrEnd(await fetchTwiml(context, call, { url: action, method: methodOf(verb) }, "gather", result));
    }
    case "Start":
      for (const child of verb.children) {
        if (child.name === "Recording") startRecording(context, call, readRecordingOrder(capitalised(child.attributes)), "StartCallRecordingTwiML");
      }
      return on;
    case "Connect":
      for (const child of verb.children) if (child.name === "Stream") await connectStream(context, call, child, signal);
      return on;
    case "Redirect":
      return documentOrEnd(await fetchTwiml(context, call, { url: verb.text, method: methodOf(verb) }, "redirect", {}));
    case "Hangup":
      return { kind: "hang_up" };
    default:
      return on;
  }
}

/** The verbs that only make sound or wait. */
async function runPrompt(context: CarrierContext, call: SimCall, verb: TwimlElement, signal: AbortSignal): Promise<void> {
  const times = Math.max(1, Number(verb.attributes["loop"] ?? 1));
  for (let time = 0; time < times && !signal.aborted; time += 1) {
    if (verb.name === "Say") await call.line?.play(modulate(verb.text), signal);
    if (verb.name === "Play") await call.line?.play(await fetchAudio(context, call, verb.text), signal);
    if (verb.name === "Pause") await pause(context.world.clock, Number(verb.attributes["length"] ?? 1) * 1_000, signal);
  }
}

/** Asks our side what to do next; when that fails asks the fallback, and when that fails says so and ends. */
async function fetchTwiml(context: CarrierContext, call: SimCall, callback: Callback, purpose: string, extra: Readonly<Record<string, string>>): Promise<TwimlDocument | undefined> {
  const { ledger } = context.world;
  const { fallback } = call.order;
  for (const target of fallback && fallback.url !== callback.url ? [callback, fallback] : [callback]) {
    if (isOver(call)) return undefined;
    const form = { ...callForm(context, call), ...extra, ...(target === callback ? {} : { ErrorCode: "11200", ErrorUrl: callback.url }) };
    const answer = await context.webhooks.send({ purpose: target === callback ? purpose : "fallback", callSid: call.sid, callback: target, form });
    if (!answer.ok) continue;
    const reading = parseTwiml(answer.body);
    for (const fault of reading.faults) ledger.error(reading.document ? "unknown_twiml" : "bad_twiml", `${target.url}: ${fault}`, call.sid);
    if (reading.document) return reading.document;
  }
  await call.line?.play(modulate(applicationError), call.over.signal);
  return undefined;
}

const documentOrEnd = (document: TwimlDocument | undefined): Next => (document ? { kind: "document", document } : { kind: "hang_up" });
const methodOf = (verb: TwimlElement): Callback["method"] => (verb.attributes["method"]?.toUpperCase() === "GET" ? "GET" : "POST");

/** Attributes of `<Recording>` under the names of the REST parameters. */
function capitalised(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const form = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]));
  return form["Channels"] === undefined ? form : { ...form, RecordingChannels: form["Channels"] };
}
