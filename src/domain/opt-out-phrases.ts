import { asksForAnotherHour, type Found, namesHourAfter } from "./opt-out-hours.ts";
import { timeIdioms, wordIdioms, type Idioms } from "./opt-out-idioms.ts";
import { byFirstStep, endOfShape, parseShape, type Token, tokensOf } from "./opt-out-line.ts";
import { meansSomethingElse } from "./opt-out-refused.ts";
import { type WishKind, wishes } from "./opt-out-wishes.ts";

/**
 * What a person's words say about being called again. `opt_out`: never again (`phrase` is the shape that was recognised,
 * nothing of what was said). `not_now`: not at this time; a callback, no opt-out. `none`: nothing of the kind.
 */
export type OptOutReading = { kind: "opt_out"; phrase: string } | { kind: "not_now" } | { kind: "none" };

/** Longer texts are read by their end: what was said last counts. */
const longestRead = 20_000;

const hourRightAfter = 4;

const kinds: readonly WishKind[] = ["end", "want", "quiet", "call"];
const wishesAt = byFirstStep(kinds.flatMap((kind) => wishes[kind].map(([written]) => ({ kind, written, shape: parseShape(written) }))));
const joins = [wordIdioms, wordIdioms, timeIdioms].map(joiner);

/**
 * Reads an opt-out said in Hindi, English or both, in Devanagari or Latin letters, as speech recognition or a keyboard
 * writes it. Pure and linear; it stands outside the model, so no prompt can talk it away. In doubt about whether, it
 * hears an opt-out; a wish about the hour ("abhi mat karo, kal karna") is none.
 */
export function recogniseOptOut(text: string): OptOutReading {
  const tokens = joins.reduce<readonly Token[]>((line, join) => join(line), tokensOf(text.length > longestRead ? text.slice(-longestRead) : text));
  let notNow = false;
  for (const [start, token] of tokens.entries()) {
    for (const wish of wishesAt(token)) {
      const end = endOfShape(tokens, start, wish.shape);
      if (end < 0) continue;
      const found = { start, end };
      if (meansSomethingElse(tokens, found, wish.kind)) continue;
      if (isForAnotherHour(tokens, found, wish.kind)) notNow = true;
      else return { kind: "opt_out", phrase: wish.written };
    }
  }
  return notNow ? { kind: "not_now" } : { kind: "none" };
}

function isForAnotherHour(tokens: readonly Token[], found: Found, kind: WishKind): boolean {
  if (kind === "end") return false;
  return kind === "want" ? namesHourAfter(tokens, found.end, hourRightAfter) : asksForAnotherHour(tokens, found);
}

/** Joins the words of each idiom into one token; of several the longest. */
function joiner(idioms: Idioms): (tokens: readonly Token[]) => readonly Token[] {
  const idiomsAt = byFirstStep(Object.entries(idioms).flatMap(([group, written]) => written.map((one) => ({ group, shape: parseShape(one) }))));
  return (tokens) => {
    const joined: Token[] = [];
    for (let at = 0; at < tokens.length; ) {
      const first = tokens[at];
      if (!first) break;
      let longest = { end: at, group: "" };
      for (const { group, shape } of idiomsAt(first)) {
        const end = endOfShape(tokens, at, shape);
        if (end > longest.end) longest = { end, group };
      }
      joined.push(longest.end === at ? first : joinedToken(tokens.slice(at, longest.end), longest.group));
      at = Math.max(at + 1, longest.end);
    }
    return joined;
  };
}

function joinedToken(words: readonly Token[], group: string): Token {
  return { word: words.map((token) => token.word).join("_"), groups: new Set([group]) };
}

// The first reading costs ten milliseconds and more, a later one hardly any: nobody on a call is to wait for it.
for (const [, example] of kinds.flatMap((kind) => wishes[kind])) recogniseOptOut(example);
