import { z } from "zod";
import { closeAfterSpeech, closeWith, optOut } from "./conversation-ending.ts";
import { goodbyeOf } from "./conversation-plan.ts";
import { change, type Step } from "./conversation-state.ts";
import { verifyParty } from "./conversation-verification.ts";
import { believedOfAnybody, readDisposition } from "./disposition-fields.ts";
import type { ToolCall } from "./ports.ts";

/** More tool calls than this in one call are a model that has lost its way. */
export const mostToolCalls = 16;

/** The tool that only writes down what the callee has said. */
export const recordTool = "record_disposition";

const anyArguments = z.record(z.string(), z.unknown());

/**
 * Runs one tool and keeps its result for the model. Running the same call again gives the same result and changes
 * nothing twice. Answers whether the model is to go on speaking afterwards.
 */
export function runTool(step: Step, call: ToolCall, saidWithIt: boolean): { goOn: boolean } {
  change(step, { toolCalls: step.state.toolCalls + 1 });
  const given = argumentsOf(call);
  if (given === undefined) return answer(step, call, "Error: the arguments are no JSON object. Call the tool again with correct arguments.");
  if (step.state.toolCalls > mostToolCalls) return answer(step, call, "Error: too many tool calls in this call. Say goodbye and end it.");
  switch (call.name) {
    case recordTool:
      return answer(step, call, recordDisposition(step, given));
    case "verify_party":
      return answer(step, call, verifyParty(step, given));
    case "end_call":
      return endCall(step, call, given, saidWithIt);
    default:
      return answer(step, call, `Error: there is no tool ${call.name}. The tools are record_disposition, verify_party and end_call.`);
  }
}

function argumentsOf(call: ToolCall): Readonly<Record<string, unknown>> | undefined {
  if (call.argumentsJson.trim() === "") return {};
  try {
    return anyArguments.safeParse(JSON.parse(call.argumentsJson)).data;
  } catch {
    return undefined;
  }
}

function answer(step: Step, call: ToolCall, result: string, goOn = true): { goOn: boolean } {
  change(step, { history: [...step.state.history, { kind: "tool", call, result, atMs: step.atMs }] });
  return { goOn };
}

function recordDisposition(step: Step, given: Readonly<Record<string, unknown>>): string {
  if (step.state.optedOut) return "Recorded already: the person does not want to be called any more.";
  const nested = anyArguments.safeParse(given["fields"]).data ?? {};
  const reading = readDisposition(step.state.plan.definition, given["disposition"], { ...given, ...nested }, step.atMs);
  if (!reading.ok) return `Error: ${reading.problem}. Ask the person if you do not know, then call the tool again.`;
  const summary = typeof given["summary"] === "string" ? given["summary"].slice(0, 1_000) : step.state.outcome.summary;
  const isBelieved = step.state.verification.verified || believedOfAnybody(step.state.plan.definition, reading.disposition);
  const outcome = isBelieved ? { disposition: reading.disposition, fields: reading.fields } : { disposition: "not_verified", fields: { ...reading.fields, claimed: reading.disposition } };
  change(step, { outcome: { ...outcome, summary } });
  step.effects.push({ do: "checkpoint" });
  if (!isBelieved) {
    return `Recorded as not_verified, with what the person said: only the right person can be recorded as ${reading.disposition}. If verify_party succeeds after all, record ${reading.disposition} again.`;
  }
  if (reading.disposition === "opted_out") optOut(step, "said");
  return "Recorded.";
}

function endCall(step: Step, call: ToolCall, given: Readonly<Record<string, unknown>>, saidWithIt: boolean): { goOn: boolean } {
  const result = answer(step, call, "The call ends now.", false);
  const written = typeof given["goodbye"] === "string" ? given["goodbye"].trim() : "";
  if (written === "" && saidWithIt) closeAfterSpeech(step, "agent_goodbye");
  else closeWith(step, { reason: "agent_goodbye", hangupBy: "agent", goodbye: written === "" ? goodbyeOf(step.state.plan, step.state.language.current) : written, hushFirst: false });
  return result;
}
