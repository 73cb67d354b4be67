import type { ChatTool } from "../openai/chat-request.ts";
import type { KnownDisposition } from "./prompt-reading.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The tools of a call as a model understands them from names, descriptions and schemas. */
export interface ToolBook {
  verify: { name: string; answers: readonly VerifyAnswer[]; arguments: (answers: Readonly<Record<string, unknown>>) => object } | undefined;
  record: { name: string; dispositions: readonly KnownDisposition[]; arguments: (disposition: string, fields: Readonly<Record<string, unknown>>, summary: string) => object } | undefined;
  end: { name: string } | undefined;
}

export interface VerifyAnswer {
  key: string;
  /** What to ask for, in the words of the schema. */
  label: string;
  kind: "text" | "yes";
}

/** Reads the tools; what the prompt tells of dispositions completes what the schema leaves open. */
export function readTools(tools: readonly ChatTool[], told: readonly KnownDisposition[]): ToolBook {
  const find = (pattern: RegExp): ChatTool["function"] | undefined => tools.find((tool) => pattern.test(tool.function.name))?.function;
  const verify = find(/verify/);
  const record = find(/disposition|record_outcome/);
  const end = find(/end_call|hang_?up/);
  return {
    verify: verify && verifyTool(verify),
    record: record && recordTool(record, told),
    end: end && { name: end.name },
  };
}

function verifyTool(tool: ChatTool["function"]): NonNullable<ToolBook["verify"]> {
  const outer = properties(tool.parameters);
  const nested = Object.entries(outer).find(([, schema]) => schema["type"] === "object" && Object.keys(properties(schema)).length > 0);
  const asked = nested ? properties(nested[1]) : outer;
  const answers = Object.entries(asked).map(([key, schema]): VerifyAnswer => ({ key, label: labelOf(key, schema), kind: schema["type"] === "boolean" ? "yes" : "text" }));
  return { name: tool.name, answers, arguments: (given) => (nested ? { [nested[0]]: given } : given) };
}

function labelOf(key: string, schema: Schema): string {
  const said = /said for (.+?)(?:,|\.|$)/.exec(textIn(schema, "description"))?.[1];
  return said ?? key.replaceAll("_", " ");
}

function recordTool(tool: ChatTool["function"], told: readonly KnownDisposition[]): NonNullable<ToolBook["record"]> {
  const outer = properties(tool.parameters);
  const names = enumOf(outer["disposition"]);
  const fieldSchemas = outer["fields"] === undefined ? outer : properties(outer["fields"]);
  const fieldTypes = Object.fromEntries(
    Object.entries(fieldSchemas)
      .filter(([key]) => !["disposition", "fields", "summary"].includes(key))
      .map(([key, schema]) => [key, fieldType(key, schema)]),
  );
  const dispositions = names.map((name) => told.find((known) => known.name === name) ?? { name, meaning: name.replaceAll("_", " "), fields: guessedFields(name, fieldTypes) });
  return {
    name: tool.name,
    dispositions,
    arguments: (disposition, fields, summary) => ({
      disposition,
      ...(outer["fields"] === undefined ? fields : Object.keys(fields).length > 0 ? { fields } : {}),
      ...(outer["summary"] === undefined ? {} : { summary }),
    }),
  };
}

/** Without a word in the prompt, fields belong where their type fits. */
function guessedFields(disposition: string, types: Readonly<Record<string, string>>): Record<string, string> {
  const fitting = (wanted: readonly string[]): Record<string, string> => Object.fromEntries(Object.entries(types).filter(([, type]) => wanted.includes(type)));
  if (/promise|will_pay|ptp/.test(disposition)) return fitting(["money", "date"]);
  if (/callback|reschedul/.test(disposition)) return fitting(["datetime"]);
  return {};
}

function fieldType(key: string, schema: Schema): string {
  const hint = `${key} ${textIn(schema, "format")} ${textIn(schema, "description")}`.toLowerCase();
  if (/rupee|paise|amount|money/.test(hint)) return "money";
  if (/date-time|datetime|t18:00|with a time/.test(hint)) return "datetime";
  if (/\bdate\b/.test(hint)) return "date";
  if (schema["type"] === "boolean" || /true or false/.test(hint)) return "boolean";
  return schema["type"] === "number" || schema["type"] === "integer" || /number in digits/.test(hint) ? "number" : "text";
}

function textIn(schema: Schema, key: string): string {
  const value = schema[key];
  return typeof value === "string" ? value : "";
}

function properties(schema: unknown): Record<string, Schema> {
  if (typeof schema !== "object" || schema === null) return {};
  return ((schema as Schema)["properties"] ?? {}) as Record<string, Schema>;
}

function enumOf(schema: Schema | undefined): string[] {
  const values = schema?.["enum"];
  return Array.isArray(values) ? values.filter((value): value is string => typeof value === "string") : [];
}
