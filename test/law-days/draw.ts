import { type Random, wholeBelow } from "../../src/domain/random.ts";

export function chance(random: Random, rate: number): boolean {
  return random.fraction() < rate;
}

export function between(random: Random, from: number, to: number): number {
  return from + random.fraction() * (to - from);
}

export function pick<T>(random: Random, things: readonly T[]): T {
  const thing = things[wholeBelow(random, things.length)];
  if (thing === undefined) throw new Error("expected something to pick from");
  return thing;
}

/** Each thing with its own chance. */
export function some<T>(random: Random, things: readonly T[], rate: number): T[] {
  return things.filter(() => chance(random, rate));
}

export function shuffled<T>(random: Random, things: readonly T[]): T[] {
  return things.map((thing) => ({ thing, at: random.fraction() })).sort((a, b) => a.at - b.at).map(({ thing }) => thing);
}
