/** Where a stream of text may be handed to the voice: whole clauses sound right, single words do not. */
export interface ClauseCut {
  /** Clauses that are complete. */
  clauses: readonly string[];
  /** What may still grow. */
  rest: string;
}

/**
 * The first clause of a reply may end at a comma once it is two short words long, so that the voice can begin; the
 * second at a longer one, so that its sound is there before the first has been spoken. Further ones are sentences.
 */
const commaMinChars = [6, 14] as const;
/** A sentence shorter than this waits for the next one: "Ji." alone is spoken too clipped. */
const laterClauseMinChars = 12;
/** Text without any stop is handed over at a space once it is this long. */
const longestClauseChars = 240;

const abbreviations = new Set(["rs", "dr", "mr", "mrs", "ms", "no", "st", "shri", "smt", "inr", "a.m", "p.m", "a", "p"]);

/**
 * Cuts complete clauses off the front of a growing text. A full stop, a comma or a colon counts only when white space
 * follows it, so "4.5", "10:30" and a text that merely pauses mid-number are never cut; a question mark and a danda
 * stand for themselves. `spoken.before` says how many clauses of the same reply have been cut already.
 */
export function cutClauses(text: string, spoken: { before: number }): ClauseCut {
  const clauses: string[] = [];
  let rest = text;
  for (;;) {
    const end = clauseEnd(rest, spoken.before + clauses.length);
    if (end === undefined) return { clauses, rest };
    clauses.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trimStart();
  }
}

function clauseEnd(text: string, nth: number): number | undefined {
  const sentenceMin = nth === 0 ? 1 : laterClauseMinChars;
  const commaMin = commaMinChars[nth] ?? Number.POSITIVE_INFINITY;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? "";
    const next = text[index + 1];
    const length = index + 1;
    if (next === undefined) return "?।".includes(char) && length >= sentenceMin ? length : undefined;
    if (!/\s/.test(next)) continue;
    const atSentence = "?!।…".includes(char) || (char === "." && !endsWithAbbreviation(text.slice(0, index)));
    if (atSentence && length >= sentenceMin) return length;
    if (",;:–—".includes(char) && length >= commaMin) return length;
    if (length >= longestClauseChars) return length;
  }
  return undefined;
}

function endsWithAbbreviation(before: string): boolean {
  const word = /[\p{L}.]+$/u.exec(before)?.[0].toLowerCase();
  return word !== undefined && abbreviations.has(word);
}

/** The words of a text as they are counted everywhere: parts between white space. */
export function wordsOf(text: string): readonly string[] {
  const trimmed = text.trim();
  return trimmed === "" ? [] : trimmed.split(/\s+/);
}
