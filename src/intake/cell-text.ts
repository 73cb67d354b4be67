import type { RejectReason } from "./reject-reasons.ts";

/** Undoes what spreadsheets put around a value: `="98765"`, a leading apostrophe, no-break spaces, a stray byte order mark. */
export function cellText(raw: string): string {
  const text = raw.normalize("NFC").replace(/[\u00a0\u202f]/g, " ").replace(/^\ufeff/, "").trim();
  const wrapped = /^="([^"]*)"$/.exec(text)?.[1];
  if (wrapped !== undefined) return wrapped.trim();
  return /^'[=+\-@\d]/.test(text) ? text.slice(1) : text;
}

/**
 * What stands against a free text (a name, a text variable, an id): characters that steer a display or a prompt, damage
 * from a wrong encoding, a formula, digits lost to scientific notation. Joiners that Indic scripts need are allowed.
 */
export function textProblem(text: string): RejectReason | undefined {
  if (/[\p{Cc}\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u.test(text.replace(/[\t\r\n]/g, " "))) return "control_characters";
  if (/\ufffd|\p{Cs}|\p{Noncharacter_Code_Point}/u.test(text)) return "broken_characters";
  if (/^\d(?:\.\d{1,15})?e\+\d{1,3}$/i.test(text)) return "scientific_notation";
  if (/^=|^[+@-][\p{L}(]/u.test(text)) return "formula";
  return undefined;
}

/** A text on one line: line breaks and tabs become single spaces. */
export function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
