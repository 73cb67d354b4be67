import { z } from "zod";
import { contactStates } from "../../domain/contact.ts";
import { instantOrNull, instantText } from "./common-wire.ts";

const text = z.string().max(4_096);

export const newCallWire = z.strictObject({
  template: z.string().min(1).max(80),
  to: z.string().max(40).meta({ description: "The number, as people write it", examples: ["+91 98765 43210"] }),
  name: text.optional(),
  variables: z.record(z.string().max(64), z.union([text, z.number(), z.boolean()])).default({}),
  language: z.string().max(40).optional(),
  not_before: z.string().max(40).optional(),
  not_after: z.string().max(40).optional(),
  external_id: z.string().max(128).optional(),
  acknowledge: z.array(z.string().max(80)).max(20).optional().meta({ description: "Missing papers vouched for, as at the start of a campaign; kept for later calls of the template" }),
});

export const scheduledCallWire = z.object({ id: z.string(), state: z.literal("waiting"), next_attempt_at: instantText.meta({ description: "The first instant at which it may ring, by the hours of the law and of the definition" }), waiting_because: z.string().nullable().meta({ description: "Code of the window it waits for" }) }).meta({ id: "ScheduledCall" });

const callHead = {
  id: z.string(),
  campaign_id: z.string(),
  template: z.string().nullable(),
  external_id: z.string().nullable(),
  to: z.string().nullable(),
  state: z.enum(contactStates),
  disposition: z.string().nullable(),
  waiting_because: z.string().nullable(),
  blocked_reason: z.string().nullable(),
  next_attempt_at: instantOrNull,
  language: z.string(),
  created_at: instantText,
  revision: z.number(),
};

export const callLineWire = z.object({ ...callHead, attempts: z.number() }).meta({ id: "CallLine" });

const latency = z.object({
  end_of_turn_ms: z.number().nullable(),
  first_word_ms: z.number().nullable(),
  first_sound_ms: z.number().nullable(),
  reply_ms: z.number(),
});

const attemptWire = z
  .object({
    id: z.string(),
    ordinal: z.number(),
    state: z.string(),
    kind: z.string(),
    from: z.string().nullable(),
    carrier_call_id: z.string().nullable(),
    planned_at: instantText,
    sent_at: instantOrNull,
    ringing_at: instantOrNull,
    answered_at: instantOrNull,
    ended_at: instantOrNull,
    ending: z.string().nullable(),
    duration_seconds: z.number().nullable(),
    answered_by: z.string(),
    hangup_by: z.string().nullable(),
    end_reason: z.string().nullable(),
    failure_class: z.string().nullable(),
    carrier_code: z.string().nullable(),
    recording_notice: z.string().nullable().meta({ description: "What the carrier's voice said about recording before the conversation; null when nothing was said or nobody answered it" }),
    recording_consent: z.string().nullable(),
    disposition: z.string().nullable(),
    cost_inr: z.number().nullable(),
    revision: z.number(),
    first_sound_ms: z.number().nullable().meta({ description: "From the opening of the media stream, not from the pickup, to the agent's first sound" }),
    turn_latencies: z.array(latency),
    transcript: z.array(z.object({ speaker: z.enum(["agent", "callee"]), text: z.string(), started_at: instantText, ended_at: instantText, interrupted: z.boolean() })),
  })
  .meta({ id: "Attempt" });

export const callWire = z
  .object({
    ...callHead,
    name: z.string().nullable(),
    disposition_fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    summary: z.string().nullable(),
    not_before: instantOrNull,
    not_after: instantOrNull,
    cost_inr: z.number().nullable(),
    attempts: z.array(attemptWire),
    evidence: z.array(
      z.object({
        id: z.string(),
        attempt_id: z.string().nullable(),
        at: instantText,
        decision: z.enum(["call", "wait", "never", "noted"]),
        code: z.string(),
        caller_number: z.string().nullable(),
        findings: z.unknown(),
      }),
    ),
  })
  .meta({ id: "Call" });
