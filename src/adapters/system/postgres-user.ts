import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The user the database server runs as; empty when it is simply ours. Spread into spawn options. */
export interface ServerUser {
  uid?: number;
  gid?: number;
}

/**
 * Postgres refuses to run as root. When we are root it runs as the owner of existing data, else as `postgres`, else as a
 * system user made for it, else as `nobody` (a container whose /etc cannot be written). Otherwise it runs as ourselves.
 */
export async function serverUser(existingDataDir?: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return {};
  const owner = existingDataDir === undefined ? undefined : await ownerOf(existingDataDir);
  if (owner !== undefined && owner.uid !== 0) return owner;
  const user = (await findUser("postgres")) ?? (await makeUser("campaign-dialer")) ?? (await findUser("nobody"));
  if (user) return user;
  throw new Error(
    "Postgres refuses to run as root, and there is no user postgres or nobody and none could be made. Start as an ordinary user or set DATABASE_URL.",
  );
}

async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | undefined> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return found && { uid: found.uid, gid: found.gid };
}

async function findUser(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    // `id` ends with an error when the user does not exist, which is the answer.
    return undefined;
  }
}

async function makeUser(name: string): Promise<ServerUser | undefined> {
  const existing = await findUser(name);
  if (existing) return existing;
  try {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]);
  } catch {
    // No useradd, or accounts that cannot be written: the caller falls back to a user that is always there.
    return undefined;
  }
  return findUser(name);
}

/** Whether a shell test holds for that user; `$1` is the path ("[ -x \"$1\" ]"). */
export async function holdsFor(user: ServerUser, test: string, path: string): Promise<boolean> {
  try {
    await run("/bin/sh", ["-c", test, "sh", path], { ...user, cwd: "/", env: { LC_ALL: "C" } });
    return true;
  } catch {
    // The test's exit status is the answer.
    return false;
  }
}

/** Gives a folder and all in it to the server's user. */
export async function giveTo(user: ServerUser, path: string): Promise<void> {
  if (user.uid === undefined) return;
  await run("chown", ["-R", `${user.uid}:${user.gid}`, path]);
}
