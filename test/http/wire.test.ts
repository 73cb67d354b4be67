import { describe, expect, it } from "vitest";
import { instantQuery } from "../../src/http/wire/common-wire.ts";

describe("an instant in a query", () => {
  const read = (text: string): string | undefined => instantQuery.safeParse(text).data?.toISOString();

  it.each([
    ["2026-12-01T10:00:00+05:30", "2026-12-01T04:30:00.000Z"],
    ["2026-12-01T10:00:00.5+05:30", "2026-12-01T04:30:00.500Z"],
    ["2026-12-01T10:00+05:30", "2026-12-01T04:30:00.000Z"],
    ["2026-12-01T04:30Z", "2026-12-01T04:30:00.000Z"],
    ["2026-12-01T00:00:00 05:30", "2026-11-30T18:30:00.000Z"],
    ["2026-12-01T00:00 05:30", "2026-11-30T18:30:00.000Z"],
    ["2026-12-01T00:00:00-03:00", "2026-12-01T03:00:00.000Z"],
    ["2026-12-01", "2026-11-30T18:30:00.000Z"],
  ])("%s", (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each(["2026-12-01T10:00:00", "2026-02-31", "2026-13-01T10:00+05:30", "01/12/2026", "yesterday", "", "2026-12-01 10:00", "5:30"])("not %j", (text) => {
    expect(read(text)).toBeUndefined();
  });
});
