import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const pollMs = 20;
/** Longer than the slowest first start (a copy of the binaries, initdb and recovery on a slow disk). */
const patienceMs = 120_000;

/**
 * Does the work while no other process on this machine does work under the same lock file. The file holds our
 * process id, so a lock whose holder died is taken over.
 */
export async function underLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lockFile), { recursive: true });
  for (let waitedMs = 0; !(await take(lockFile)); waitedMs += pollMs) {
    const holder = await holderOf(lockFile);
    if (holder !== undefined && !isAlive(holder)) await rm(lockFile, { force: true });
    else if (waitedMs > patienceMs) throw new Error(`expected process ${holder ?? "unknown"} to let go of ${lockFile}; end it or remove the file.`);
    else await wait(pollMs);
  }
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function take(lockFile: string): Promise<boolean> {
  try {
    await writeFile(lockFile, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined while the holder is just writing it, or when it has let go. */
async function holderOf(lockFile: string): Promise<number | undefined> {
  try {
    const text = await readFile(lockFile, "utf8");
    return text.endsWith("\n") ? Number(text) : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether a process with this id lives, ours or another user's. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
