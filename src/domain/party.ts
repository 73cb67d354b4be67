import type { Definition } from "./definition.ts";

/** The column in which a list says who its rows are: "borrower", "guarantor", or anything else for somebody else. */
export const partyColumn = "party";

/** Whether the column is read: always for collection, whatever the variables, because a debt is spoken of with the borrower and the guarantor only. */
export function readsParty(definition: Pick<Definition, "purpose" | "variables">): boolean {
  return definition.purpose === "collection" || partyColumn in definition.variables;
}
