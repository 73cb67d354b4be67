/** What a date cell of a register says: the IST date as "2026-11-23", nothing, or what is wrong with it. */
export type DateReading = { ok: true; date: string | null } | { ok: false; reason: "unreadable_date" | "absurd_date" };

/** The do-not-call register opened in 2007; nothing in it can be older. */
const firstYear = 2007;

const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/;
const dayFirst = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: .*)?$/;

/**
 * Reads dates as Indian registers write them: 2026-11-23, 23-11-2026, 23/11/26, with or without a time. A date before
 * the register existed or after `today` (an IST date) is absurd: a slip of century, not a fact.
 */
export function readListDate(cell: string, today: string): DateReading {
  const text = cell.trim();
  if (text === "") return { ok: true, date: null };
  const iso = yearFirst.exec(text);
  const indian = dayFirst.exec(text);
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : indian ? [indian[3], indian[2], indian[1]] : [];
  if (year === undefined || month === undefined || day === undefined) return { ok: false, reason: "unreadable_date" };
  const fullYear = year.length === 2 ? 2000 + Number(year) : Number(year);
  const date = `${String(fullYear).padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (!exists(fullYear, Number(month), Number(day))) return { ok: false, reason: "unreadable_date" };
  return fullYear < firstYear || date > today ? { ok: false, reason: "absurd_date" } : { ok: true, date };
}

/**
 * Reads several date cells of one row: the latest says for when the row speaks, the earliest how old what it says is. Null: none is
 * filled in. One that cannot be read spoils the row.
 */
export function latestDate(cells: readonly { at: number; text: string }[], today: string): { ok: true; latest: string | null; earliest: string | null } | { ok: false; at: number; reason: "unreadable_date" | "absurd_date" } {
  let latest: string | null = null;
  let earliest: string | null = null;
  for (const { at, text } of cells) {
    const reading = readListDate(text, today);
    if (!reading.ok) return { ok: false, at, reason: reading.reason };
    if (reading.date === null) continue;
    if (latest === null || reading.date > latest) latest = reading.date;
    if (earliest === null || reading.date < earliest) earliest = reading.date;
  }
  return { ok: true, latest, earliest };
}

function exists(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
