import type { SimCall } from "./carrier-call.ts";
import { durationSeconds } from "./carrier-callbacks.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { rfc2822 } from "./carrier-format.ts";
import { recordedSeconds, type SimRecording } from "./carrier-recording.ts";

/** The price of a call becomes known some time after its end. */
const pricedAfterMs = 20_000;

/** A call as the REST interface shows it: every number a string, instants in RFC 2822. */
export function callResource(context: CarrierContext, call: SimCall): object {
  const uri = `${accountUri(context)}/Calls/${call.sid}`;
  const isPriced = call.endedAtMs !== null && context.world.clock.nowMs() - call.endedAtMs >= pricedAfterMs;
  return {
    sid: call.sid,
    account_sid: context.world.accountSid,
    parent_call_sid: null,
    to: call.order.to,
    to_formatted: call.order.to,
    from: call.order.from,
    from_formatted: call.order.from,
    phone_number_sid: `PN${"0".repeat(32)}`,
    status: call.status,
    direction: "outbound-api",
    start_time: rfc2822(call.startedAtMs),
    end_time: rfc2822(call.endedAtMs),
    duration: call.endedAtMs === null ? null : String(durationSeconds(call)),
    price: isPriced && call.priceUsd !== null ? call.priceUsd.toFixed(5) : null,
    price_unit: "USD",
    answered_by: call.answeredBy,
    api_version: "2010-04-01",
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    trunk_sid: "",
    queue_time: String(call.queueTimeMs),
    annotation: null,
    date_created: rfc2822(call.createdAtMs),
    date_updated: rfc2822(call.updatedAtMs),
    uri: `${uri}.json`,
    subresource_uris: { events: `${uri}/Events.json`, recordings: `${uri}/Recordings.json` },
  };
}

export function recordingResource(context: CarrierContext, recording: SimRecording): object {
  const over = recording.status === "completed";
  return {
    sid: recording.sid,
    account_sid: context.world.accountSid,
    call_sid: recording.callSid,
    api_version: "2010-04-01",
    channels: recording.order.channels,
    duration: over ? String(recordedSeconds(recording)) : "-1",
    price: null,
    price_unit: "USD",
    source: recording.source,
    status: recording.status,
    track: "both",
    error_code: null,
    start_time: rfc2822(recording.startedAtMs),
    date_created: rfc2822(recording.startedAtMs),
    date_updated: rfc2822(recording.startedAtMs),
    uri: `${accountUri(context)}/Calls/${recording.callSid}/Recordings/${recording.sid}.json`,
  };
}

/** Every webhook sent about a call, with its answer. */
export function eventResources(call: SimCall): object[] {
  return call.webhooks.map((sent) => ({
    request: { url: sent.url, method: sent.method, parameters: sent.form, date_created: rfc2822(sent.atMs) },
    response: { response_code: sent.status, request_duration: Math.round(sent.tookMs), content_type: null, response_body: null, date_created: rfc2822(sent.atMs + sent.tookMs) },
  }));
}

export function accountUri(context: CarrierContext): string {
  return `/2010-04-01/Accounts/${context.world.accountSid}`;
}
