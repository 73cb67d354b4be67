/** The only source of chance. Production draws from the operating system; simulations draw from a seed. */
export interface Random {
  /** `count` random bytes; cryptographically strong in production. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1). */
  fraction(): number;
}

/** A whole number in [0, bound). */
export function wholeBelow(random: Random, bound: number): number {
  return Math.floor(random.fraction() * bound);
}

/** One of the given things, each as likely. */
export function oneOf<T>(random: Random, things: readonly [T, ...T[]]): T {
  return things[wholeBelow(random, things.length)] ?? things[0];
}

/** Chance that repeats: the same seed draws the same things (splitmix32, a public-domain mixing function). Never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
    fraction: () => next() / 2 ** 32,
  };
}
