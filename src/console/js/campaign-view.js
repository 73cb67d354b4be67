import { getJson, listen, send } from "./api.js";
import { busy, fill, h, openDialog, refusal, say } from "./dom.js";
import { words } from "./format.js";
import { listSection } from "./list-section.js";
import { outcomesSection } from "./outcomes-section.js";
import { preflightSection } from "./preflight-section.js";
import { progressSection } from "./progress-section.js";
import { reportSection } from "./report-section.js";

/** One campaign: its list, its check before the start, its controls, its progress, its outcomes. */
export function campaignView(id, signal) {
  const base = `/v1/campaigns/${id}`;
  const page = h("div");
  const back = h("p", { class: "small" }, h("a", { href: "#/" }, "← All campaigns"));
  const title = h("h1", {}, "…");
  const badge = h("span", { class: "badge" });
  const line = h("span", { class: "small soft" }, "connecting …");
  const controls = h("div", { class: "row tight" });
  const place = h("div");
  const progress = progressSection();
  const campaign = getJson(base);
  const outcomes = outcomesSection(base, id, campaign);
  const report = reportSection(base);
  const preflight = preflightSection(base);
  let state;
  let contacts;

  const act = (button, action, body) =>
    busy(button, place, async () => {
      const campaign = await send("POST", `${base}/${action}`, body);
      showState(campaign.state, campaign.paused_because);
      say(`The campaign is ${campaign.state}.`);
    });
  const start = (button, action) =>
    busy(button, place, async () => {
      if (contacts === 0) throw new Error("There is nobody to call yet: upload a list first.");
      try {
        showState((await send("POST", `${base}/${action}`, {})).state);
        say("Dialing begins.");
      } catch (error) {
        if (error.problem?.code !== "papers_missing") throw error;
        vouch(error.problem.missing, async (codes) => {
          showState((await send("POST", `${base}/${action}`, { acknowledge: codes })).state);
          void preflight.refresh();
        });
      }
    });
  const button = (label, kind, run) => {
    const made = h("button", { type: "button", class: kind, onclick: () => void run(made) }, label);
    return made;
  };
  const cancel = (made) => {
    if (confirm("Cancel the campaign for good? Nobody else of its list will be called.")) void act(made, "cancel");
  };
  const controlsOf = {
    draft: () => [button("Start", "", (made) => start(made, "start")), button("Cancel", "danger", cancel)],
    running: () => [button("Pause", "", (made) => act(made, "pause")), button("Cancel", "danger", cancel)],
    paused: () => [button("Resume", "", (made) => act(made, "resume")), button("Cancel", "danger", cancel)],
    finished: () => [button("Call the unreached again", "quiet", (made) => start(made, "redial"))],
    cancelled: () => [],
  };
  function showState(next, because) {
    badge.className = `badge ${next}`;
    badge.textContent = because ? `${next}: ${words(because)}` : next;
    if (state === next) return;
    const before = state;
    state = next;
    fill(controls, ...controlsOf[next]());
    if (before && next === "finished") {
      void outcomes.refresh();
      void report.refresh();
    }
  }

  void campaign.then(
    (found) => {
      title.textContent = found.name;
      document.title = `${found.name} · Campaign dialer`;
      showState(found.state, found.paused_because);
    },
    (error) => (error.status === 404 ? fill(page, back, h("h1", {}, "No such campaign"), refusal(error)) : fill(place, refusal(error))),
  );
  listen(`${base}/events`, {
    signal,
    onEvent: (event) => {
      contacts = event.contacts;
      showState(event.state, event.paused_because);
      progress.show(event);
    },
    onState: (now) => {
      line.textContent = now === "live" ? "live" : now === "over" ? "over" : "reconnecting …";
    },
  }).catch((error) => {
    if (!signal.aborted) line.textContent = error.message;
  });

  return fill(
    page,
    back,
    h("div", { class: "head" }, h("div", {}, title, h("p", { class: "row tight" }, badge, line)), controls),
    place,
    progress.element,
    h("div", { class: "grid" }, listSection(base, () => preflight.refresh()), preflight.element),
    outcomes.element,
    report.element,
    h("p", { class: "mono soft" }, id),
  );
}

/** Shows which papers are missing; those an operator may vouch for can be ticked. */
function vouch(missing, onVouched) {
  const { dialog, body } = openDialog("Papers are missing");
  const place = h("div");
  const boxes = missing.map((paper) =>
    paper.acknowledgeable
      ? h("label", { class: "check" }, h("input", { type: "checkbox", value: paper.code }), h("span", {}, `${paper.message} `, h("span", { class: "mono soft" }, paper.code)))
      : h("p", { class: "notice bad" }, paper.message),
  );
  const button = h("button", { type: "button", onclick: () => void confirmAll() }, "I vouch for these; start");
  const confirmAll = () =>
    busy(button, place, async () => {
      const codes = [...body.querySelectorAll("input:checked")].map((box) => box.value);
      await onVouched(codes);
      dialog.close();
      say("Dialing begins.");
    });
  button.disabled = boxes.length > 0;
  body.addEventListener("change", () => {
    button.disabled = body.querySelectorAll("input:not(:checked)").length > 0;
  });
  const canVouch = missing.every((paper) => paper.acknowledgeable);
  fill(
    body,
    h("p", {}, "The law asks for papers that are not on file. Tick each that you vouch for; it is written into the evidence of every call."),
    ...boxes,
    h("p", {}, canVouch ? button : "What is marked red cannot be vouched for: put it on file first (see the API documentation, Sender papers)."),
    place,
  );
}
