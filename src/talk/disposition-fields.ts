import { DateTime } from "luxon";
import type { builtInDispositions } from "../domain/definition.ts";
import { type Definition, dispositionRule } from "../domain/definition.ts";
import { readField, type VariableValue } from "./variable-values.ts";

/** Built-in dispositions that a conversation can come to; the others are decided without one. */
const spokenBuiltIns = ["opted_out", "wrong_number", "callback_requested", "not_verified"] as const satisfies readonly (keyof typeof builtInDispositions)[];

/** The closed set the model chooses from: the campaign's own dispositions and the built-in ones a talk can end in. */
export function recordableDispositions(definition: Definition): readonly string[] {
  return [...new Set([...Object.keys(definition.dispositions), ...spokenBuiltIns])];
}

export type DispositionReading =
  | { ok: true; disposition: string; fields: Readonly<Record<string, VariableValue>> }
  | { ok: false; problem: string };

/** A callback may be promised this far ahead. */
const callbackDays = 60;

/**
 * Checks what the model wants to record. Every field of the disposition must be there and right; a promised callback
 * must lie ahead. What is wrong is said in words, all of it at once, so that the model can ask the callee.
 */
export function readDisposition(definition: Definition, name: unknown, given: Readonly<Record<string, unknown>>, nowMs: number): DispositionReading {
  const allowed = recordableDispositions(definition);
  const rule = typeof name === "string" && allowed.includes(name) ? dispositionRule(definition, name) : undefined;
  if (typeof name !== "string" || rule === undefined) return { ok: false, problem: `expected one of ${allowed.join(", ")}, got ${JSON.stringify(name) ?? "nothing"}` };
  const problems: string[] = [];
  const fields: Record<string, VariableValue> = {};
  for (const [field, type] of Object.entries(rule.fields)) {
    const read = readField(type, given[field]);
    if (!read.ok) problems.push(`${field} ${read.problem}`);
    else if (rule.then === "callback" && type === "datetime" && !liesAhead(String(read.value), nowMs)) {
      problems.push(`${field} expected an instant in the next ${callbackDays} days, got ${String(read.value)}`);
    } else fields[field] = read.value;
  }
  return problems.length > 0 ? { ok: false, problem: problems.join("; ") } : { ok: true, disposition: name, fields };
}

/**
 * Whether the word of somebody who did not pass the right-party check suffices. A stranger may say "wrong number", ask for
 * another time or for peace, and is believed about what a person must look at; nobody but the right party closes the matter.
 */
export function believedOfAnybody(definition: Definition, name: string): boolean {
  const own = spokenBuiltIns.some((builtIn) => builtIn === name) ? undefined : definition.dispositions[name];
  return definition.verify === undefined || own === undefined || own.then !== "done" || own.unverified === true;
}

function liesAhead(iso: string, nowMs: number): boolean {
  const atMs = DateTime.fromISO(iso).toMillis();
  return atMs > nowMs && atMs < nowMs + callbackDays * 86_400_000;
}
