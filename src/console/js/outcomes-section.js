import { firstRows, getJson, save } from "./api.js";
import { busy, fill, h, openDialog, refusal } from "./dom.js";
import { ms, seconds, when, words } from "./format.js";

const shown = 100;

/** What came of each contact, with exports and the whole call behind each row. */
export function outcomesSection(base, id) {
  const place = h("div");
  const body = h("div", {}, h("p", { class: "soft" }, "Numbers and names are loaded only when asked for."));
  const filter = h("input", { name: "disposition", placeholder: "all, or such as promise_to_pay" });
  const button = h("button", { type: "submit", class: "quiet" }, "Show");
  const refresh = () =>
    busy(button, place, async () => {
      const query = filter.value.trim() ? `?disposition=${encodeURIComponent(filter.value.trim())}` : "";
      const rows = await firstRows(`${base}/outcomes.ndjson${query}`, shown);
      fill(body, rows.length === 0 ? h("p", { class: "soft" }, "Nothing here.") : h("div", { class: "scroll" }, table(rows)));
    });
  const exports = ["csv", "ndjson", "xlsx"].map((format) => {
    const made = h("button", { type: "button", class: "quiet", onclick: () => void busy(made, place, () => save(`${base}/outcomes.${format}`, `outcomes-${id}.${format}`)) }, format.toUpperCase());
    return made;
  });
  const form = h(
    "form",
    {
      class: "row",
      onsubmit: (event) => {
        event.preventDefault();
        void refresh();
      },
    },
    h("label", {}, h("span", {}, "Outcome"), filter),
    button,
    h("span", { class: "row tight", role: "group", "aria-label": "Export" }, h("span", { class: "soft small" }, "Export:"), exports),
  );
  const element = h("section", { class: "card", "aria-labelledby": "outcomes-title" }, h("h2", { id: "outcomes-title" }, "Outcomes"), form, place, body);
  return { element, refresh };
}

function table(rows) {
  const row = (each) =>
    h(
      "tr",
      {},
      h("td", {}, h("button", { type: "button", class: "link", onclick: () => void showCall(each) }, each.name || each.phone || "open")),
      h("td", { class: "mono line" }, each.phone ?? "erased"),
      h("td", {}, h("span", { class: `badge ${each.state}` }, each.state)),
      h("td", {}, words(each.disposition ?? each.blocked_reason)),
      h("td", { class: "mono" }, Object.entries(each.disposition_fields).map(([name, value]) => `${name}: ${value}`).join(", ")),
      h("td", { class: "number" }, each.attempts),
      h("td", { class: "line" }, when(each.last_attempt_at)),
      h("td", { class: "line" }, when(each.next_attempt_at)),
    );
  return h(
    "table",
    {},
    rows.length >= shown && h("caption", { class: "small soft" }, `The first ${shown}; exports have all`),
    h("thead", {}, h("tr", {}, ["Contact", "Phone", "State", "Outcome", "Details", "Tries", "Last try", "Next try"].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, rows.map(row)),
  );
}

async function showCall(outcome) {
  const { body } = openDialog(outcome.name || outcome.phone || "Call");
  fill(body, h("p", { class: "soft" }, "Loading …"));
  try {
    const call = await getJson(`/v1/calls/${outcome.contact_id}`);
    fill(body, ...callView(call));
  } catch (error) {
    fill(body, refusal(error));
  }
}

function callView(call) {
  const attempts = call.attempts.map((attempt) =>
    h(
      "section",
      {},
      h("h3", {}, `Try ${attempt.ordinal}: ${words(attempt.disposition ?? attempt.ending ?? attempt.state)}`),
      h("p", { class: "small soft" }, `${when(attempt.sent_at ?? attempt.planned_at)} IST · ${seconds(attempt.duration_seconds)} · ${words(attempt.answered_by)} · hung up by ${words(attempt.hangup_by)} · first sound ${ms(attempt.first_sound_ms)}`),
      attempt.transcript.length > 0 &&
        h("ol", { class: "talk" }, attempt.transcript.map((turn) => h("li", { class: turn.speaker }, h("span", { class: "who" }, turn.interrupted ? `${turn.speaker}, interrupted` : turn.speaker), turn.text))),
    ),
  );
  const evidence = call.evidence.map((line) => h("tr", {}, h("td", {}, when(line.at)), h("td", {}, h("span", { class: `badge ${line.decision === "call" ? "good" : line.decision === "never" ? "bad" : "warn"}` }, line.decision)), h("td", {}, words(line.code))));
  return [
    call.summary && h("p", {}, call.summary),
    call.attempts.length === 0 && h("p", { class: "soft" }, "Not called yet."),
    ...attempts,
    evidence.length > 0 && h("details", {}, h("summary", {}, "Why the call was or was not allowed"), h("table", {}, h("tbody", {}, evidence))),
  ].filter(Boolean);
}
