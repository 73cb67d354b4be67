/** A first character, also in its full-width form, that makes a spreadsheet read a cell as a formula or swallow it (OWASP ASVS 1.2.10). */
const formulaStart = /^[=+\-@\t\r\n\0|%\uff1d\uff0b\uff0d\uff20]/;

/** A text as a spreadsheet may safely open it: a leading apostrophe keeps it a text. */
export function spreadsheetSafe(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}

/**
 * How every CSV is written: RFC 4180 with its line ends. A cell with any line break is quoted (the writer itself looks only for the
 * line end of the file), and so is one with space at its edges, which readers that trim would else take off.
 */
export const spreadsheetCsv = { record_delimiter: "windows", quoted_match: /[\r\n]|^\s|\s$/u } as const;
