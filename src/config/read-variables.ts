import { z } from "zod";
import type { ConfigProblem } from "./config-error.ts";
import { secretVariables, type VariableName, type Variables, variables } from "./variables.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export type Reading = { ok: true; variables: Variables } | { ok: false; problems: ConfigProblem[] };

/** Parses every variable by its kind; the problems of all of them together, one for each. */
export function readVariables(environment: Environment): Reading {
  const names = Object.keys(variables) as VariableName[];
  const given = Object.fromEntries(names.map((name) => [name, presentValue(environment, name)]));
  const read = z.object(variables).safeParse(given);
  if (read.success) return { ok: true, variables: read.data };
  const first = new Map<unknown, z.core.$ZodIssue>();
  for (const issue of read.error.issues) if (!first.has(issue.path[0])) first.set(issue.path[0], issue);
  return { ok: false, problems: [...first.values()].map((issue) => problemOf(issue, given)) };
}

/** The value, unless it is unset or blank: compose files and shells pass blanks for what nobody has set. */
export function presentValue(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === "" ? undefined : value;
}

/** Names that look like ours but are none: most likely misspelt. */
export function strangers(environment: Environment): string[] {
  const ours = /^(?:PRICE|LLM|STT|TTS|REALTIME)_|^TWILIO_FROM|^(?:CALLS_PER|MAX_CONC|MAX_MEDIA|DATA_KEY|CLOCK_|ACKNOWLEDGE)/;
  return Object.keys(environment).filter((name) => ours.test(name) && !(name in variables));
}

function problemOf(issue: z.core.$ZodIssue, given: Readonly<Record<string, string | undefined>>): ConfigProblem {
  const name = String(issue.path[0]);
  const isSecret = secretVariables.some((secret) => secret === name);
  const got = isSecret ? "" : `, got ${JSON.stringify(given[name])}`;
  return { name, message: `${expectation(issue)}${got}` };
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return `expected one of ${issue.values.map(String).join(", ")}`;
  return issue.message;
}
