import { describe, expect, test } from "vitest";
import { definitionSchema } from "../../src/domain/definition.ts";
import { readDisposition, recordableDispositions } from "../../src/talk/disposition-fields.ts";
import { readField, shownValue } from "../../src/talk/variable-values.ts";
import { testDefinition } from "../support/rows.ts";

const definition = definitionSchema.parse(testDefinition());
const nowMs = Date.parse("2026-12-01T10:00:00+05:30");

describe("a disposition", () => {
  test("is one of a closed set", () => {
    expect(recordableDispositions(definition)).toEqual(["promise_to_pay", "opted_out", "wrong_number", "callback_requested", "not_verified"]);
    expect(readDisposition(definition, "voicemail", {}, nowMs)).toMatchObject({ ok: false });
    expect(readDisposition(definition, 7, {}, nowMs)).toMatchObject({ ok: false });
    expect(readDisposition(definition, "constructor", {}, nowMs)).toMatchObject({ ok: false });
  });

  test("has its fields read: money in paise, dates as ISO", () => {
    expect(readDisposition(definition, "promise_to_pay", { amount: "₹4,500", date: "5 December 2026" }, nowMs)).toEqual({ ok: true, disposition: "promise_to_pay", fields: { amount: 450_000, date: "2026-12-05" } });
  });

  test("names everything that is wrong at once, in words", () => {
    const reading = readDisposition(definition, "promise_to_pay", { amount: "soon" }, nowMs);
    expect(reading).toEqual({ ok: false, problem: 'amount expected an amount of rupees in digits such as 4500, got "soon"; date is missing' });
  });

  test("a callback lies ahead, within reach, and in Indian time", () => {
    expect(readDisposition(definition, "callback_requested", { at: "2026-12-01T18:00" }, nowMs)).toEqual({ ok: true, disposition: "callback_requested", fields: { at: "2026-12-01T18:00:00+05:30" } });
    for (const at of ["2026-12-01T09:00", "2027-12-01T18:00", "18:00", "2026-12-01"]) expect(readDisposition(definition, "callback_requested", { at }, nowMs)).toMatchObject({ ok: false });
  });
});

describe("a value", () => {
  test("is refused rather than guessed", () => {
    for (const [type, raw] of [["money", "-5"], ["money", "0"], ["money", "1e6"], ["date", "31/2/2026"], ["date", "tomorrow"], ["number", "many"], ["boolean", "perhaps"], ["text", ""], ["money", {}], ["date", null]] as const) {
      expect(readField(type, raw)).toMatchObject({ ok: false });
    }
  });

  test("is shown to the model as people write it", () => {
    expect(shownValue("money", 123_456_750)).toBe("₹12,34,567.50");
    expect(shownValue("money", 90_000)).toBe("₹900");
    expect(shownValue("date", "2026-12-05")).toBe("5 December 2026");
    expect(shownValue("number", 7)).toBe("7");
  });
});
