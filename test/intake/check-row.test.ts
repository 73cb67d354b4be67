import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { istFromMs } from "../../src/domain/clock.ts";
import { definitionSchema } from "../../src/domain/definition.ts";
import { checkRow } from "../../src/intake/check-row.ts";
import { planColumns } from "../../src/intake/column-plan.ts";
import { testDefinition } from "../support/rows.ts";

const definition = definitionSchema.parse(
  testDefinition({
    languages: ["hi-IN", "en-IN"],
    variables: { name: { type: "text", required: true }, amount_due: { type: "money", required: true }, due_date: { type: "date" } },
  }),
);
const header = ["phone", "name", "language", "external_id", "not_before", "not_after", "Amount Due", "due_date"];
const plan = planColumns(header, definition, {});
const now = istFromMs(Date.parse("2026-12-01T10:00:00+05:30"));
const good = { phone: "98765 43210", name: "आशा", language: "Hindi", external_id: "LN-1", not_before: "", not_after: "", "Amount Due": "4,500", due_date: "25/12/2026" };

function check(changes: Partial<typeof good>) {
  const row = { ...good, ...changes };
  return checkRow({ line: 2, cells: header.map((column) => row[column as keyof typeof good]) }, { plan, definition, now, maxFieldBytes: 4_096 });
}
const problems = (changes: Partial<typeof good>) => {
  const reading = check(changes);
  return reading.ok ? [] : reading.problems.map((problem) => `${problem.column}: ${problem.reason}`);
};

describe("checking a row", () => {
  it("makes a contact of a good row", () => {
    expect(check({})).toEqual({
      ok: true,
      unsureColumns: [],
      contact: {
        number: "+919876543210",
        name: "आशा",
        language: "hi-IN",
        externalId: "LN-1",
        notBeforeMs: null,
        notAfterMs: null,
        variables: { name: "आशा", amount_due: 450_000, due_date: "2026-12-25" },
      },
    });
  });

  it("takes the campaign's first language when the row names none", () => {
    expect(check({ language: "" })).toMatchObject({ contact: { language: "hi-IN" } });
  });

  it("reads not_after as the end of its day when no time is given", () => {
    expect(check({ not_before: "2026-12-02", not_after: "2026-12-02" })).toMatchObject({
      contact: { notBeforeMs: Date.parse("2026-12-02T00:00:00+05:30"), notAfterMs: Date.parse("2026-12-02T23:59:59.999+05:30") },
    });
  });

  it.each([
    [{ phone: "" }, ["phone: missing"]],
    [{ phone: "9.87654E+09" }, ["phone: scientific_notation"]],
    [{ phone: "1600123456" }, ["phone: special_series"]],
    [{ phone: "+14155550100" }, ["phone: country_not_allowed"]],
    [{ phone: "९८७६५४३२१०" }, ["phone: not_a_number"]],
    [{ name: "" }, ["name: empty"]],
    [{ name: "x".repeat(121) }, ["name: too_long_text"]],
    [{ name: "Asha\u202e" }, ["name: control_characters"]],
    [{ external_id: "4.41E+11" }, ["external_id: scientific_notation"]],
    [{ external_id: "x".repeat(129) }, ["external_id: too_long_text"]],
    [{ language: "Klingon" }, ["language: unknown_language"]],
    [{ language: "Tamil" }, ["language: language_not_in_campaign"]],
    [{ "Amount Due": "" }, ["Amount Due: empty"]],
    [{ due_date: "12/25/2026" }, ["due_date: month_first_date"]],
    [{ not_after: "2026-11-30" }, ["not_after: not_after_past"]],
    [{ not_before: "2026-12-05", not_after: "2026-12-04" }, ["not_after: window_inverted"]],
    [{ not_before: "soon" }, ["not_before: not_an_instant"]],
    [{ name: "अ".repeat(1_400) }, [": field_too_long"]],
    [{ phone: "123", "Amount Due": "much", language: "?" }, ["phone: special_series", "language: unknown_language", "Amount Due: not_money"]],
  ])("%j is refused: %j", (changes, expected) => {
    expect(problems(changes)).toEqual(expected);
  });

  it("notes columns whose day and month could be swapped", () => {
    expect(check({ due_date: "05/03/2027" })).toMatchObject({ ok: true, unsureColumns: ["due_date"] });
  });

  it("refuses rows that are shorter or longer than the header, but not for empty cells at the end", () => {
    const cells = header.map((column) => good[column as keyof typeof good]);
    const context = { plan, definition, now, maxFieldBytes: 4_096 };
    expect(checkRow({ line: 2, cells: cells.slice(0, 7) }, context)).toMatchObject({ problems: [{ reason: "too_few_fields" }] });
    expect(checkRow({ line: 2, cells: [...cells, "", ""] }, context)).toMatchObject({ ok: true });
    expect(checkRow({ line: 2, cells: [...cells, "x"] }, context)).toMatchObject({ problems: [{ reason: "too_many_fields" }] });
  });

  it("never throws and never keeps a number that is not Indian and dialable, whatever the cells hold", () => {
    const anything = fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.constantFrom("1e400", "=1+1", "+91", "00000000000", "9".repeat(50)));
    fc.assert(
      fc.property(fc.array(anything, { minLength: header.length, maxLength: header.length }), (cells) => {
        const reading = checkRow({ line: 2, cells }, { plan, definition, now, maxFieldBytes: 4_096 });
        if (reading.ok) expect(reading.contact.number).toMatch(/^\+91[6-9]\d{9}$/);
        else expect(reading.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
