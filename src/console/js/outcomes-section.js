import { firstRows, getJson, save } from "./api.js";
import { busy, fill, h } from "./dom.js";
import { showCall } from "./call-dialog.js";
import { fieldValue, count, reason, when, words } from "./format.js";

const shown = 100;

/** What came of each contact, with exports and the whole call behind each row. */
export function outcomesSection(base, id, campaign) {
  const place = h("div");
  const body = h("div", {}, h("p", { class: "soft" }, "Numbers and names are loaded only when asked for."));
  const filter = h("select", { name: "disposition" }, h("option", { value: "" }, "all"));
  const button = h("button", { type: "submit", class: "quiet" }, "Show");
  const refresh = () =>
    busy(button, place, async () => {
      const query = filter.value ? `?disposition=${encodeURIComponent(filter.value)}` : "";
      const [rows, report, { definition }] = await Promise.all([firstRows(`${base}/outcomes.ndjson${query}`, shown), getJson(`${base}/report`), campaign]);
      const chosen = filter.value;
      fill(filter, h("option", { value: "" }, "all"), report.dispositions.map((line) => h("option", { value: line.disposition, selected: line.disposition === chosen }, `${words(line.disposition)} (${count(line.contacts)})`)));
      fill(body, rows.length === 0 ? h("p", { class: "soft" }, "Nothing here.") : h("div", { class: "scroll" }, table(rows, definition)));
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

const titles = ["Contact", "Phone", "State", "Outcome", "Details", "Tries", "Last try", "Next try"];

function table(rows, definition) {
  const row = (each) => {
    const types = definition.dispositions?.[each.disposition]?.fields ?? {};
    const details = Object.entries(each.disposition_fields).map(([name, value]) => `${words(name)}: ${fieldValue(value, types[name])}`);
    const cells = [
      h("td", {}, h("button", { type: "button", class: "link", onclick: () => void showCall(each, types) }, each.name || each.phone || "open")),
      h("td", { class: "mono line" }, each.phone ?? "erased"),
      h("td", {}, h("span", { class: `badge ${each.state}` }, each.state)),
      h("td", {}, each.disposition ? words(each.disposition) : reason(each.blocked_reason)),
      h("td", { class: "details" }, details.join(", ")),
      h("td", { class: "number" }, each.attempts),
      h("td", { class: "line" }, when(each.last_attempt_at)),
      h("td", { class: "line" }, when(each.next_attempt_at)),
    ];
    for (const [at, cell] of cells.entries()) cell.dataset.title = titles[at];
    return h("tr", {}, cells);
  };
  return h(
    "table",
    { class: "cards" },
    rows.length >= shown && h("caption", { class: "small soft" }, `The first ${shown}; exports have all`),
    h("thead", {}, h("tr", {}, titles.map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, rows.map(row)),
  );
}
