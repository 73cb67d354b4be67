import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { istFromMs } from "../../src/domain/clock.ts";
import { cellText, textProblem } from "../../src/intake/cell-text.ts";
import { isoDay, readDate } from "../../src/intake/read-date.ts";
import { readInstant } from "../../src/intake/read-instant.ts";
import { readLanguage } from "../../src/intake/read-language.ts";
import { readVariable } from "../../src/intake/read-variable.ts";

const now = istFromMs(Date.parse("2026-12-01T10:00:00+05:30"));
const date = (text: string) => {
  const reading = readDate(text, now);
  return reading.ok ? `${isoDay(reading.date)}${reading.unsure ? "?" : ""}` : reading.reason;
};
const instant = (text: string) => {
  const reading = readInstant(text, now);
  return reading.ok ? `${reading.instant.toISO({ suppressMilliseconds: true })}${reading.hasTime ? "" : " day"}` : reading.reason;
};

describe("reading dates", () => {
  it.each([
    ["05/03/2026", "2026-03-05?"],
    ["5-3-2026", "2026-03-05?"],
    ["25.12.2026", "2026-12-25"],
    ["05/05/2026", "2026-05-05"],
    ["2026-03-05", "2026-03-05"],
    ["2026/3/5", "2026-03-05"],
    ["05-Mar-26", "2026-03-05"],
    ["5 March 2026", "2026-03-05"],
    ["5th Sept 2026", "2026-09-05"],
    ["29/02/2028", "2028-02-29"],
  ])("%s is %s", (text, expected) => expect(date(text)).toBe(expected));

  it.each([
    ["12/25/2026", "month_first_date"],
    ["05/03/26", "ambiguous_century"],
    ["15-Aug-62", "ambiguous_century"],
    ["29/02/2027", "impossible_date"],
    ["31/04/2026", "impossible_date"],
    ["05/03/0026", "implausible_year"],
    ["05-03-2206", "implausible_year"],
    ["46086", "not_a_date"],
    ["tomorrow", "not_a_date"],
    ["05/03-2026", "not_a_date"],
    ["5 Marble 2026", "not_a_date"],
    ["", "not_a_date"],
  ])("%s is refused: %s", (text, expected) => expect(date(text)).toBe(expected));

  it("reads every day back from each way of writing it", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("1900-01-02"), max: new Date("2100-12-30"), noInvalidDate: true }), fc.constantFrom("dd/MM/yyyy", "d-M-yyyy", "yyyy-MM-dd", "dd-MMM-yyyy", "d MMMM yyyy"), (day, format) => {
        const meant = DateTime.fromJSDate(day, { zone: "utc" });
        const reading = readDate(meant.setLocale("en").toFormat(format), now);
        expect(reading.ok && isoDay(reading.date)).toBe(meant.toFormat("yyyy-MM-dd"));
      }),
    );
  });
});

describe("reading instants", () => {
  it.each([
    ["2026-12-05 18:30", "2026-12-05T18:30:00+05:30"],
    ["2026-12-05T18:30:15", "2026-12-05T18:30:15+05:30"],
    ["2026-12-05T13:00:00Z", "2026-12-05T18:30:00+05:30"],
    ["2026-12-05T13:00:00.000+00:00", "2026-12-05T18:30:00+05:30"],
    ["05/12/2026 6:30 pm", "2026-12-05T18:30:00+05:30"],
    ["05-Dec-2026, 12:05 AM", "2026-12-05T00:05:00+05:30"],
    ["05/12/2026 12.15 p.m.", "2026-12-05T12:15:00+05:30"],
    ["5 December 2026 09:00", "2026-12-05T09:00:00+05:30"],
    ["05/12/2026", "2026-12-05T00:00:00+05:30 day"],
  ])("%s is %s", (text, expected) => expect(instant(text)).toBe(expected));

  it.each([
    ["2026-12-05 25:00", "not_a_datetime"],
    ["2026-12-05 13:30 pm", "not_a_datetime"],
    ["2026-12-05 10:61", "not_a_datetime"],
    ["2026-13-05T10:00:00Z", "impossible_date"],
    ["31/02/2026 10:00", "impossible_date"],
    ["12/25/2026 10:00", "month_first_date"],
    ["at six", "not_a_datetime"],
  ])("%s is refused: %s", (text, expected) => expect(instant(text)).toBe(expected));
});

describe("reading variables", () => {
  it.each([
    ["money", "4,500", 450_000],
    ["money", "₹ 1,20,000.50", 12_000_050],
    ["money", "Rs. 900/-", 90_000],
    ["number", "1,23,456.5", 123_456.5],
    ["number", "-7", -7],
    ["boolean", "Haan", true],
    ["boolean", "नहीं", false],
    ["boolean", "0", false],
    ["text", "12 MG Road\n  Pune", "12 MG Road Pune"],
    ["text", "क्‍या", "क्‍या"],
    ["date", "05/03/2026", "2026-03-05"],
    ["datetime", "05/12/2026 6:30 pm", "2026-12-05T18:30:00+05:30"],
  ] as const)("%s %s is %s", (type, text, expected) => {
    expect(readVariable(type, text, now)).toMatchObject({ ok: true, value: expected });
  });

  it.each([
    ["money", "1.2E+5", "scientific_notation"],
    ["money", "-500", "not_money"],
    ["money", "4.500,00", "not_money"],
    ["money", "five hundred", "not_money"],
    ["number", "12 months", "not_a_number_value"],
    ["number", "1e3", "scientific_notation"],
    ["boolean", "maybe", "not_boolean"],
    ["datetime", "05/12/2026", "not_a_datetime"],
    ["text", "\u202eevil", "control_characters"],
    ["text", "a\u0000b", "control_characters"],
    ["text", "R\ufffdvi", "broken_characters"],
    ["text", "=HYPERLINK(1)", "formula"],
    ["text", "+cmd|x", "formula"],
    ["text", "4.41E+11", "scientific_notation"],
  ] as const)("%s %j is refused: %s", (type, text, expected) => {
    expect(readVariable(type, text, now)).toEqual({ ok: false, reason: expected });
  });

  it("takes off what spreadsheets put around a value", () => {
    expect(cellText('="9876543210"')).toBe("9876543210");
    expect(cellText("'0987")).toBe("0987");
    expect(cellText("'+91 98")).toBe("+91 98");
    expect(cellText("\u00a0 x ")).toBe("x");
    expect(cellText("'tis")).toBe("'tis");
  });

  it.each([["hi-IN", "hi-IN"], ["HI_in", "hi-IN"], ["Hindi", "hi-IN"], ["हिन्दी", "hi-IN"], ["en", "en-IN"], ["Klingon", undefined], ["__proto__", undefined]])("language %s is %s", (text, expected) => {
    expect(readLanguage(text)).toBe(expected);
  });

  it("R5.14 reads 10 kB of anything within milliseconds", () => {
    const long = ["9", " ", "-", "1,", "a", "'", "/", "1/", "1:", "=", "\u200d", "5th "].map((unit) => unit.repeat(10_000 / unit.length));
    for (const text of long) {
      const startedMs = performance.now();
      for (const type of ["text", "money", "date", "datetime", "number", "boolean"] as const) readVariable(type, text, now);
      textProblem(cellText(text));
      expect(performance.now() - startedMs).toBeLessThan(50);
    }
  });
});
