import { createHash } from "node:crypto";

/** A row of evidence as it is sealed and exported: every column as text, exactly as the database writes it. */
export interface EvidenceRow {
  id: string;
  account_id: string;
  campaign_id: string | null;
  contact_id: string | null;
  attempt_id: string | null;
  number_key: string;
  /** UTC with microseconds, "2026-11-23T06:30:00.000000Z". */
  at: string;
  ist: string;
  decision: string;
  code: string;
  caller_number: string | null;
  /** The JSON text of the body as the database writes it. */
  body: string;
}

/** SHA-256 over the row's columns, in this order, as a JSON array of texts. Anyone with an export can do the same. */
export function rowDigest(row: EvidenceRow): Buffer {
  const columns = [row.id, row.account_id, row.campaign_id, row.contact_id, row.attempt_id, row.number_key, row.at, row.ist, row.decision, row.code, row.caller_number, row.body];
  return createHash("sha256").update(JSON.stringify(columns)).digest();
}

/** What the first link of the chain follows. */
export const chainStart = "0".repeat(64);

/** Lower than every id: where reading begins, so that not even a row with a negative id goes unseen. */
export const beforeAllRows = "-9223372036854775808";

/** Bytes per row in a seal's `digests`. */
export const digestEntryBytes = 16;

/** One link of the chain over a stretch of rows. */
export interface Link {
  hash: string;
  digests: Buffer;
  rows: number;
  lastId: string;
}

/** What the deployment's key signs of a seal: the link, where it begins and when it was made. */
export function sealText(seal: { hash: string; first_id: string; sealed_at: string }): string {
  return `${seal.hash} ${seal.first_id} ${seal.sealed_at}`;
}

/** Makes a link out of rows given one by one, in the order of their ids. */
export function linkMaker(previous: string): { add(row: EvidenceRow): void; finish(): Link } {
  const chain = createHash("sha256").update(previous);
  const entries: Buffer[] = [];
  let lastId = beforeAllRows;
  return {
    add(row) {
      const digest = rowDigest(row);
      chain.update(`\n${row.id} `).update(digest);
      entries.push(digestEntry(row.id, digest));
      lastId = row.id;
    },
    finish: () => ({ hash: chain.digest("hex"), digests: Buffer.concat(entries), rows: entries.length, lastId }),
  };
}

function digestEntry(id: string, digest: Buffer): Buffer {
  const entry = Buffer.alloc(digestEntryBytes);
  entry.writeBigInt64BE(BigInt(id), 0);
  digest.copy(entry, 8, 0, 8);
  return entry;
}

/** The entries of a seal by row id, as hexadecimal heads of digests. */
export function readDigests(digests: Buffer): Map<string, string> {
  const byId = new Map<string, string>();
  for (let at = 0; at + digestEntryBytes <= digests.length; at += digestEntryBytes) {
    byId.set(digests.readBigInt64BE(at).toString(), digests.subarray(at + 8, at + digestEntryBytes).toString("hex"));
  }
  return byId;
}
