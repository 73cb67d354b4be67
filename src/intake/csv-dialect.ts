/** How the cells of a file are separated. */
export type Delimiter = "," | ";" | "\t" | "|";

const delimiters: readonly Delimiter[] = [",", ";", "\t", "|"];

/**
 * Finds the delimiter from the first lines of a file: the one that splits the header into the most cells and the
 * following lines into as many. A file of one column has none; it is read with commas.
 */
export function detectDelimiter(lines: readonly string[]): Delimiter {
  const [header = "", ...rows] = lines;
  let best: { delimiter: Delimiter; score: number } = { delimiter: ",", score: 0 };
  for (const delimiter of delimiters) {
    const cells = countOutsideQuotes(header, delimiter);
    if (cells === 0) continue;
    const agreeing = rows.filter((row) => countOutsideQuotes(row, delimiter) === cells).length;
    const score = cells + (agreeing * 100) / Math.max(1, rows.length);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Excel's own hint, "sep=;" alone on the first line; undefined when the line is none. */
export function delimiterHint(line: string): Delimiter | undefined {
  const named = /^"?sep=(.)"?$/i.exec(line.replace(/ +$/, ""))?.[1];
  return delimiters.find((delimiter) => delimiter === named);
}

function countOutsideQuotes(line: string, delimiter: Delimiter): number {
  let count = 0;
  let quoted = false;
  for (const char of line) {
    if (char === '"') quoted = !quoted;
    else if (char === delimiter && !quoted) count += 1;
  }
  return count;
}
