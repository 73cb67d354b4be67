import { randomBytes } from "node:crypto";
import type { Random } from "../../domain/random.ts";

const poolBytes = 4_096;
const mostPooledBytes = 64;

/**
 * Chance from the operating system's cryptographic source, drawn a page at a time: a list of a million contacts asks for
 * five million nonces and ids. Bytes handed out are copies, wiped from the pool, and never handed out twice.
 */
function pooledRandom(): Random {
  let pool = Buffer.alloc(0);
  let used = 0;
  const bytes = (count: number): Uint8Array => {
    if (count > mostPooledBytes) return randomBytes(count);
    if (used + count > pool.length) {
      pool = randomBytes(poolBytes);
      used = 0;
    }
    const drawn = Uint8Array.prototype.slice.call(pool, used, used + count);
    pool.fill(0, used, used + count);
    used += count;
    return drawn;
  };
  return { bytes, fraction: () => Buffer.from(bytes(6)).readUIntBE(0, 6) / 2 ** 48 };
}

export const systemRandom: Random = pooledRandom();
