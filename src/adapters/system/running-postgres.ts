import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Log } from "../../domain/log.ts";
import { isAlive } from "./start-lock.ts";

interface PostmasterFile {
  pid: number;
  port: number;
  status: string;
}

/** The server setting that tells which process of ours started it. */
export const ownerSetting = "dialer.owner";

const pollMs = 20;
/** A server writes its file in one go right after making it; one that stays empty was left by a full disk. */
const emptyForMs = 2_000;
const stopWithinMs = 30_000;

/**
 * The port of a live server on these data that a living process of ours owns, or undefined when the data are free.
 * A server whose owner is dead is an orphan: it is stopped. A server that is just starting or ending is waited for.
 */
export async function liveServerPort(dataDir: string, log: Log): Promise<number | undefined> {
  for (let waitedMs = 0; waitedMs < stopWithinMs; waitedMs += pollMs) {
    const found = await readPostmasterFile(dataDir);
    if (found === undefined) return undefined;
    if (found === "empty") {
      if (waitedMs >= emptyForMs) return forget(dataDir);
      await wait(pollMs);
      continue;
    }
    // A dead server's file is cleared by the next server itself, unless the process id belongs to another program by now.
    if (!isAlive(found.pid)) return undefined;
    if (!(await mayBePostgres(found.pid))) return forget(dataDir);
    const owner = await readOwner(dataDir);
    if (found.status === "ready" && (owner === undefined || isAlive(owner))) return found.port;
    if (found.status === "ready") {
      log.warn("stopping an embedded postgres that its process left behind", { pid: found.pid });
      process.kill(found.pid, "SIGINT");
    }
    await wait(pollMs);
  }
  throw new Error(`expected the server that runs on ${dataDir} to end within ${stopWithinMs / 1000} s; stop it by hand or set DATA_DIR to another folder.`);
}

/** `postmaster.pid`: process id, data folder, start, port, socket folder, address, shared memory, status (Postgres, miscadmin.h). */
async function readPostmasterFile(dataDir: string): Promise<PostmasterFile | "empty" | undefined> {
  const text = await readText(join(dataDir, "postmaster.pid"));
  if (text === undefined) return undefined;
  if (!text.includes("\n")) return "empty";
  const lines = text.split("\n");
  return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? "").trim() };
}

/** The owner stands on the server's command line, which the server writes to `postmaster.opts` before it is ready. */
async function readOwner(dataDir: string): Promise<number | undefined> {
  const commandLine = await readText(join(dataDir, "postmaster.opts"));
  const owner = commandLine === undefined ? null : new RegExp(`${ownerSetting}=(\\d+)`).exec(commandLine);
  return owner?.[1] === undefined ? undefined : Number(owner[1]);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function forget(dataDir: string): Promise<undefined> {
  await rm(join(dataDir, "postmaster.pid"), { force: true });
  return undefined;
}

/** Where the system tells a process's name (Linux) it must be postgres; elsewhere being alive is all we can ask. */
async function mayBePostgres(pid: number): Promise<boolean> {
  const name = await readText(`/proc/${pid}/comm`);
  return name === undefined || name.trim() === "postgres";
}
