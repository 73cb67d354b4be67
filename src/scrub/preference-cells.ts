import { preferenceBands, preferenceCategories, preferenceModes, publicHolidayCode, weekdayCodes } from "../rules/data/preference-codes.ts";

export type Kind = "categories" | "modes" | "bands" | "days";
export type Codes = Record<Kind, number[]>;

const kinds: readonly { kind: Kind; codes: ReadonlySet<number> }[] = [
  { kind: "categories", codes: new Set(preferenceCategories) },
  { kind: "modes", codes: new Set(preferenceModes) },
  { kind: "bands", codes: new Set([20, ...Object.keys(preferenceBands).map(Number)]) },
  { kind: "days", codes: new Set([30, ...weekdayCodes, publicHolidayCode]) },
];

const modeWords: Readonly<Record<string, number>> = { all: 10, voice: 11, call: 11, "voice call": 11, sms: 12, announcement: 13, prerecorded: 13, "pre recorded": 13, "auto dialer": 14, autodialer: 14, robo: 15, "robo call": 15, robocall: 15 };

/** "1-8", "1 to 8", "1 – 8": every code from the one to the other. */
const range = /(?<![\da-z])(\d{1,2}) ?(?:[-\u2010-\u2015]|to) ?(\d{1,2})(?![\da-z])/;

/**
 * Adds the codes of one cell (lower case, single spaces) to those of its row. Answers "codes", a whole block when the cell holds one, or
 * what is wrong with it. `only`: the kind its column is of; null: any.
 */
export function addCodes(codes: Codes, text: string, only: Kind | null): "codes" | "full_block" | "block_promo" | { reason: string; message: string } {
  const mode = only === "modes" ? modeWords[text] : undefined;
  const parts = mode === undefined ? partsOf(text) : [String(mode)];
  if (parts.length === 0) return unknownCode(text);
  for (const part of parts) {
    const code = /^\d{1,3}$/.test(part) ? Number(part) : Number.NaN;
    if (only === null && code === 0) return "full_block";
    if (only === null && code === 50) return "block_promo";
    if (code >= 91 && code <= 98) return { reason: "unblock_code", message: `${part} unblocks a category; expected what is blocked in the end` };
    const fitting = kinds.find(({ kind, codes: known }) => (only === null || kind === only) && known.has(code));
    if (!fitting) return unknownCode(part);
    if (!codes[fitting.kind].includes(code)) codes[fitting.kind].push(code);
  }
  return "codes";
}

function unknownCode(text: string): { reason: string; message: string } {
  return { reason: "unknown_preference_code", message: `expected preference codes (1–8, 10–15, 20–29, 30–38, 50, 0), got ${text.slice(0, 20)}` };
}

function partsOf(text: string): string[] {
  let open = text.replace(/^block(?:ed)?\b/, "");
  for (let found = range.exec(open); found; found = range.exec(open)) {
    const [low, high] = [Number(found[1]), Number(found[2])].sort((a, b) => a - b);
    const all = Array.from({ length: (high ?? 0) - (low ?? 0) + 1 }, (_, at) => (low ?? 0) + at);
    open = `${open.slice(0, found.index)} ${all.join(",")} ${open.slice(found.index + found[0].length)}`;
  }
  return open.split(/[^a-z0-9]+/).filter((part) => part !== "");
}
