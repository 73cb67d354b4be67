import { getJson } from "./api.js";
import { fill, h, openDialog, refusal } from "./dom.js";
import { clockTime, fieldValue, money, ms, reason, seconds, when, words } from "./format.js";

/** Opens the whole call behind an outcome: what is known of it, each try with its transcript, and why it was or was not allowed. */
export async function showCall(outcome, fieldTypes) {
  const { body } = openDialog(outcome.name || outcome.phone || "Call");
  fill(body, h("p", { class: "soft" }, "Loading …"));
  try {
    const call = await getJson(`/v1/calls/${outcome.contact_id}`);
    fill(body, ...callView(call, fieldTypes));
  } catch (error) {
    fill(body, refusal(error));
  }
}

function callView(call, fieldTypes) {
  return [
    facts(call, fieldTypes),
    call.summary && h("p", {}, call.summary),
    call.attempts.length === 0 && h("p", { class: "soft" }, "Not called yet."),
    ...call.attempts.map(attemptView),
    call.evidence.length > 0 && h("details", {}, h("summary", {}, "Why the call was or was not allowed"), h("table", {}, h("tbody", {}, call.evidence.map(evidenceRow)))),
  ].filter(Boolean);
}

function facts(call, fieldTypes) {
  const fact = ([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value));
  const known = [
    ["phone", call.to ?? "erased"],
    ["reference", call.external_id],
    ["state", words(call.state)],
    ["outcome", call.disposition ? words(call.disposition) : call.blocked_reason && reason(call.blocked_reason)],
    ...Object.entries(call.disposition_fields).map(([name, value]) => [words(name), fieldValue(value, fieldTypes[name])]),
    ["waits because", call.waiting_because && reason(call.waiting_because)],
    ["next try (IST)", call.next_attempt_at && when(call.next_attempt_at)],
    ["cost", call.cost_inr === null ? null : money(call.cost_inr)],
  ];
  return h("dl", { class: "facts plain" }, known.filter(([, value]) => value).map(fact));
}

function attemptView(attempt) {
  const steps = [
    ["sent", attempt.sent_at],
    ["ringing", attempt.ringing_at],
    ["answered", attempt.answered_at],
    ["ended", attempt.ended_at],
  ].filter(([, at]) => at).map(([step, at]) => `${step} ${clockTime(at)}`);
  const talk = [
    seconds(attempt.duration_seconds),
    attempt.answered_by && `answered by ${words(attempt.answered_by)}`,
    attempt.hangup_by && `hung up by ${words(attempt.hangup_by)}`,
    attempt.first_sound_ms !== null && `first sound ${ms(attempt.first_sound_ms)} after the line opened`,
    attempt.cost_inr !== null && money(attempt.cost_inr),
  ].filter(Boolean);
  return h(
    "section",
    {},
    h("h3", {}, `Try ${attempt.ordinal}: ${words(attempt.disposition ?? attempt.ending ?? attempt.state)}`),
    h("p", { class: "small soft" }, `${when(attempt.sent_at ?? attempt.planned_at).slice(0, 10)} IST · ${[...steps, ...talk].join(" · ")}`),
    attempt.recording_notice && h("p", { class: "small soft" }, `Before the talk: “${attempt.recording_notice}” · recording ${words(attempt.recording_consent)}`),
    attempt.transcript.length > 0 && h("ol", { class: "talk" }, attempt.transcript.map(turnView)),
  );
}

function turnView(turn) {
  const who = turn.interrupted ? `${turn.speaker}, interrupted` : turn.speaker;
  return h("li", { class: turn.speaker }, h("span", { class: "who" }, `${who} · ${clockTime(turn.started_at)}`), turn.text);
}

function evidenceRow(line) {
  const tone = line.decision === "call" ? "good" : line.decision === "never" ? "bad" : "warn";
  return h("tr", {}, h("td", { class: "line" }, when(line.at)), h("td", {}, h("span", { class: `badge ${tone}` }, line.decision)), h("td", {}, reason(line.code)));
}
