import { type Group, groups, unions } from "./opt-out-words.ts";

/** One word, a comma "," or the end of a sentence "|", with the groups it stands in. */
export interface Token {
  readonly word: string;
  readonly groups: ReadonlySet<string>;
}

/** A run of tokens to look for; `parseShape` says how it is written. */
export interface Shape {
  /** What must stand right before it, unless it begins a part of the sentence; null for anything. */
  readonly behind: ReadonlySet<string> | null;
  readonly steps: readonly Step[];
}

type Step =
  | { kind: "one"; of: ReadonlySet<string>; optional: boolean }
  | { kind: "gap"; most: number; lets: ReadonlySet<string> | null }
  | { kind: "not"; of: ReadonlySet<string> }
  | { kind: "edge" };

/** "karooo": a letter written three times or more. */
const drawnOut = /(\p{L})\1{2,}/gu;
const number: ReadonlySet<string> = new Set(["NUM"]);
const noGroups: ReadonlySet<string> = new Set();
const refusals = new Set(["MAT", "NA", "NAHI", "DONT", "NOT"]);
const groupsOf = new Map<string, Set<string>>();
for (const [group, words] of Object.entries(groups)) {
  for (const word of words.split(/\s+/)) groupsOf.set(word, (groupsOf.get(word) ?? new Set()).add(group));
}

/** The text as tokens. Marks that end a sentence become "|", those that part a sentence ",": people change their mind across them. */
export function tokensOf(text: string): readonly Token[] {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u093c\u200b-\u200d\ufeff]/g, "")
    .replace(/\u0901/g, "\u0902")
    .replace(/['’`]/g, "")
    .replace(/[.!?।॥;\n]+/g, " | ")
    .replace(/(?<=\p{L}\p{M}*)[-–—](?=\p{L})/gu, " ")
    .replace(/[,،:–—-]+/g, " , ")
    .replace(/[^\p{L}\p{M}\p{N}|,]+/gu, " ");
  return plain.split(" ").flatMap((written) => {
    if (written === "") return [];
    const word = written.replace(drawnOut, "$1");
    return [{ word, groups: groupsOf.get(word) ?? (/^\d+$/.test(word) ? number : noGroups) }];
  });
}

/**
 * Reads a shape: words and GROUPS one after the other, `a|B` either, `a?` may be missing, `!a` must not come next, `END` the
 * end of a part of the sentence, `…` at most four words that change nothing (and commas), `..` at most five words of any kind
 * that refuse nothing. A leading `<a|B` must stand right before, unless nothing does. Gaps are bounded, so looking for a
 * shape takes a bounded time at every place of a text.
 */
export function parseShape(written: string): Shape {
  const parts = written.split(/\s+/);
  const behind = parts[0]?.startsWith("<") ? namesIn(parts.shift()?.slice(1) ?? "") : null;
  const steps = parts.map((part): Step => {
    if (part === "…") return { kind: "gap", most: 4, lets: namesIn("LET") };
    if (part === "..") return { kind: "gap", most: 5, lets: null };
    if (part === "END") return { kind: "edge" };
    if (part.startsWith("!")) return { kind: "not", of: namesIn(part.slice(1)) };
    return { kind: "one", of: namesIn(part.replace(/\?$/, "")), optional: part.endsWith("?") };
  });
  return { behind, steps };
}

function namesIn(part: string): ReadonlySet<string> {
  return new Set(part.split("|").flatMap((name): readonly string[] => unions[name] ?? [name]));
}

/** Where the shape, begun at the token `at`, ends; -1 when it is not there. */
export function endOfShape(tokens: readonly Token[], at: number, shape: Shape): number {
  const before = tokens[at - 1];
  if (shape.behind && !isEdge(before) && !isOneOf(before, shape.behind)) return -1;
  return endOfSteps(tokens, at, shape.steps, 0);
}

function endOfSteps(tokens: readonly Token[], at: number, steps: readonly Step[], from: number): number {
  const step = steps[from];
  if (!step) return at;
  const token = tokens[at];
  switch (step.kind) {
    case "edge":
      return isEdge(token) ? endOfSteps(tokens, at, steps, from + 1) : -1;
    case "not":
      return token && isOneOf(token, step.of) ? -1 : endOfSteps(tokens, at, steps, from + 1);
    case "one": {
      const end = token && isOneOf(token, step.of) ? endOfSteps(tokens, at + 1, steps, from + 1) : -1;
      return end >= 0 || !step.optional ? end : endOfSteps(tokens, at, steps, from + 1);
    }
    case "gap":
      for (let skipped = 0; ; skipped += 1) {
        const end = endOfSteps(tokens, at + skipped, steps, from + 1);
        const next = tokens[at + skipped];
        if (end >= 0 || !next || skipped === step.most || !mayBeSkipped(next, step.lets)) return end;
      }
  }
}

function mayBeSkipped(token: Token, lets: ReadonlySet<string> | null): boolean {
  if (lets) return token.word === "," || isOneOf(token, lets);
  return token.word !== "|" && !isOneOf(token, refusals);
}

/** Whether the token is one of these words or stands in one of these groups. */
export function isOneOf(token: Token | undefined, names: ReadonlySet<string>): boolean {
  if (!token) return false;
  if (names.has(token.word)) return true;
  for (const group of token.groups) if (names.has(group)) return true;
  return false;
}

/** Whether the token stands in the group. */
export function isIn(token: Token | undefined, group: Group): boolean {
  return token?.groups.has(group) ?? false;
}

function isEdge(token: Token | undefined): boolean {
  return token === undefined || token.word === "|" || token.word === ",";
}

/** Rules listed under each word or group that their shape can begin with. */
export function byFirstStep<R extends { shape: Shape }>(rules: readonly R[]): (token: Token | undefined) => readonly R[] {
  const listed = new Map<string, R[]>();
  for (const rule of rules) {
    const [first] = rule.shape.steps;
    if (first?.kind !== "one" || first.optional) throw new Error("a shape begins with a word or group that must be there; write the optional beginning as two shapes");
    for (const name of first.of) listed.set(name, [...(listed.get(name) ?? []), rule]);
  }
  const ofGroups = new WeakMap<ReadonlySet<string>, readonly R[]>();
  return (token) => {
    if (!token) return [];
    let found = ofGroups.get(token.groups);
    if (!found) ofGroups.set(token.groups, (found = [...new Set([...token.groups].flatMap((group) => listed.get(group) ?? []))]));
    const ofWord = listed.get(token.word);
    return ofWord ? [...ofWord, ...found] : found;
  };
}
