const whole = new Intl.NumberFormat("en-IN");
const rupees = new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR", maximumFractionDigits: 2 });

export const count = (value) => whole.format(value);
export const money = (value) => (value === null || value === undefined ? "–" : rupees.format(Number(value)));
export const percent = (value) => (value === null || value === undefined ? "–" : `${Math.round(value * 1000) / 10} %`);
export const ms = (value) => (value === null || value === undefined ? "–" : `${whole.format(Math.round(value))} ms`);
export const seconds = (value) => (value === null || value === undefined ? "–" : `${Math.floor(value / 60)}:${String(value % 60).padStart(2, "0")}`);

/** Instants come in Indian time and are shown in it, whatever zone the reader's machine is in. */
export const when = (iso) => (iso ? `${iso.slice(0, 10)} ${iso.slice(11, 16)}` : "–");

/** A time of day with seconds, in Indian time. */
export const clockTime = (iso) => (iso ? iso.slice(11, 19) : "–");

/** A value that a conversation brought, by its type in the definition. */
export function fieldValue(value, type) {
  if (type === "money") return money(value);
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value)) return when(value);
  return String(value);
}

/** A code as words: "promise_to_pay" → "promise to pay". */
export const words = (code) => (code ? String(code).replaceAll("_", " ") : "–");

const reasons = {
  window: "outside calling hours",
  paused: "the campaign is paused",
  not_started: "the campaign has not been started",
  finished: "the campaign is finished",
  cancelled: "the campaign was cancelled",
  no_contacts: "the list is empty",
  blocked: "may not be called",
  held: "left alone until somebody has looked at them",
  missing_scrub: "no valid scrub run",
  missing_papers: "papers are missing",
  brake: "too many complaints: the sender is braked",
  account_stopped: "the account is stopped",
  no_caller_number: "no caller number is free",
  breaker: "calls keep failing: dialing rests",
  budget: "the budget is used up",
  pace: "waiting for their turn at the set pace",
  slots: "all lines are in use",
  other_campaigns: "other campaigns have their share first",
  retry_wait: "waiting for the next try",
  callback_promised: "waiting for a promised callback",
  not_before: "not to be called before",
  cap: "called often enough for now",
  queue: "no dialer is taking calls",
  suppressed: "on the do-not-call list",
  erased: "erased",
  hold_not_party: "somebody else's number",
  hold_complaint: "complained",
  hold_dispute: "disputes the debt",
  hold_hardship: "in hardship",
  hold_bereavement: "bereaved",
  not_borrower: "neither borrower nor guarantor",
  scrub_blocked: "blocked by the scrub",
  not_scrubbed: "not covered by the scrub",
  no_consent: "no consent on file",
  consent_lapsed: "the consent has lapsed",
  preference_full_block: "blocked all commercial calls",
  preference_block_promo: "blocked promotional calls",
  preference_legacy: "closed in the old register",
  preference_category: "blocked this kind of offer",
  preference_mode: "blocked automated calls",
  preference_band: "blocked this time of day",
  preference_day: "blocked this day",
  caller_numbers_resting: "the caller numbers rest",
  technical_failure: "a technical failure",
};

/** Why somebody is not being called, in plain words. */
export const reason = (code) => reasons[code] ?? words(code);
