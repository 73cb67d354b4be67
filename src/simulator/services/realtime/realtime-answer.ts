import type { Random } from "../../../domain/random.ts";
import { wholeBelow } from "../../../domain/random.ts";
import { modulateWords } from "../../modem.ts";
import { samplesPerMs } from "../../mulaw.ts";
import type { BrainReply } from "../brain/brain-reply.ts";
import { tokensOf } from "../openai/chat-pieces.ts";
import type { Item } from "./realtime-items.ts";

/** One event of a response, `delayMs` after its beginning. */
export interface TimedEvent {
  delayMs: number;
  event: Record<string, unknown> & { type: string };
  /** Runs as the event leaves. */
  onLeave?: () => void;
}

const timesRealTime = 6;
const audioPieceSamples = 2_000;

/** Names the parts of a response need. */
export interface AnswerIds {
  responseId: string;
  newId: (prefix: string) => string;
}

/**
 * A reply as the events of one response, in order: for spoken text an item with audio and its transcript, for each
 * tool call an item with its arguments. The first sound comes 250 to 399 ms after the beginning.
 */
export function answerEvents(reply: BrainReply, spoken: boolean, random: Random, ids: AnswerIds, add: (item: Item) => void): TimedEvent[] {
  const events: TimedEvent[] = [];
  let atMs = 250 + wholeBelow(random, 150);
  let outputIndex = 0;
  if (reply.text !== "") {
    const made = spoken ? spokenItem(reply.text, atMs, ids, add) : writtenItem(reply.text, atMs, ids, add);
    events.push(...made.events);
    atMs = made.endMs;
    outputIndex += 1;
  }
  for (const call of reply.toolCalls) {
    events.push(...callEvents(call, atMs, outputIndex, ids, add));
    outputIndex += 1;
  }
  return events;
}

interface Made {
  events: TimedEvent[];
  endMs: number;
}

function spokenItem(text: string, startMs: number, { responseId, newId }: AnswerIds, add: (item: Item) => void): Made {
  const { audio, words } = modulateWords(text);
  const id = newId("item");
  const where = { response_id: responseId, item_id: id, output_index: 0, content_index: 0 };
  const open = { id, object: "realtime.item", type: "message", role: "assistant", status: "in_progress", content: [] };
  const item: Item = { id, wire: { ...open, status: "incomplete", content: [{ type: "output_audio", transcript: text }] }, message: { role: "assistant", content: text }, speech: { words, audioMs: 0 } };
  const events: TimedEvent[] = [...opening(open, where, startMs, { type: "audio", transcript: "" }, () => add(item))];
  let told = 0;
  for (let from = 0; from < audio.length; from += audioPieceSamples) {
    const delayMs = startMs + from / samplesPerMs / timesRealTime;
    const piece = audio.subarray(from, from + audioPieceSamples);
    const until = words.findLast((word) => word.startSample < from + audioPieceSamples)?.charEnd ?? 0;
    if (until > told) events.push({ delayMs, event: { type: "response.output_audio_transcript.delta", ...where, delta: text.slice(told, until) } });
    told = Math.max(told, until);
    events.push({
      delayMs,
      event: { type: "response.output_audio.delta", ...where, delta: Buffer.from(piece).toString("base64") },
      onLeave: () => {
        item.speech = { words, audioMs: Math.round((from + piece.length) / samplesPerMs) };
      },
    });
  }
  const endMs = startMs + audio.length / samplesPerMs / timesRealTime;
  const done: TimedEvent[] = [
    { delayMs: endMs, event: { type: "response.output_audio.done", ...where } },
    { delayMs: endMs, event: { type: "response.output_audio_transcript.done", ...where, transcript: text } },
    { delayMs: endMs, event: { type: "response.content_part.done", ...where, part: { type: "audio", transcript: text } } },
  ];
  return { events: [...events, ...done, ...closing(item, where, endMs)], endMs };
}

function writtenItem(text: string, startMs: number, { responseId, newId }: AnswerIds, add: (item: Item) => void): Made {
  const id = newId("item");
  const where = { response_id: responseId, item_id: id, output_index: 0, content_index: 0 };
  const open = { id, object: "realtime.item", type: "message", role: "assistant", status: "in_progress", content: [] };
  const item: Item = { id, wire: { ...open, status: "incomplete", content: [{ type: "output_text", text }] }, message: { role: "assistant", content: text } };
  const tokens = tokensOf(text).map((delta, at): TimedEvent => ({ delayMs: startMs + at * 15, event: { type: "response.output_text.delta", ...where, delta } }));
  const endMs = startMs + tokens.length * 15;
  const done: TimedEvent[] = [
    { delayMs: endMs, event: { type: "response.output_text.done", ...where, text } },
    { delayMs: endMs, event: { type: "response.content_part.done", ...where, part: { type: "text", text } } },
  ];
  return { events: [...opening(open, where, startMs, { type: "text", text: "" }, () => add(item)), ...tokens, ...done, ...closing(item, where, endMs)], endMs };
}

function callEvents(call: BrainReply["toolCalls"][number], startMs: number, outputIndex: number, { responseId, newId }: AnswerIds, add: (item: Item) => void): TimedEvent[] {
  const [id, callId] = [newId("item"), newId("call")];
  const where = { response_id: responseId, item_id: id, output_index: outputIndex };
  const open = { id, object: "realtime.item", type: "function_call", status: "in_progress", call_id: callId, name: call.name, arguments: "" };
  const item: Item = {
    id,
    wire: { ...open, status: "incomplete", arguments: call.argumentsJson },
    message: { role: "assistant", content: null, tool_calls: [{ id: callId, type: "function", function: { name: call.name, arguments: call.argumentsJson } }] },
  };
  const pieces = call.argumentsJson.match(/.{1,12}/gsu) ?? [];
  const endMs = startMs + pieces.length * 12;
  return [
    ...opening(open, where, startMs, undefined, () => add(item)),
    ...pieces.map((delta, at): TimedEvent => ({ delayMs: startMs + at * 12, event: { type: "response.function_call_arguments.delta", ...where, call_id: callId, delta } })),
    { delayMs: endMs, event: { type: "response.function_call_arguments.done", ...where, call_id: callId, name: call.name, arguments: call.argumentsJson } },
    ...closing(item, where, endMs),
  ];
}

function opening(open: object, where: { response_id: string; output_index: number }, atMs: number, part: object | undefined, onLeave: () => void): TimedEvent[] {
  const { response_id, output_index } = where;
  return [
    { delayMs: atMs, event: { type: "response.output_item.added", response_id, output_index, item: open }, onLeave },
    { delayMs: atMs, event: { type: "conversation.item.added", previous_item_id: null, item: open } },
    ...(part === undefined ? [] : [{ delayMs: atMs, event: { type: "response.content_part.added", ...where, part } }]),
  ];
}

function closing(item: Item, { response_id, output_index }: { response_id: string; output_index: number }, atMs: number): TimedEvent[] {
  const whole = { ...item.wire, status: "completed" };
  const onLeave = (): void => {
    item.wire = whole;
  };
  return [
    { delayMs: atMs, event: { type: "conversation.item.done", previous_item_id: null, item: whole }, onLeave },
    { delayMs: atMs, event: { type: "response.output_item.done", response_id, output_index, item: whole } },
  ];
}
