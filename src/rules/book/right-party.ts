import { holdVerdict } from "../hold-verdict.ts";
import { cannotDecide, type ContactRule, never } from "../rule.ts";

/**
 * A debt is spoken of with the borrower or the guarantor only. A list uploaded for collection is the operator's statement
 * that it holds no others; a column `party` can say it per row, and a conversation that reached somebody else closes the
 * number (`not_party`), for every purpose: the person behind it is not our customer.
 */
export const rightParty: ContactRule = {
  id: "right-party",
  title: "Recovery calls go to the borrower or the guarantor only",
  citations: ["RBI Responsible Business Conduct (Fourth Amendment) Directions, para 454Y(1)", "RBI/2022-23/108 of 12 August 2022"],
  certainty: "several_sources",
  inForce: { from: "2022-08-12", to: null },
  about: "contact",
  decide({ purpose, party, holds }, nowMs) {
    if (purpose === "collection" && party === "other") return never("not_borrower", "the list says that this is neither the borrower nor the guarantor");
    if (holds === "unknown") return cannotDecide("holds");
    return holdVerdict(holds, ["not_party"], nowMs);
  },
};
