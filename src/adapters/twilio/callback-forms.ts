import { DateTime } from "luxon";
import { z } from "zod";
import type { CarrierVisit } from "../../dial/carrier-dialect.ts";
import type { CallFact } from "../../domain/call-fact.ts";
import { answeredByFrom, statusMeaning } from "./call-status.ts";

type Form = Readonly<Record<string, string>>;

const callSid = z.string().regex(/^CA[0-9a-zA-Z]{8,64}$/);
const wholeNumber = z.string().regex(/^\d{1,9}$/).transform(Number);
const optionalNumber = z.union([wholeNumber, z.literal("").transform(() => null)]).optional();

const statusForm = z.looseObject({
  CallSid: callSid,
  CallStatus: z.string(),
  SequenceNumber: wholeNumber,
  CallDuration: optionalNumber,
  SipResponseCode: z.string().regex(/^\d{0,3}$/).optional(),
  Timestamp: z.string().max(64).optional(),
});

/** A call-progress event (Twilio's documentation). */
export function readStatusForm(form: Form, receivedAtMs: number): CallFact | "nothing" | undefined {
  const read = readForm(statusForm, form);
  const meaning = read && statusMeaning(read.CallStatus);
  if (!read || !meaning) return undefined;
  if (meaning.kind === "queued") return "nothing";
  const base = { callSid: read.CallSid, authority: "carrier", sequence: read.SequenceNumber, atMs: eventMs(read.Timestamp, receivedAtMs) } as const;
  if (meaning.kind !== "ended") return { ...base, kind: meaning.kind };
  const carrierCode = read.SipResponseCode === undefined || read.SipResponseCode === "" ? null : read.SipResponseCode;
  return { ...base, kind: "ended", ending: meaning.ending, durationSeconds: read.CallDuration ?? null, carrierCode, pricePaise: null };
}

const amdForm = z.looseObject({ CallSid: callSid, AnsweredBy: z.string().regex(/^[a-z_]{1,32}$/), MachineDetectionDuration: optionalNumber });

/** The verdict of the answering-machine detection that ran beside the conversation. */
export function readAmdForm(form: Form, receivedAtMs: number): CallFact | undefined {
  const read = readForm(amdForm, form);
  if (!read) return undefined;
  const base = { callSid: read.CallSid, authority: "carrier", sequence: 0, atMs: receivedAtMs } as const;
  return { ...base, kind: "answered_by", answeredBy: answeredByFrom(read.AnsweredBy), detectionMs: read.MachineDetectionDuration ?? null };
}

const recordingForm = z.looseObject({
  CallSid: callSid,
  RecordingSid: z.string().regex(/^RE[0-9a-zA-Z]{8,64}$/),
  RecordingStatus: z.string(),
  RecordingDuration: z.string().regex(/^-?\d{0,9}$/).optional(),
});
const recordingStates: Readonly<Record<string, "in_progress" | "completed" | "absent">> = { "in-progress": "in_progress", completed: "completed", absent: "absent", failed: "absent" };

/** What became of a recording. */
export function readRecordingForm(form: Form, receivedAtMs: number): CallFact | "nothing" | undefined {
  const read = readForm(recordingForm, form);
  if (!read) return undefined;
  const state = recordingStates[read.RecordingStatus];
  if (!state) return "nothing";
  const seconds = Number(read.RecordingDuration ?? "");
  const durationSeconds = read.RecordingDuration && seconds >= 0 ? seconds : null;
  return { kind: "recording", callSid: read.CallSid, authority: "carrier", sequence: 0, atMs: receivedAtMs, recordingSid: read.RecordingSid, state, durationSeconds };
}

const visitForm = z.looseObject({ CallSid: callSid, SpeechResult: z.string().max(1_000).optional(), Digits: z.string().max(32).optional() });

/** A request for instructions: of a `<Gather>`, a `<Redirect>`, or the fallback. */
export function readVisitForm(form: Form): CarrierVisit | undefined {
  const read = readForm(visitForm, form);
  return read && { callSid: read.CallSid, speech: read.SpeechResult ?? null, digits: read.Digits ?? null };
}

/**
 * Twilio's signature joins names and values without separators, so `CallDuration=12` and `CallDuration1=2` are signed
 * alike. A name that is one we read with something else than a new capitalised word behind it was made so.
 */
function readForm<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape, z.core.$loose>, form: Form): z.infer<z.ZodObject<Shape, z.core.$loose>> | undefined {
  const known = Object.keys(schema.shape);
  const shifted = Object.keys(form).some((key) => known.some((name) => key !== name && key.startsWith(name) && !/^[A-Z]/.test(key.slice(name.length)) && !known.includes(key)));
  if (shifted) return undefined;
  const parsed = schema.safeParse(form);
  return parsed.success ? parsed.data : undefined;
}

const dayMs = 86_400_000;

/** Twilio's own instant of the event; one that is a day away from when it came is not believed. */
function eventMs(timestamp: string | undefined, receivedAtMs: number): number {
  if (timestamp === undefined) return receivedAtMs;
  const told = DateTime.fromRFC2822(timestamp);
  return told.isValid && Math.abs(told.toMillis() - receivedAtMs) < dayMs ? told.toMillis() : receivedAtMs;
}
