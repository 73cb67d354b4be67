import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { withPatience } from "../db/patience.ts";

/** A temporary table of one connection and the lines of COPY's text format that go into it. */
export interface Staged {
  table: string;
  /** Its columns, as in `create table`. */
  columns: string;
  lines: AsyncIterable<string>;
}

/** Lines are copied in pieces of about this many characters, each in a transaction of its own. */
const pieceChars = 1 << 20;

/**
 * Streams lines into a temporary table, then runs the work in one transaction on the same connection. No transaction is open while
 * the source is slow: an upload must hold back neither vacuum nor the sealing of evidence. When anything fails, nothing remains.
 */
export async function withStaged<T>(pool: Pool, staged: Staged, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(`create temp table ${staged.table} (${staged.columns})`);
    await copyAll(client, staged);
    const result = await withPatience("list", async () => {
      // The planner knows nothing of a temporary table by itself.
      await client.query(`analyze ${staged.table}`);
      await client.query("begin");
      const done = await work(client);
      await client.query("commit");
      await client.query(`drop table ${staged.table}`);
      return done;
    });
    client.release();
    return result;
  } catch (error) {
    // Closing the connection rolls back and drops the table.
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

/** One piece is written while the next is read and checked. */
async function copyAll(client: PoolClient, { table, lines }: Staged): Promise<void> {
  let copying = Promise.resolve();
  try {
    for await (const piece of pieces(lines)) {
      await copying;
      copying = pipeline(Readable.from([Buffer.from(piece)]), client.query(copyFrom(`copy ${table} from stdin`)));
      // Awaited before the next piece; until then its failure is nobody's unhandled rejection.
      copying.catch(() => undefined);
    }
  } finally {
    await copying;
  }
}

async function* pieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = "";
  for await (const line of lines) {
    piece += line;
    if (piece.length < pieceChars) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
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
