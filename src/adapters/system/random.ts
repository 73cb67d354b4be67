import { randomBytes } from "node:crypto";
import type { Random } from "../../domain/random.ts";

/** Chance from the operating system's cryptographic source. */
export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};
