import { describe, expect, it } from "vitest";
import { definitionSchema } from "../../src/domain/definition.ts";
import { planColumns } from "../../src/intake/column-plan.ts";
import { testDefinition } from "../support/rows.ts";

const definition = definitionSchema.parse(
  testDefinition({
    variables: { amount_due: { type: "money", required: true, sensitive: true }, due_date: { type: "date", label: "EMI Date" } },
  }),
);
const plan = (header: readonly string[], mapping = {}) => planColumns(header, definition, mapping);

describe("recognising the header", () => {
  it.each([
    "phone", "Phone Number", "MOBILE", "mobile no.", " Mobile_No ", "Contact Number", "MSISDN", "Customer Mobile", "मोबाइल नंबर", "फ़ोन", "मो. नं.", "Mob.No",
  ])("finds the number under %s", (title) => {
    expect(plan(["Amount Due", title]).known.phone).toBe(1);
  });

  it("finds variables by name and by label, in any case and spacing, and says what it ignores", () => {
    const found = plan(["Phone", "AMOUNT  DUE", "emi date", "Branch", "Customer Name"]);
    expect([...found.variables]).toEqual([["amount_due", 1], ["due_date", 2]]);
    expect(found.known).toEqual({ phone: 0, name: 4 });
    expect(found.ignored).toEqual(["Branch"]);
  });

  it("takes a mapped column before any alias", () => {
    expect(plan(["Phone", "Alternate No", "amount_due"], { phone: "alternate no" }).known.phone).toBe(1);
    expect(plan(["Phone", "EMI", "x"], { amount_due: "EMI" }).variables.get("amount_due")).toBe(1);
  });

  it("prefers the exact name where several columns could be meant", () => {
    expect(plan(["Mobile", "phone", "amount_due"]).known.phone).toBe(1);
  });

  it.each([
    ["no_phone_column", ["name", "amount_due"], {}],
    ["no_phone_column", ["9876543210", "Asha"], {}],
    ["ambiguous_column", ["Mobile", "Mobile No", "amount_due"], {}],
    ["ambiguous_column", ["phone", "phone", "amount_due"], {}],
    ["missing_columns", ["phone", "name"], {}],
    ["unknown_mapping", ["phone", "amount_due"], { phone: "Handy" }],
    ["unknown_mapping", ["phone", "amount_due"], { shoe_size: "phone" }],
    ["broken_header", ["phone", "amount_due\u0000"], {}],
    ["broken_header", ["phone", "\u202eamount_due"], {}],
  ])("refuses with %s: %j %j", (code, header, mapping) => {
    expect(() => plan(header, mapping)).toThrow(expect.objectContaining({ name: "Refusal", status: 422, code }));
  });

  it("is not fooled by header names of object internals", () => {
    expect(plan(["__proto__", "constructor", "phone", "amount_due", "toString"]).ignored).toEqual(["__proto__", "constructor", "toString"]);
    expect(() => plan(["phone", "amount_due"], { constructor: "phone" })).toThrow("mapping");
  });

  it("ignores the line and reason columns of a corrected rejects file, unless the definition needs them", () => {
    expect(plan(["phone", "amount_due", "line", "reason"]).header).toEqual(["phone", "amount_due"]);
    const asking = definitionSchema.parse(testDefinition({ variables: { reason: { type: "text" } } }));
    expect([...planColumns(["phone", "line", "reason"], asking, {}).variables]).toEqual([["reason", 2]]);
    expect([...planColumns(["phone", "reason", "line", "reason"], asking, {}).variables]).toEqual([["reason", 1]]);
  });
});
