/** One physical line of a file, without its line break. A line above the limit comes without text. */
export interface Line {
  /** Counted from 1, as an editor shows it. */
  number: number;
  text: string;
  tooLong: boolean;
}

/** Lines per batch: small enough that the work on one batch does not hold up the event loop. */
const batchLines = 128;

/**
 * Cuts text into physical lines (`\n`, `\r\n` or `\r`, also mixed), batch by batch as it arrives. A line longer than
 * `maxChars` is thrown away while it streams in and reported as `tooLong`, so memory stays flat whatever comes.
 */
export async function* linesOf(text: AsyncIterable<string>, maxChars: number): AsyncGenerator<readonly Line[]> {
  let rest = "";
  let overflowing = false;
  let number = 1;
  const take = (line: string): Line => {
    const tooLong = overflowing || line.length > maxChars;
    overflowing = false;
    return { number: number++, text: tooLong ? "" : line, tooLong };
  };
  for await (const piece of text) {
    const whole = rest + piece;
    const lines: Line[] = [];
    const lineBreak = /\r\n|\n|\r/g;
    let from = 0;
    for (let found = lineBreak.exec(whole); found !== null; found = lineBreak.exec(whole)) {
      // A final "\r" may be the first half of "\r\n": its line waits for the next piece.
      if (found[0] === "\r" && found.index === whole.length - 1) break;
      lines.push(take(whole.slice(from, found.index)));
      from = lineBreak.lastIndex;
    }
    rest = whole.slice(from);
    if (rest.length > maxChars + 1) {
      overflowing = true;
      rest = rest.endsWith("\r") ? "\r" : "";
    }
    for (let start = 0; start < lines.length; start += batchLines) yield lines.slice(start, start + batchLines);
  }
  if (rest !== "" || overflowing) yield [take(rest.endsWith("\r") ? rest.slice(0, -1) : rest)];
}
