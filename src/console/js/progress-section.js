import { fill, h } from "./dom.js";
import { count, reason, when, words } from "./format.js";

const order = ["done", "planned", "waiting", "held", "exhausted", "blocked", "cancelled"];
const meaning = {
  done: "finished",
  planned: "being called",
  waiting: "waiting",
  held: "needs a person",
  exhausted: "not reached",
  blocked: "must not be called",
  cancelled: "taken back",
};

/** Where the campaign stands, live: the funnel, the calls, and why nothing is dialing. */
export function progressSection() {
  const body = h("div", {}, h("p", { class: "soft" }, "Loading …"));
  const element = h("section", { class: "card", "aria-labelledby": "progress-title" }, h("h2", { id: "progress-title" }, "Progress"), body);
  return { element, show: (progress) => fill(body, facts(progress), funnelBar(progress), funnelTable(progress), whyIdle(progress)) };
}

function facts(progress) {
  const fact = (term, value) => h("div", {}, h("dt", {}, term), h("dd", {}, value));
  return h(
    "dl",
    { class: "facts" },
    fact("rows uploaded", count(progress.rows.uploaded)),
    fact("rows refused", count(progress.rows.rejected)),
    fact("contacts", count(progress.contacts)),
    fact("live calls", count(progress.live_calls)),
    fact("finished", count(progress.funnel.done.contacts)),
  );
}

function funnelBar(progress) {
  const parts = order.filter((state) => progress.funnel[state].contacts > 0);
  const text = parts.map((state) => `${meaning[state]} ${progress.funnel[state].contacts}`).join(", ");
  return h(
    "div",
    { class: "bar", role: "img", "aria-label": text || "no contacts" },
    parts.map((state) => {
      const part = h("span", { class: `tone-${state}`, title: `${meaning[state]}: ${progress.funnel[state].contacts}` });
      part.style.flex = `${progress.funnel[state].contacts} 1 0`;
      return part;
    }),
  );
}

function funnelTable(progress) {
  const row = (state) => {
    const { contacts, reasons } = progress.funnel[state];
    const why = Object.entries(reasons).sort((one, other) => other[1] - one[1]).slice(0, 6).map(([code, n]) => `${reason(code)} ${count(n)}`).join(" · ");
    return h("tr", {}, h("th", { scope: "row" }, h("span", { class: `key tone-${state}` }), meaning[state]), h("td", { class: "number" }, count(contacts)), h("td", { class: "soft" }, why));
  };
  const states = order.filter((state) => progress.funnel[state].contacts > 0);
  if (states.length === 0) return h("p", { class: "soft" }, "No contacts yet: upload a list below.");
  return h("div", { class: "scroll" }, h("table", {}, h("tbody", {}, states.map(row))));
}

function whyIdle(progress) {
  const lines = progress.not_dialing_because.filter((each) => each.contacts > 0 || each.reason === "no_contacts");
  if (lines.length === 0) return h("p", { class: "soft small" }, progress.state === "running" ? "Nothing stands in the way of dialing." : "");
  return h(
    "div",
    { class: "notice" },
    h("strong", {}, "Why is nobody else being called?"),
    h(
      "ul",
      {},
      lines.map((each) =>
        h("li", {}, `${count(each.contacts)}: ${reason(each.reason)}`, each.until ? `, until ${when(each.until)} IST` : "", each.detail ? h("span", { class: "soft" }, ` (${words(each.detail)})`) : ""),
      ),
    ),
  );
}
