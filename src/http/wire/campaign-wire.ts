import { z } from "zod";
import { attemptStates } from "../../domain/attempt.ts";
import { acknowledgeableCodes, campaignStates } from "../../domain/campaign.ts";
import { contactStates } from "../../domain/contact.ts";
import type { definitionSchema } from "../../domain/definition.ts";
import { counts, instantOrNull, instantText } from "./common-wire.ts";

const jsonObject = z.record(z.string(), z.unknown());

/** Checked by the stage, which names every problem of a definition at once; described here. */
const definitionInput = jsonObject.meta({ description: "A campaign definition; unknown keys are refused" });

export const campaignWire = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(["list", "single_calls"]),
    state: z.enum(campaignStates),
    paused_because: z.string().nullable(),
    template: z.string().nullable(),
    definition: z.custom<z.input<typeof definitionSchema>>().meta({ override: { type: "object" } }),
    weight: z.number(),
    acknowledged: z.array(z.string()),
    created_at: instantText,
    started_at: instantOrNull,
    finished_at: instantOrNull,
    updated_at: instantText,
  })
  .meta({ id: "Campaign" });

export const newCampaignWire = z.strictObject({
  name: z.string().min(1).max(120).optional(),
  definition: definitionInput.optional(),
  template: z.string().min(1).max(80).optional().meta({ description: "Name of a file in campaigns/, without its ending" }),
  overrides: jsonObject.optional().meta({ description: "JSON Merge Patch laid over the definition or template" }),
});

export const campaignPatchWire = z.strictObject({
  name: z.string().min(1).max(120).optional(),
  weight: z.int().min(1).max(1_000).optional(),
  limits: z.record(z.string(), z.number().nullable()).optional(),
  window: jsonObject.nullable().optional(),
  overrides: jsonObject.optional().meta({ description: "Only while the campaign is a draft" }),
});

export const startWire = z.strictObject({
  acknowledge: z.array(z.string().max(80)).max(20).optional().meta({ description: `Codes vouched for: ${acknowledgeableCodes.join(", ")}` }),
});

const reason = z.object({ reason: z.string(), contacts: z.number(), until: instantOrNull, detail: z.string().optional() });

export const progressWire = z
  .object({
    campaign_id: z.string(),
    name: z.string(),
    state: z.enum(campaignStates),
    paused_because: z.string().nullable(),
    started_at: instantOrNull,
    finished_at: instantOrNull,
    rows: z.object({ uploaded: z.number(), accepted: z.number(), rejected: z.number() }),
    contacts: z.number(),
    funnel: z.record(z.enum(contactStates), z.object({ contacts: z.number(), reasons: counts })),
    live_calls: z.number(),
    calls_by_state: z.partialRecord(z.enum(attemptStates), z.number()),
    not_dialing_because: z.array(reason),
  })
  .meta({ id: "Progress" });

export const preflightWire = z
  .object({
    rows: z.object({ total: z.number(), callable: z.number(), blocked: z.number(), blocked_by_reason: counts, by_state: counts }),
    missing: z.array(z.object({ code: z.string(), message: z.string(), acknowledgeable: z.boolean() })),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })),
    sample: z.object({ contacts: z.number(), greeting: z.string().nullable() }),
    calls: z.number(),
    answered: z.number(),
    calls_by_day: z.array(z.object({ date: z.string(), calls: z.number() })),
    calls_per_second: z.number(),
    limited_by: z.enum(["pace", "concurrency"]),
    finish_at: instantOrNull,
    cost_inr: z.object({ low: z.number(), likely: z.number(), high: z.number() }),
    assumptions: z.object({
      reached: z.number(),
      no_answer: z.number(),
      busy: z.number(),
      voicemail: z.number(),
      not_reached: z.number(),
      talk_seconds: z.number(),
      ring_seconds: z.number(),
    }),
  })
  .meta({ id: "Preflight" });

export const reportWire = z
  .object({
    campaign_id: z.string(),
    name: z.string(),
    contacts_called: z.number(),
    contacts_reached: z.number(),
    connect_rate: z.number().nullable(),
    attempts: z.number(),
    dispositions: z.array(z.object({ disposition: z.string(), contacts: z.number(), reached: z.boolean() })),
    latency: z.object({
      turns: z.number(),
      reply_p50_ms: z.number().nullable(),
      reply_p95_ms: z.number().nullable(),
      greeting_p50_ms: z.number().nullable(),
      greeting_p95_ms: z.number().nullable(),
    }),
    cost: z.object({ total_inr: z.number(), per_reached_inr: z.number().nullable(), talk_minutes: z.number() }),
    by_hour: z.array(z.object({ hour: z.number(), attempts: z.number(), answered: z.number(), cost_inr: z.number() })),
  })
  .meta({ id: "Report" });
