import { request, save } from "./api.js";
import { busy, fill, h, say } from "./dom.js";
import { count, words } from "./format.js";

/** Upload of a contact list, with the report of every refused row. */
export function listSection(base, onImported) {
  const place = h("div");
  const result = h("div", { "aria-live": "polite" });
  const file = h("input", { type: "file", name: "file", accept: ".csv,.txt,.tsv,text/csv", required: true });
  const policy = h(
    "select",
    { name: "policy" },
    h("option", { value: "keep_first" }, "keep the first"),
    h("option", { value: "replace" }, "replace with the newer"),
    h("option", { value: "reject" }, "refuse all of them"),
  );
  const phone = h("input", { name: "phone", placeholder: "found by itself" });
  const button = h("button", { type: "submit" }, "Upload");
  const upload = async () => {
    const query = new URLSearchParams({ on_duplicate: policy.value });
    if (phone.value.trim()) query.set("map[phone]", phone.value.trim());
    const response = await request("POST", `${base}/contacts?${query}`, { body: file.files[0], type: "text/csv" });
    const report = await response.json();
    fill(result, importReport(report));
    say(`${count(report.accepted)} contacts came in, ${count(report.rejected)} rows were refused.`);
    file.value = "";
    onImported();
  };
  return h(
    "section",
    { class: "card", "aria-labelledby": "list-title" },
    h("h2", { id: "list-title" }, "Contact list"),
    h(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          fill(result);
          void busy(button, place, upload);
        },
      },
      h("div", { class: "drop" }, h("label", {}, h("span", {}, "CSV file (comma, semicolon, tab or bar; UTF-8 or UTF-16)"), file)),
      h("p", {}, h("label", {}, h("span", {}, "Numbers that come twice"), policy)),
      h("details", {}, h("summary", {}, "The column of the phone number"), h("label", {}, h("span", {}, "Column title"), phone)),
      h("p", {}, button),
    ),
    place,
    result,
  );
}

function importReport(report) {
  const reasons = Object.entries(report.rejects_by_reason).sort((one, other) => other[1] - one[1]);
  const download = h(
    "button",
    { type: "button", class: "quiet", onclick: () => void busy(download, errors, () => save(report.rejects_url, `rejects-${report.import_id}.csv`)) },
    "Download the refused rows, to correct and send again",
  );
  const errors = h("div");
  return h(
    "div",
    {},
    h("div", { class: `notice ${report.rejected === 0 ? "good" : ""}` }, h("strong", {}, `${count(report.rows)} rows: ${count(report.accepted)} came in, ${count(report.rejected)} were refused.`)),
    reasons.length > 0 && h("p", { class: "soft" }, reasons.map(([code, n]) => `${words(code)} ${count(n)}`).join(" · ")),
    report.rejected > 0 && h("p", {}, download),
    errors,
    report.rejects.length > 0 && h("div", { class: "scroll short", tabindex: 0, role: "region", "aria-label": "Refused rows" }, rejectTable(report.rejects)),
  );
}

function rejectTable(rejects) {
  const row = (reject) => h("tr", {}, h("td", { class: "number" }, reject.line), h("td", {}, reject.column ?? ""), h("td", { class: "mono" }, reject.value ?? ""), h("td", {}, reject.message));
  return h(
    "table",
    {},
    h("caption", { class: "small soft" }, rejects.length >= 50 ? "The first refused rows" : "Refused rows"),
    h("thead", {}, h("tr", {}, ["Line", "Column", "Value", "Why"].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, rejects.map(row)),
  );
}
