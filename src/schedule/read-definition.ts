import { type z } from "zod";
import { type Definition, definitionSchema, type DefinitionSource } from "../domain/definition.ts";
import { type FieldProblem, Refusal } from "../domain/errors.ts";
import { placeholdersIn } from "./placeholders.ts";

export interface ReadDefinition {
  /** As written: what is stored. */
  source: DefinitionSource;
  /** As used: defaults filled in. */
  definition: Definition;
}

/** Columns that every contact may have, besides the definition's variables. */
const knownColumns = ["name", "language", "external_id"];

/**
 * Checks a campaign definition: its shape, and what no shape can say (a greeting may only name variables that exist and
 * are not sensitive, `verify` asks for variables that exist …). Throws a `Refusal` 422 `invalid_definition` that names
 * every problem by its path.
 */
export function readDefinition(source: unknown): ReadDefinition {
  const parsed = definitionSchema.safeParse(source);
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap(problemsOf));
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw invalid(problems);
  return { source: source as DefinitionSource, definition: parsed.data };
}

function invalid(errors: FieldProblem[]): Refusal {
  const first = errors[0];
  const detail = first ? `the campaign definition is not valid: ${first.path === "" ? "" : `${first.path}: `}${first.message}` : "the campaign definition is not valid";
  return new Refusal(422, "invalid_definition", detail, { errors });
}

function problemsOf(issue: z.core.$ZodIssue): FieldProblem[] {
  const at = (...path: PropertyKey[]): string => [...issue.path, ...path].map(String).join(".");
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({ path: at(key), message: "is not a known setting" }));
  return [{ path: at(), message: issue.message }];
}

function contradictions(definition: Definition): FieldProblem[] {
  return [
    ...spokenTexts(definition).flatMap(([path, text]) => wordingProblems(definition, path, text)),
    ...(definition.verify?.ask ?? [])
      .filter((name) => !(name in definition.variables))
      .map((name) => ({ path: "verify.ask", message: `${name} is not among the variables` })),
    ...(definition.window && definition.window.from >= definition.window.to
      ? [{ path: "window", message: `expected from to be before to, got ${definition.window.from} and ${definition.window.to}` }]
      : []),
    ...(definition.voicemail === "leave_message" && definition.voicemail_message === undefined
      ? [{ path: "voicemail_message", message: "expected a text, because voicemail is leave_message" }]
      : []),
    ...(definition.recording.mode !== "off" && definition.recording.notice === undefined
      ? [{ path: "recording.notice", message: `expected a text, because recording.mode is ${definition.recording.mode}` }]
      : []),
    ...(definition.limits.per_number_per_day > definition.limits.per_number_per_week
      ? [{ path: "limits.per_number_per_week", message: "expected at least per_number_per_day" }]
      : []),
  ];
}

/** Every text that is spoken before anybody is verified, with its path. */
function spokenTexts(definition: Definition): [path: string, text: string][] {
  const texts: [string, string | Partial<Record<string, string>> | undefined][] = [
    ["agent.greeting", definition.agent.greeting],
    ["agent.goodbye", definition.agent.goodbye],
    ["recording.notice", definition.recording.notice],
    ["voicemail_message", definition.voicemail_message],
  ];
  return texts.flatMap(([path, text]): [string, string][] => {
    if (text === undefined) return [];
    if (typeof text === "string") return [[path, text]];
    return Object.entries(text).map(([language, wording]): [string, string] => [`${path}.${language}`, wording ?? ""]);
  });
}

function wordingProblems(definition: Definition, path: string, text: string): FieldProblem[] {
  return placeholdersIn(text).flatMap((name) => {
    if (definition.variables[name]?.sensitive) return [{ path, message: `{{${name}}} is sensitive and may not be spoken before the person is verified` }];
    if (name in definition.variables || knownColumns.includes(name)) return [];
    return [{ path, message: `{{${name}}} is not among the variables` }];
  });
}
