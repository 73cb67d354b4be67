import { getJson } from "./api.js";
import { busy, fill, h } from "./dom.js";
import { count, money, reason, when } from "./format.js";

/** What would happen if the campaign were started now. */
export function preflightSection(base) {
  const place = h("div");
  const body = h("div", {}, h("p", { class: "soft" }, "Scrubs the list, asks for the papers and dials the list on a virtual clock. Nobody is called."));
  const button = h("button", { type: "button", class: "quiet", onclick: () => void refresh() }, "Check now");
  const refresh = () => busy(button, place, async () => fill(body, ...view(await getJson(`${base}/preflight`))));
  const element = h("section", { class: "card", "aria-labelledby": "preflight-title" }, h("h2", { id: "preflight-title" }, "Before the start"), body, h("p", {}, button), place);
  return { element, refresh };
}

function view(preflight) {
  const { rows } = preflight;
  const blocked = Object.entries(rows.blocked_by_reason).map(([code, n]) => `${reason(code)} ${count(n)}`).join(" · ");
  const fact = (term, value) => h("div", {}, h("dt", {}, term), h("dd", {}, value));
  return [
    ...preflight.missing.map((paper) => h("p", { class: "notice bad" }, paper.message)),
    ...preflight.warnings.map((warning) => h("p", { class: "notice" }, warning.message)),
    h(
      "dl",
      { class: "facts" },
      fact("may be called", count(rows.callable)),
      fact("must not be called", count(rows.blocked)),
      fact("calls with retries", count(Math.round(preflight.calls))),
      fact("finished by (IST)", when(preflight.finish_at)),
      fact("likely cost", money(preflight.cost_inr.likely)),
    ),
    blocked && h("p", { class: "soft" }, blocked),
    h("p", { class: "soft small" }, `Between ${money(preflight.cost_inr.low)} and ${money(preflight.cost_inr.high)}; the ${preflight.limited_by} is the narrower limit.`),
    preflight.sample.greeting && h("blockquote", {}, preflight.sample.greeting),
  ].filter(Boolean);
}
