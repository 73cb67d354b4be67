/**
 * Picks the size that the suite has time for, or the one that the bar is meant for: `npm run chaos -- bars` runs the tests
 * concerned in their long form.
 */
export function shortOrLong(short: number, long: number): number {
  return process.env["LONG_FORM"] === "1" ? long : short;
}

/** Minutes, for tests whose long form takes some. */
export const longFormTimeoutMs = shortOrLong(30_000, 3_600_000);
