/**
 * Makes an element. Children are elements or texts; a text never becomes markup, so what a list or a callee said cannot either.
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined | EventListener>} [props] attributes; `on…` are listeners; false, null and undefined leave one out
 * @param {...(Node | string | number | null | undefined | false)} children
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on") && typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false).map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

/** Puts new content into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let silence;

/** Tells something in passing; screen readers hear it. */
export function say(text) {
  const place = document.getElementById("say");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(silence);
  silence = setTimeout(() => place.classList.remove("shown"), 6_000);
}

/** A notice that shows a refusal: what was wrong, field by field. */
export function refusal(error) {
  const errors = error.problem?.errors ?? [];
  return h(
    "div",
    { class: "notice bad", role: "alert" },
    h("strong", {}, error.message),
    errors.length > 0 && h("ul", {}, errors.slice(0, 20).map((each) => h("li", {}, each.path ? `${each.path}: ${each.message}` : each.message))),
    error.problem?.instance && h("p", { class: "small soft" }, `${error.problem.code} · ${error.problem.instance}`),
  );
}

/** Runs something slow from a button: the button waits with it, and a refusal is shown at the given place. */
export async function busy(button, place, work) {
  button.disabled = true;
  fill(place);
  try {
    return await work();
  } catch (error) {
    fill(place, refusal(error));
    return undefined;
  } finally {
    button.disabled = false;
  }
}

/** Opens a dialog; answers it so that the caller can fill and close it. */
export function openDialog(title) {
  const close = h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close");
  const body = h("div");
  const dialog = h("dialog", { "aria-label": title }, h("div", { class: "head stay" }, h("h2", {}, title), close), body);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, body };
}
