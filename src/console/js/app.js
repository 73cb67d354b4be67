import { session } from "./api.js";
import { campaignView } from "./campaign-view.js";
import { campaignsView } from "./campaigns-view.js";
import { fill, say } from "./dom.js";
import { signInView } from "./sign-in-view.js";

const main = document.getElementById("main");
const signOut = document.getElementById("sign-out");
let leave = new AbortController();

/** Shows the page that the address names; whatever the page before was listening to ends. */
function show() {
  leave.abort();
  leave = new AbortController();
  signOut.hidden = !session.key;
  if (!session.key) return fill(main, signInView(show));
  const campaign = /^#\/campaigns\/([0-9a-f-]{36})$/.exec(location.hash)?.[1];
  document.title = "Campaign dialer";
  fill(main, campaign ? campaignView(campaign, leave.signal) : campaignsView());
  if (!campaign && !/^(?:#\/?)?$/.test(location.hash)) say("There is no such page; these are the campaigns.");
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

signOut.addEventListener("click", () => {
  session.key = null;
  location.hash = "#/";
  show();
});
window.addEventListener("signed-out", () => {
  say("The key opens nothing any more. Sign in again.");
  show();
});
window.addEventListener("hashchange", show);
show();
