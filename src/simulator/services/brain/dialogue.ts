import type { ChatMessage, ChatRequest } from "../openai/chat-request.ts";
import { jsonObject } from "../service-socket.ts";
import { type Fact, type PromptFacts, readPrompt, textOf } from "./prompt-reading.ts";
import { readTools, type ToolBook } from "./tool-book.ts";
import { type Heard, understand } from "./understanding.ts";

/** What a model can know of the call from the messages so far. */
export interface Dialogue {
  prompt: PromptFacts;
  tools: ToolBook;
  /** What the callee said, oldest first, since something was last recorded. */
  heard: readonly Heard[];
  /** Of these, the ones after the verification. */
  heardSinceVerified: readonly Heard[];
  verified: boolean;
  failedVerifications: number;
  noAttemptLeft: boolean;
  /** Facts that verification opened. */
  openedFacts: readonly Fact[];
  recorded: boolean;
  failedRecords: number;
  /** The agent's last words did not reach the callee to the end. */
  cutOff: boolean;
  /** What the model is to react to: the last thing that happened. */
  last: { kind: "callee" } | { kind: "verification"; ok: boolean; answerMissing: boolean } | { kind: "recording"; ok: boolean; problem: string } | { kind: "ended" } | { kind: "nothing" };
}

/** Reads a request from its first message to its last. */
export function readDialogue(request: ChatRequest): Dialogue {
  const prompt = readPrompt(request.messages);
  const tools = readTools(request.tools ?? [], prompt.dispositions);
  const names = new Map<string, string>();
  const dialogue: Mutable<Dialogue> = {
    prompt, tools, heard: [], heardSinceVerified: [], verified: false, failedVerifications: 0, noAttemptLeft: false,
    openedFacts: [], recorded: false, failedRecords: 0, cutOff: false, last: { kind: "nothing" },
  };
  for (const message of request.messages) take(dialogue, message, names);
  return dialogue;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function take(dialogue: Mutable<Dialogue>, message: ChatMessage, names: Map<string, string>): void {
  switch (message.role) {
    case "system":
    case "developer":
      return;
    case "user": {
      const heard = understand(textOf(message), dialogue.prompt.now, dialogue.prompt.personName);
      dialogue.heard = [...dialogue.heard, heard];
      if (dialogue.verified) dialogue.heardSinceVerified = [...dialogue.heardSinceVerified, heard];
      dialogue.last = { kind: "callee" };
      return;
    }
    case "assistant":
      if (textOf(message) !== "") dialogue.cutOff = /\bcut off\b|—\s*$/.test(textOf(message));
      for (const call of message.tool_calls ?? []) names.set(call.id, call.function.name);
      return;
    case "tool":
      return takeResult(dialogue, names.get(message.tool_call_id) ?? "", textOf(message));
  }
}

function takeResult(dialogue: Mutable<Dialogue>, name: string, text: string): void {
  const { verify, record, end } = dialogue.tools;
  if (name === verify?.name) {
    const ok = saysSuccess(text);
    if (ok) {
      dialogue.verified = true;
      dialogue.openedFacts = factsIn(text);
      dialogue.heardSinceVerified = [];
    } else {
      dialogue.failedVerifications += 1;
      dialogue.noAttemptLeft = saysNoAttemptLeft(text);
    }
    dialogue.last = { kind: "verification", ok, answerMissing: /has(?: not|n.t) answered|no person has answered/i.test(text) };
  } else if (name === record?.name) {
    const ok = saysSuccess(text);
    if (ok) {
      dialogue.recorded = true;
      dialogue.heard = [];
      dialogue.heardSinceVerified = [];
    } else dialogue.failedRecords += 1;
    dialogue.last = { kind: "recording", ok, problem: text };
  } else if (name === end?.name) dialogue.last = { kind: "ended" };
}

const successKeys = ["ok", "verified", "success", "recorded", "matched"] as const;

/** Whether a tool's answer is a yes, however it is worded. */
function saysSuccess(text: string): boolean {
  const result = jsonObject(text);
  if (result === undefined) return /^\W*(?:ok|verified|recorded|success|done)\b/i.test(text);
  const flags = successKeys.flatMap((key) => (typeof result[key] === "boolean" ? [result[key]] : []));
  if (flags.length > 0) return flags.every(Boolean);
  return !("error" in result || "problem" in result || "problems" in result);
}

function saysNoAttemptLeft(text: string): boolean {
  const result = jsonObject(text);
  const left = Object.entries(result ?? {}).find(([key, value]) => /attempts?_?(?:left|remaining)/i.test(key) && typeof value === "number")?.[1];
  return left === undefined ? /\bno (?:more )?attempts?\b/i.test(text) : left === 0;
}

const notFacts = new Set<string>([...successKeys, "status", "attempts_left", "message", "note", "next", "instruction", "say"]);

/** The facts in a tool's answer: its lines "label (name): value", or in JSON an object of them, or what stands beside the flags. */
function factsIn(text: string): Fact[] {
  const result = jsonObject(text);
  if (result === undefined) return text.split("\n").slice(1).flatMap(factInLine);
  const nested = Object.values(result).find((value): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value));
  return Object.entries(nested ?? result)
    .filter(([key, value]) => !notFacts.has(key) && (typeof value === "string" || typeof value === "number"))
    .map(([key, value]) => ({ label: key.replaceAll("_", " "), value: String(value) }));
}

function factInLine(line: string): Fact[] {
  const match = /^\W*([^:(]+?)\s*(?:\(\w+\))?:\s*(\S.*)$/.exec(line);
  return match?.[1] !== undefined && match[2] !== undefined ? [{ label: match[1], value: match[2] }] : [];
}
