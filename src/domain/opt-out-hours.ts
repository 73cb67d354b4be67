import { endOfShape, isIn, isOneOf, parseShape, type Token } from "./opt-out-line.ts";

/** A wish found among the tokens: from `start` up to, not including, `end`. */
export interface Found {
  start: number;
  end: number;
}

const wordsBefore = 4;
const wordsAfter = 5;
const wordsOfInvitation = 12;

const hour = new Set(["TIME"]);
const limit = new Set(["TIME", "LIMIT"]);
const lasting = new Set(["AGAIN", "ALWAYS"]);
const pastOf = new Set(["PAST", "BOLA", "TOLD", "KIYA"]);
const bridges = new Set(["FILL", "TIME", "RING", "CALL", "PHONE", "NUM", "AGAIN", "LIMIT", "pehle", "पहले"]);
const refusal = new Set(["MAT", "NA", "NAHI", "DONT", "NOT"]);
const theirHabit = new Set(["you", "they", "people", "keep", "log", "tum"]);

/** "Call me tomorrow", "kal call karna", "shaam ko karo". */
const invitations = [
  "TIME|LIMIT … KARO|HABIT|GIVE",
  "TIME|LIMIT … CALL|PHONE KARO|KAR|me",
  "CALL|PHONE FILL? FILL? FILL? TIME|LIMIT|NUM",
  "CALL|PHONE FILL? AGAIN TIME|LIMIT",
].map(parseShape);

/** Whether the wish is for another hour or day, and nothing beside it says "again" or "ever". */
export function asksForAnotherHour(tokens: readonly Token[], found: Found): boolean {
  const before = near(tokens, found);
  const inside = tokens.slice(found.start, found.end);
  if ([...before, ...inside].some((token) => isOneOf(token, lasting)) || lastsAfter(tokens, found.end)) return false;
  const isHabit = inside.some((token) => token.groups.has("HABIT"));
  const around = [...before, ...inside, ...sentenceAfter(tokens, found.end, wordsAfter)];
  if (!isHabit && around.some((token) => isIn(token, "BUSY"))) return true;
  return [...before, ...inside].some((token) => isOneOf(token, limit)) || namesHourAfter(tokens, found.end, wordsAfter) || invitesLater(tokens, found.end);
}

/** Whether an hour or a day is named within so many words from here, and not as a time that is over ("kal bhi mana kiya tha"). */
export function namesHourAfter(tokens: readonly Token[], from: number, words: number): boolean {
  return sentenceAfter(tokens, from, words).some((token, index) => {
    if (isIn(token, "LIMIT")) return index < 3;
    return isOneOf(token, hour) && !isOver(tokens, from + index) && !followsTold(tokens, from + index, from);
  });
}

/** The words before a wish that belong to it: what somebody did or said before is another matter. */
function near(tokens: readonly Token[], found: Found): readonly Token[] {
  let from = Math.max(0, found.start - wordsBefore);
  for (let index = from; index < found.start; index += 1) {
    const token = tokens[index];
    if (token?.word === "|" || isOneOf(token, pastOf)) from = index + 1;
  }
  return tokens.slice(from, found.start).filter((token, index) => !isIn(token, "TIME") || !followsTold(tokens, from + index, Math.max(0, from - 3)));
}

function lastsAfter(tokens: readonly Token[], from: number): boolean {
  return sentenceAfter(tokens, from, wordsAfter).some((token, index) => {
    if (!isOneOf(token, lasting) || isOver(tokens, from + index)) return false;
    const at = from + index;
    const calledAgain = [tokens[at - 1], tokens[at - 2]].some((one) => isIn(one, "CALL") || isIn(one, "PHONE")) && index > 1;
    const doneAgain = [tokens[at + 1], tokens[at + 2]].some((one) => isIn(one, "KARO") || isIn(one, "GIVE")) && !isOneOf(tokens[at + 1], refusal);
    return !calledAgain && !doneAgain;
  });
}

/** An hour of something that happened: only words that change nothing stand between it and the verb in the past. */
function isOver(tokens: readonly Token[], at: number): boolean {
  for (let index = at + 1; index <= at + 5; index += 1) {
    const token = tokens[index];
    if (isOneOf(token, pastOf)) return true;
    if (!isOneOf(token, bridges)) return false;
  }
  return false;
}

/** "I told you this morning": the hour of the telling. */
function followsTold(tokens: readonly Token[], at: number, from: number): boolean {
  return tokens.slice(Math.max(from, at - 3), at).some((token) => isIn(token, "TOLD"));
}

function invitesLater(tokens: readonly Token[], from: number): boolean {
  for (let at = from; at < from + wordsOfInvitation && at < tokens.length; at += 1) {
    if (isOneOf(tokens[at - 1], refusal) || isOneOf(tokens[at - 1], theirHabit)) continue;
    for (const invitation of invitations) if (endOfShape(tokens, at, invitation) >= 0) return true;
  }
  return false;
}

/** So many tokens from here, up to the end of the sentence. */
export function sentenceAfter(tokens: readonly Token[], from: number, words: number): readonly Token[] {
  const next = tokens.slice(from, from + words);
  const end = next.findIndex((token) => token.word === "|");
  return end < 0 ? next : next.slice(0, end);
}
