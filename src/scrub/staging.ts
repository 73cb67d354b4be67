import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";

/**
 * Runs the work in one transaction on one connection, where temporary tables live. Rolled back, with the connection
 * thrown away, when the work fails.
 */
export async function onOneConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

/** Streams lines of COPY's text format into a table; the source waits while the database is busy. */
export async function copyLines(client: PoolClient, target: string, lines: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(lines, { objectMode: true, highWaterMark: 2 }), client.query(copyFrom(`copy ${target} from stdin`)));
}

/** A text cell of COPY's text format. */
export function copyText(value: string | null): string {
  if (value === null) return "\\N";
  return value.replace(/[\\\t\n\r]/g, (char) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[char] ?? char);
}

/** A bytea cell of COPY's text format. */
export function copyBytes(value: Buffer | null): string {
  return value === null ? "\\N" : `\\\\x${value.toString("hex")}`;
}
