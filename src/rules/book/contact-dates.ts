import { type ContactRule, mayCall, never, waitUntil } from "../rule.ts";

/** The dates that came with the contact: "not before" is waited for, "not after" ends it. */
export const contactDates: ContactRule = {
  id: "contact-dates",
  title: "A contact is called within the dates given with it",
  citations: ["the operator's own list: not_before and not_after"],
  certainty: "own_policy",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide({ notBeforeMs, notAfterMs }, nowMs) {
    if (notAfterMs !== null && nowMs >= notAfterMs) return never("not_after_passed", "the last date given with the contact has passed");
    if (notBeforeMs !== null && notAfterMs !== null && notBeforeMs >= notAfterMs) return never("no_date_left", "the first date given with the contact is not before the last");
    if (notBeforeMs !== null && nowMs < notBeforeMs) return waitUntil(notBeforeMs, "not_before", "the first date given with the contact has not come");
    return mayCall();
  },
};
