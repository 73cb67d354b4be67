import type { E164 } from "../domain/phone-number.ts";
import type { ListColumns } from "./list-columns.ts";
import { listNumber, numberProblem } from "./list-number.ts";

/** The numbers of one row, and what is wrong with those that cannot be read. */
export interface RowNumbers {
  /** `place`: which of the columns of numbers. */
  numbers: readonly { number: E164; place: number }[];
  problems: readonly { column: string | null; reason: string; message: string }[];
}

/** Reads every column of numbers of a row. One number is enough; a cell without a digit beside a number is a name, not an error. */
export function rowNumbers(columns: ListColumns, cells: readonly string[]): RowNumbers {
  const readings = columns.numbers.map(({ at }, place) => ({ at, place, text: cells[at] ?? "", reading: listNumber(cells[at] ?? "") }));
  const numbers = readings.flatMap(({ reading, place }) => (reading.ok ? [{ number: reading.number, place }] : []));
  const wrong = readings.flatMap(({ at, text, reading }) => (reading.ok || (numbers.length > 0 && !/\d/.test(text)) ? [] : [{ at, reason: reading.reason }]));
  const said = wrong.filter(({ reason }) => reason !== "missing");
  const counted = numbers.length > 0 || said.length > 0 ? said : wrong.slice(0, 1);
  return { numbers, problems: counted.map(({ at, reason }) => ({ column: columns.header[at] ?? null, reason: `number_${reason}`, message: numberProblem(reason) })) };
}
