import { getJson, session } from "./api.js";
import { busy, h } from "./dom.js";

/** Asks for an API key and tries it. */
export function signInView(onSignedIn) {
  const place = h("div");
  const input = h("input", { type: "password", name: "key", autocomplete: "off", required: true, spellcheck: "false", placeholder: "vd_live_…" });
  const button = h("button", { type: "submit" }, "Sign in");
  const form = h(
    "form",
    {
      class: "card narrow",
      onsubmit: (event) => {
        event.preventDefault();
        void busy(button, place, async () => {
          const key = input.value.trim();
          await getJson("/v1/templates", { key });
          session.key = key;
          onSignedIn();
        });
      },
    },
    h("h1", {}, "Sign in"),
    h("p", { class: "soft" }, "With an API key of your account. The first one is printed when the service starts for the first time. It stays in this tab only."),
    h("label", {}, h("span", {}, "API key"), input),
    h("p", { class: "row" }, button),
    place,
  );
  queueMicrotask(() => input.focus());
  return form;
}
