import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface DataKey {
  key: Buffer;
  /** The file was made just now. */
  made: boolean;
  path: string;
}

/** The root of the sealing keys kept under the data folder, readable for us only; made when it is not there. */
export function keptDataKey(dataDir: string): DataKey {
  const path = join(dataDir, "data-key");
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(path, `${randomBytes(32).toString("base64")}\n`, { flag: "wx", mode: 0o600 });
    return { key: readKey(path), made: true, path };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return { key: readKey(path), made: false, path };
    throw error;
  }
}

function readKey(path: string): Buffer {
  const key = Buffer.from(readFileSync(path, "utf8").trim(), "base64");
  if (key.length !== 32) throw new Error(`expected ${path} to hold 32 bytes as base64, got ${key.length}`);
  return key;
}
