import { getJson } from "./api.js";
import { busy, fill, h } from "./dom.js";
import { count, money, ms, percent, words } from "./format.js";

/** What the campaign came to. */
export function reportSection(base) {
  const place = h("div");
  const body = h("div");
  const button = h("button", { type: "button", class: "quiet", onclick: () => void refresh() }, "Sum up");
  const refresh = () => busy(button, place, async () => fill(body, ...view(await getJson(`${base}/report`))));
  const element = h("section", { class: "card", "aria-labelledby": "report-title" }, h("h2", { id: "report-title" }, "Report"), body, h("p", {}, button), place);
  return { element, refresh };
}

function view(report) {
  const fact = (term, value) => h("div", {}, h("dt", {}, term), h("dd", {}, value));
  return [
    h(
      "dl",
      { class: "facts" },
      fact("people called", count(report.contacts_called)),
      fact("reached", count(report.contacts_reached)),
      fact("connect rate", percent(report.connect_rate)),
      fact("calls", count(report.attempts)),
      fact("reply, median", ms(report.latency.reply_p50_ms)),
      fact("reply, 95 %", ms(report.latency.reply_p95_ms)),
      fact("cost", money(report.cost.total_inr)),
      fact("per person reached", money(report.cost.per_reached_inr)),
    ),
    h("p", { class: "soft small" }, "Reached: a person talked to us, whatever came of it. Connect rate: people reached of people called. The cost of a call is an estimate until the carrier has priced it."),
    h("div", { class: "grid" }, bars("Outcomes", report.dispositions.map((line) => [words(line.disposition), line.contacts])), bars("Calls by hour (IST)", report.by_hour.map((line) => [`${String(line.hour).padStart(2, "0")}:00`, line.attempts]))),
  ];
}

function bars(title, lines) {
  const most = Math.max(1, ...lines.map(([, n]) => n));
  const row = ([label, n]) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, h("meter", { min: 0, max: most, value: n, "aria-hidden": "true" })), h("td", { class: "number" }, count(n)));
  return h("div", {}, h("h3", {}, title), lines.length === 0 ? h("p", { class: "soft" }, "Nothing yet.") : h("table", {}, h("tbody", {}, lines.map(row))));
}
