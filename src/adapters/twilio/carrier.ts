import twilio from "twilio";
import { z } from "zod";
import type { CallOrder, CallReading, CallSighting, Carrier, PlaceResult } from "../../dial/ports.ts";
import type { Clock } from "../../domain/clock.ts";
import { VendorError } from "../../domain/errors.ts";
import { tokenIn } from "./callback-urls.ts";
import { readCall } from "./call-resource.ts";
import { type TwilioAccount, twilioClient } from "./client.ts";
import { createParameters } from "./create-parameters.ts";
import { classifyFailure } from "./place-result.ts";
import type { ExchangeRates } from "./price.ts";
import { maxTwimlCharacters } from "./twiml.ts";

export interface TwilioCarrierOptions extends TwilioAccount {
  /** The origin Twilio reaches, without a trailing slash. */
  publicUrl: string;
  clock: Clock;
  exchangeRates: ExchangeRates;
}

type Client = ReturnType<typeof twilioClient>;

/** Twilio as a carrier, on the vendor's own SDK. Reads account and addresses from the options only, never from the environment. */
export function twilioCarrier(options: TwilioCarrierOptions): Carrier {
  const client = twilioClient(options);
  return {
    name: "twilio",
    canPresent: () => true,
    place: (order) => placeCall(client, order, options.publicUrl),
    cancel: (callSid) => cancelCall(client, callSid),
    async hangUp(callSid) {
      await ending(client, callSid, "completed");
    },
    async fetch(callSid) {
      const call = await orUndefinedWhenGone(() => client.calls(callSid).fetch());
      return call && reading(call, options);
    },
    findCalls: (search) => findCalls(client, search),
    attemptTokens: (callSid) => attemptTokens(client, callSid),
    deleteRecordings: (call) => deleteRecordings(client, call),
  };
}

const acceptedSid = /^CA[0-9a-zA-Z]{8,64}$/;

async function placeCall(client: Client, order: CallOrder, publicUrl: string): Promise<PlaceResult> {
  const parameters = createParameters(order, publicUrl);
  if (parameters.twiml.length > maxTwimlCharacters) {
    return { kind: "refused", reason: "other", code: "answer_too_long", detail: `expected at most ${maxTwimlCharacters} characters of TwiML, got ${parameters.twiml.length}`, scope: "campaign" };
  }
  try {
    const { body } = await client.calls.createWithHttpInfo(parameters);
    if (typeof body.sid !== "string" || !acceptedSid.test(body.sid)) return { kind: "unknown", because: "unreadable_answer", code: "no_call_sid" };
    const queueTimeMs = Number(body.queueTime);
    return { kind: "accepted", callSid: body.sid, queueTimeMs: Number.isFinite(queueTimeMs) ? queueTimeMs : null };
  } catch (error) {
    return classifyFailure(error);
  }
}

async function cancelCall(client: Client, callSid: string): Promise<"cancelled" | "too_late" | "gone"> {
  const call = await ending(client, callSid, "canceled");
  if (call === "gone" || call === "too_late") return call;
  return call.status === "canceled" ? "cancelled" : "too_late";
}

/** Asks Twilio to bring the call to an end state; 21220 means that it is past the state in which this can be done. */
async function ending(client: Client, callSid: string, status: "canceled" | "completed") {
  try {
    return await client.calls(callSid).update({ status });
  } catch (error) {
    const failure = classifyFailure(error);
    if (failure.kind === "refused" && failure.code === "21220") return "too_late";
    if (isNotFound(error)) return "gone";
    throw vendorError("update a call", error);
  }
}

async function findCalls(client: Client, search: Parameters<Carrier["findCalls"]>[0]): Promise<readonly CallSighting[]> {
  try {
    // No StartTime filter: it is empty until a call is dialed, so a call still queued would be missed.
    const calls = await client.calls.list({ to: search.to, from: search.from, pageSize: 100, limit: 100 });
    return calls
      .filter((call) => call.direction === "outbound-api" && call.from === search.from && call.to === search.to)
      .map((call) => ({ callSid: call.sid, createdAtMs: call.dateCreated.getTime() }))
      .filter((call) => call.createdAtMs >= search.sinceMs);
  } catch (error) {
    throw vendorError("list calls", error);
  }
}

const callbackRequest = z.looseObject({ url: z.string() });

async function attemptTokens(client: Client, callSid: string): Promise<readonly string[]> {
  const events = await orUndefinedWhenGone(() => client.calls(callSid).events.list({ limit: 100 }));
  const tokens = (events ?? []).flatMap((event) => {
    const request = callbackRequest.safeParse(event.request);
    const token = request.success ? tokenIn(request.data.url) : undefined;
    return token === undefined ? [] : [token];
  });
  return [...new Set(tokens)];
}

/** More than this on one call is not ours. */
const mostRecordings = 100;

async function deleteRecordings(client: Client, call: { callSid: string; recordingSid: string | null }): Promise<number> {
  const listed = await orUndefinedWhenGone(() => client.calls(call.callSid).recordings.list({ limit: mostRecordings }));
  const sids = new Set([...(listed ?? []).map((recording) => recording.sid), ...(call.recordingSid === null ? [] : [call.recordingSid])]);
  let deleted = 0;
  for (const sid of sids) if (await deleteRecording(client, sid)) deleted += 1;
  return deleted;
}

/** False when Twilio has no such recording any more. */
async function deleteRecording(client: Client, sid: string): Promise<boolean> {
  try {
    return await client.recordings(sid).remove();
  } catch (error) {
    if (isNotFound(error)) return false;
    throw vendorError("delete a recording", error);
  }
}

type FetchedCall = Awaited<ReturnType<ReturnType<Client["calls"]>["fetch"]>>;

function reading(call: FetchedCall, options: TwilioCarrierOptions): CallReading {
  return readCall(call, options.clock.nowMs(), options.exchangeRates);
}

async function orUndefinedWhenGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw vendorError("read a call", error);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof twilio.RestException && error.status === 404;
}

function vendorError(what: string, error: unknown): VendorError {
  const failure = classifyFailure(error);
  return new VendorError("carrier", failure.code, `could not ${what}: ${failure.code}`, failure.kind !== "refused", error);
}
