import { type Found, sentenceAfter } from "./opt-out-hours.ts";
import { endOfShape, isIn, isOneOf, parseShape, type Shape, type Token } from "./opt-out-line.ts";
import type { WishKind } from "./opt-out-wishes.ts";

/*
 * The words of a wish are there and the wish is not: it is refused ("don't stop calling"), asked about ("why don't you call"),
 * told of oneself ("I don't call people"), meant for somebody or something else, or spoken by a recorded voice.
 */

const refusal = new Set(["DONT", "NOT"]);
const hindiRefusal = new Set(["MAT", "NAHI"]);
const ring = new Set(["CALL", "PHONE", "CONTACT"]);
/** What may stand between a refusal and what it refuses: "I do not want you to stop calling", "I never said stop calling". */
const carriesRefusal = new Set(["FILL", "WISH", "TOLD", "AGAIN", "to", "say", "ask", "mean", "you", "i", "ever", "asking", "trying", "put", "add"]);
const sayers = new Set(["SAYER"]);
const ofMoney = shapes("MONEY se|ka|ke|ki|से|का|के|की", "purana|purani|old|पुराना");

/** "Only call me", "call me instead", "mujhe karo", "Hindi me karo": the refusal was about the other one. */
const contrasts = shapes(
  "mujhe|mujhko|mereko|humko|मुझे|मुझको|directly|सीधे FILL? CALL|PHONE? karo|kro|karna|kijiye|kariye|करो|करना|कीजिए|करिए",
  "CALL|PHONE me directly|instead|only",
  "LANGUAGE me|mein|mei|में|मे CALL|PHONE? KARO",
);
const ofOthers = shapes("my|our|the .. CALL|PHONE me");
const inLanguage = shapes("LANGUAGE me|mein|mei|में|मे", "in LANGUAGE");
const recorded = shapes("to? be? record|recorded|recording|recordings");
const naming = shapes("ME a|an|names|by|that", "ME TITLE END", "ME TITLE FILL");
const announced = shapes("NUMBER|subscriber|person|customer|party you have|are|were|dialled|dialed", "subscriber|सब्सक्राइबर|उपभोक्ता", "dial|dialed|डायल kiya|किया gaya|गया", "aapke|आपके dwara|द्वारा");
const keyMenu = shapes("press|dabaye|dabaen|dabaiye|दबाएं|दबाइए|दबाये NUM|the|key", "NUM press|dabaye|dabaen|dabaiye|दबाएं|दबाइए|दबाये");
const ofThePerson = new Set(["ME", "i", "main", "मैं", "MY"]);
const politeOrLasting = new Set(["please", "pls", "plz", "plzz", "AGAIN", "ALWAYS", "प्लीज"]);
const had = new Set(["got", "get", "getting", "received", "were", "was", "had", "have", "are", "is"]);

/** Whether what was found is no wish of the person not to be called. */
export function meansSomethingElse(tokens: readonly Token[], found: Found, kind: WishKind): boolean {
  const sentence = sentenceOf(tokens, found);
  if (isPresent(keyMenu, sentence) && !sentence.some((token) => isOneOf(token, ofThePerson))) return true;
  if ((kind === "end" || kind === "quiet") && isRefused(tokens, found)) return true;
  if (kind === "end") return false;
  if (kind === "quiet" && isPresent(announced, sentence)) return true;
  const after = sentenceAfter(tokens, found.end, 8);
  return (
    isAsked(tokens, found) ||
    isOfOneself(tokens, found) ||
    isAboutLanguage(tokens, found) ||
    startsWithOne(recorded, after) ||
    (kind === "call" && (isName(sentence, after) || startsWithOne(ofOthers, after) || isContrasted(tokens, found)))
  );
}

/** "Do not stop calling", "unsubscribe mat karna", "loan se mera naam hata do". */
function isRefused(tokens: readonly Token[], found: Found): boolean {
  for (let at = found.start - 1; at >= Math.max(0, found.start - 6); at -= 1) {
    const token = tokens[at];
    if (isOneOf(token, refusal)) return true;
    if (!isOneOf(token, carriesRefusal)) break;
  }
  if (isIn(tokens[found.start - 1], "MAT")) return true;
  if (isPresent(ofMoney, tokens.slice(Math.max(0, found.start - 3), found.start))) return true;
  const [next, second] = tokens.slice(found.end, found.end + 2);
  return isOneOf(next, hindiRefusal) && !isOneOf(second, ring);
}

/** "Why don't you call", "if you don't call": only when no other call was spoken of in between. */
function isAsked(tokens: readonly Token[], found: Found): boolean {
  for (let at = found.start - 1; at >= Math.max(0, found.start - 5); at -= 1) {
    const token = tokens[at];
    if (token?.word === "|" || isOneOf(token, ring)) return false;
    if (isIn(token, "WHY") || isIn(token, "IF")) return true;
  }
  return false;
}

function isOfOneself(tokens: readonly Token[], found: Found): boolean {
  const first = tokens[found.start];
  const before = tokens[found.start - 1];
  if (first?.word === "no") return isOneOf(before, had);
  if (first?.word === "never" && before?.word === "you") return !sentenceAfter(tokens, found.end, 4).some((token) => isOneOf(token, politeOrLasting));
  return isIn(first, "DONT") && isOneOf(before, sayers) && !tokens.slice(found.start, found.end).some((token) => isIn(token, "WISH") || isIn(token, "CONSENT") || token.word === "consent");
}

function isAboutLanguage(tokens: readonly Token[], found: Found): boolean {
  const from = Math.max(0, found.start - 4);
  const before = tokens.slice(from, found.start);
  const sentence = before.slice(before.findLastIndex((token) => token.word === "|" || token.word === ",") + 1);
  return isPresent(inLanguage, [...sentence, ...tokens.slice(found.start, found.end)]) || isPresent(inLanguage, sentenceAfter(tokens, found.end, 4));
}

/** "Don't call me madam" is about a name; "please don't call me, sir" is not. */
function isName(sentence: readonly Token[], after: readonly Token[]): boolean {
  return startsWithOne(naming, after) && !sentence.some((token) => isOneOf(token, politeOrLasting));
}

function isContrasted(tokens: readonly Token[], found: Found): boolean {
  const until = found.end + sentenceAfter(tokens, found.end, 8).length;
  for (let at = found.end; at < until; at += 1) {
    if (isOneOf(tokens[at], refusal) || isOneOf(tokens[at], hindiRefusal)) return false;
    if (contrasts.some((contrast) => endOfShape(tokens, at, contrast) >= 0)) return true;
  }
  return false;
}

function sentenceOf(tokens: readonly Token[], found: Found): readonly Token[] {
  const reach = 25;
  const from = Math.max(0, found.start - reach);
  const before = tokens.slice(from, found.start);
  const start = from + before.findLastIndex((token) => token.word === "|") + 1;
  return [...tokens.slice(start, found.end), ...sentenceAfter(tokens, found.end, reach)];
}

function isPresent(list: readonly Shape[], tokens: readonly Token[]): boolean {
  return tokens.some((_, at) => list.some((shape) => endOfShape(tokens, at, shape) >= 0));
}

function startsWithOne(list: readonly Shape[], tokens: readonly Token[]): boolean {
  return list.some((shape) => endOfShape(tokens, 0, shape) >= 0);
}

function shapes(...written: readonly string[]): readonly Shape[] {
  return written.map(parseShape);
}
