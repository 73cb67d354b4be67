import { getAll, getJson, send } from "./api.js";
import { busy, fill, h, refusal } from "./dom.js";
import { when } from "./format.js";

/** All campaigns, and a form for a new one. */
export function campaignsView() {
  const list = h("div", { class: "card" }, h("p", { class: "soft" }, "Loading …"));
  void showList(list);
  return h("div", {}, h("div", { class: "head" }, h("div", {}, h("h1", {}, "Campaigns"), h("p", { class: "soft" }, "Lists in, lawful conversations, outcomes out."))), h("div", { class: "grid" }, list, newCampaign()));
}

async function showList(place) {
  try {
    const campaigns = await getAll("/v1/campaigns");
    if (campaigns.length === 0) return fill(place, h("h2", {}, "No campaign yet"), h("p", { class: "soft" }, "Create one from a template, upload a list, check it, start it."));
    return fill(place, h("h2", {}, "All campaigns"), h("div", { class: "scroll" }, campaignTable(campaigns)));
  } catch (error) {
    return fill(place, refusal(error));
  }
}

function campaignTable(campaigns) {
  const row = (campaign) =>
    h(
      "tr",
      {},
      h("td", {}, h("a", { href: `#/campaigns/${campaign.id}` }, campaign.name)),
      h("td", {}, h("span", { class: `badge ${campaign.state}` }, campaign.state)),
      h("td", {}, campaign.definition.purpose),
      h("td", { class: "line" }, when(campaign.created_at)),
    );
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ["Name", "State", "Purpose", "Created (IST)"].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, campaigns.map(row)),
  );
}

function newCampaign() {
  const place = h("div");
  const template = h("select", { name: "template", required: true });
  const name = h("input", { name: "name", maxlength: 120, placeholder: "As in the template (at most 120 characters)" });
  const overrides = h("textarea", { name: "overrides", spellcheck: "false", placeholder: '{"limits": {"cps": 2}}' });
  const button = h("button", { type: "submit" }, "Create draft");
  void getJson("/v1/templates").then(
    ({ items }) => fill(template, items.map((each) => h("option", { value: each }, each))),
    (error) => fill(place, refusal(error)),
  );
  const create = async () => {
    const text = overrides.value.trim();
    let laidOver;
    try {
      laidOver = text ? JSON.parse(text) : undefined;
    } catch (error) {
      throw new Error(`The overrides are not JSON: ${error.message}`, { cause: error });
    }
    const body = { template: template.value, ...(name.value.trim() ? { name: name.value.trim() } : {}), ...(laidOver ? { overrides: laidOver } : {}) };
    const campaign = await send("POST", "/v1/campaigns", body);
    location.hash = `#/campaigns/${campaign.id}`;
  };
  return h(
    "form",
    {
      class: "card",
      onsubmit: (event) => {
        event.preventDefault();
        void busy(button, place, create);
      },
    },
    h("h2", {}, "New campaign"),
    h("label", {}, h("span", {}, "Template"), template),
    h("p", {}, h("label", {}, h("span", {}, "Name"), name)),
    h("details", {}, h("summary", {}, "Change the definition"), h("label", {}, h("span", {}, "Overrides (JSON)"), overrides)),
    h("p", {}, button),
    place,
  );
}
