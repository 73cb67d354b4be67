import { type Definition, dispositionRule, type VariableType } from "../domain/definition.ts";
import { type ConversationPlan, hasSecrets } from "./conversation-plan.ts";
import { recordableDispositions } from "./disposition-fields.ts";
import type { ToolDescription } from "./ports.ts";

/** The tools of one call. None takes a phone number, an account or a contact: those are fixed from outside. */
export function toolsFor(plan: ConversationPlan): readonly ToolDescription[] {
  const verifies = plan.definition.verify !== undefined || hasSecrets(plan);
  return [...(verifies ? [verifyParty(plan.definition)] : []), recordDisposition(plan.definition), endCall];
}

function verifyParty(definition: Definition): ToolDescription {
  const asked = definition.verify?.ask ?? [];
  const properties =
    asked.length === 0
      ? { confirmed: { type: "boolean", description: "The person said that they are the one you asked for." } }
      : Object.fromEntries(asked.map((name) => [name, { type: "string", description: `What the person said for ${definition.variables[name]?.label ?? name}, numbers in digits.` }]));
  return {
    name: "verify_party",
    description: "Checks the person's own answer. Succeeds with the facts you may then speak about. Call it only after the person has answered.",
    parameters: { type: "object", properties, required: Object.keys(properties), additionalProperties: false },
  };
}

const fieldHints: Readonly<Record<VariableType, string>> = {
  text: "Free text, one sentence.",
  money: "Rupees in digits, such as 4500.",
  date: "A date such as 2026-12-05.",
  datetime: "A date with a time in India such as 2026-12-05T18:00.",
  number: "A number in digits.",
  boolean: "true or false.",
};

function recordDisposition(definition: Definition): ToolDescription {
  const names = recordableDispositions(definition);
  const fields: Record<string, { type: "string"; description: string }> = {};
  for (const name of names) {
    for (const [field, type] of Object.entries(dispositionRule(definition, name)?.fields ?? {})) {
      fields[field] ??= { type: "string", description: fieldHints[type] };
    }
  }
  return {
    name: "record_disposition",
    description: "Records how the call ended. Give the fields that the chosen disposition needs, as the person said them.",
    parameters: {
      type: "object",
      properties: {
        disposition: { type: "string", enum: names },
        ...(Object.keys(fields).length > 0 ? { fields: { type: "object", properties: fields, additionalProperties: false } } : {}),
        summary: { type: "string", description: "One or two sentences in English on what was said, without names or numbers of accounts." },
      },
      required: ["disposition"],
      additionalProperties: false,
    },
  };
}

const endCall: ToolDescription = {
  name: "end_call",
  description: "Ends the call after your goodbye has been spoken. Say the goodbye in the same answer, or pass it here.",
  parameters: {
    type: "object",
    properties: { goodbye: { type: "string", description: "The goodbye, if you have not written it as your answer." } },
    additionalProperties: false,
  },
};
