import { expect, test } from "vitest";
import { placeAttempt } from "../src/dial/place-attempt.ts";
import { definitionSchema } from "../src/domain/definition.ts";
import { planColumns } from "../src/intake/column-plan.ts";
import { planOfObjects } from "../src/intake/contact-keys.ts";
import { dialWorld } from "./dial/dial-world.ts";
import { testDefinition } from "./support/rows.ts";

test("a list for collection that says who its rows are is read so, although the definition declares no such variable", () => {
  const collection = definitionSchema.parse(testDefinition({ purpose: "collection", variables: {} }));
  expect([...planColumns(["Mobile No.", "Name", "Party"], collection, {}).variables]).toEqual([["party", 2]]);
  expect([...planOfObjects(collection).variables.keys()]).toEqual(["party"]);
  const reminder = definitionSchema.parse(testDefinition({ purpose: "reminder", variables: {} }));
  expect(planColumns(["phone", "party"], reminder, {}).ignored).toEqual(["party"]);
});

test.each([
  ["borrower", "placed"],
  ["Guarantor", "placed"],
  ["friend", "refused"],
  ["उधारकर्ता का भाई", "refused"],
])("of a collection list, a row whose party is %s is %s", async (party, expected) => {
  const world = await dialWorld({ definition: { purpose: "collection", sector: "lending", variables: {} } });
  const { attemptId, contactId } = await world.planned(1);
  const account = await world.vault.forAccount(world.accountId);
  await world.database.db.updateTable("contacts").set({ variables_sealed: account.seal("contacts.variables", contactId, JSON.stringify({ party })) }).where("id", "=", contactId).execute();
  expect((await placeAttempt(world.deps, { attemptId })).kind).toBe(expected);
  expect(world.carrier.calls).toHaveLength(expected === "placed" ? 1 : 0);
});
