import { transactionLastsMs } from "../data/limits.ts";
import { type ContactRule, mayCall, never } from "../rule.ts";

/**
 * The 30 minutes run from the customer's act, which only the operator knows; the contact cannot be older than the act, so
 * its age is the least that has passed. An operator who adds contacts late sets `not_after`.
 */
export const transactionAge: ContactRule = {
  id: "transaction-age",
  title: "A transactional call follows the customer's own act within 30 minutes",
  citations: ["TCCCPR 2018, definition of transactional call"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide({ purpose, addedAtMs }, nowMs) {
    if (purpose !== "transactional" || nowMs < addedAtMs + transactionLastsMs) return mayCall();
    return never("transaction_too_old", "more than 30 minutes have passed since the transaction; such a call is a service call");
  },
};
