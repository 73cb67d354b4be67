import { DateTime } from "luxon";
import { IST } from "../../../domain/clock.ts";
import type { ChatMessage } from "../openai/chat-request.ts";

/** What the standing instruction tells a model that reads it with care. */
export interface PromptFacts {
  /** The instant the prompt names; undefined when it names none, then relative days cannot be understood. */
  now: DateTime<true> | undefined;
  personName: string | undefined;
  /** What the agent may speak about from the start. */
  facts: readonly Fact[];
  dispositions: readonly KnownDisposition[];
  tongue: "hindi" | "english";
  /** What the last system message asks for this one answer. */
  orders: { introduce: boolean; askIfAnybodyIsThere: boolean };
  /** Who the agent says it is: the prompt's first lines. */
  persona: string;
}

export interface Fact {
  label: string;
  value: string;
}

export interface KnownDisposition {
  name: string;
  meaning: string;
  /** Field names with their types, as far as the prompt tells. */
  fields: Readonly<Record<string, string>>;
}

/** Reads all system messages; later ones win where they speak of the same thing. */
export function readPrompt(messages: readonly ChatMessage[]): PromptFacts {
  const texts = messages.filter((message) => message.role === "system" || message.role === "developer").map(textOf);
  const whole = texts.join("\n\n");
  const person = sectionLines(whole, /^(?:the )?(?:person|contact|callee)\b/i).map(labelled);
  return {
    now: instantIn(whole),
    personName: person.find((fact) => /^name$/i.test(fact.label))?.value.replace(/^not known$/i, "") || undefined,
    facts: person.filter((fact) => !/^name$/i.test(fact.label) && fact.value !== ""),
    dispositions: sectionLines(whole, /how the call can end|dispositions/i).map(dispositionOf),
    tongue: tongueOf(texts, messages),
    orders: { introduce: /not heard your greeting/i.test(texts.at(-1) ?? ""), askIfAnybodyIsThere: /recording may be speaking/i.test(texts.at(-1) ?? "") },
    persona: whole.split(/(?<=[.!?।])\s/)[0] ?? "",
  };
}

/** The text of a message, whatever form its content has. */
export function textOf(message: ChatMessage): string {
  const { content } = message;
  if (content == null) return "";
  return typeof content === "string" ? content : content.map((part) => part.text).join("");
}

function sectionLines(prompt: string, title: RegExp): string[] {
  const lines = prompt.split("\n");
  const start = lines.findIndex((line) => title.test(line) && line.trimEnd().endsWith(":"));
  if (start === -1) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.startsWith("- "));
  return (end === -1 ? rest : rest.slice(0, end)).map((line) => line.slice(2));
}

function labelled(line: string): Fact {
  const colon = line.indexOf(":");
  return colon === -1 ? { label: line, value: "" } : { label: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
}

function dispositionOf(line: string): KnownDisposition {
  const { label, value } = labelled(line);
  const [meaning = "", needs = ""] = value.split(/;\s*needs\s+/);
  const fields = [...needs.matchAll(/([a-z][a-z0-9_]*)\s*\((\w+)\)/g)].map((match) => [match[1] ?? "", match[2] ?? ""]);
  return { name: label, meaning, fields: Object.fromEntries(fields) as Record<string, string> };
}

function instantIn(prompt: string): DateTime<true> | undefined {
  const iso = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:\+05:30|Z)/.exec(prompt)?.[0];
  const said = /\b(\d{1,2} [A-Z][a-z]+ \d{4}),? (?:at )?(\d{1,2}:\d{2})/.exec(prompt);
  const instant = iso === undefined ? DateTime.fromFormat(`${said?.[1] ?? ""} ${said?.[2] ?? ""}`, "d LLLL yyyy H:mm", { zone: IST, locale: "en-IN" }) : DateTime.fromISO(iso, { zone: IST });
  return instant.isValid ? instant : undefined;
}

function tongueOf(systemTexts: readonly string[], messages: readonly ChatMessage[]): "hindi" | "english" {
  for (const text of [...systemTexts].reverse()) {
    const told = /\b(?:answer|speak|reply|respond) in (\w+)/i.exec(text)?.[1];
    if (told !== undefined) return /hindi/i.test(told) ? "hindi" : "english";
  }
  const spoken = messages.filter((message) => message.role === "assistant" || message.role === "user").map(textOf);
  return spoken.some((text) => /[\u0900-\u097f]/.test(text)) ? "hindi" : "english";
}
