import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import type { Log } from "../../domain/log.ts";
import { lastingHome, passingHome, type PostgresHome } from "./postgres-home.ts";
import { startPostgresProcess } from "./postgres-process.ts";
import { giveTo } from "./postgres-user.ts";
import { liveServerPort, ownerSetting } from "./running-postgres.ts";

const run = promisify(execFile);

export interface EmbeddedPostgres {
  /** Connection string of the database `dialer`; holds the password. */
  url: string;
  /** Whether another process of ours already ran this server; then `stop` leaves it running. */
  reused: boolean;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Folder whose data last over restarts; without it the server is thrown away at its end. */
  dataDir?: string;
  /** Further server settings ("fsync": "off"). */
  settings?: Readonly<Record<string, string>>;
  log: Log;
}

const role = "dialer";
const passwordFile = "dialer.password";

/**
 * Starts the Postgres that comes as an npm package: on a free loopback port, with a random password, as an
 * unprivileged user when we are root. It ends with this process however that ends. A server that another living
 * process already runs on the same data is used instead; one that was left behind is stopped first.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const throwAway = options.dataDir === undefined;
  const home = options.dataDir === undefined ? await passingHome() : await lastingHome(options.dataDir);
  await initialise(home);
  const password = (await readFile(join(home.dataDir, passwordFile), "utf8")).trim();
  const urlOn = (port: number): string => `postgres://${role}:${password}@127.0.0.1:${port}/${role}`;

  let failure: unknown;
  for (let tries = 0; tries < 5; tries++) {
    const livePort = throwAway ? undefined : await liveServerPort(home.dataDir, options.log);
    if (livePort !== undefined) return { url: urlOn(livePort), reused: true, stop: async () => undefined };
    const port = await freePort();
    try {
      const server = await startPostgresProcess({ home, port, settings: { ...options.settings, [ownerSetting]: String(process.pid) }, throwAway, log: options.log });
      await ensureDatabase(urlOn(port));
      const stop = async (): Promise<void> => {
        await server.stop();
        if (throwAway) await rm(home.folder, { recursive: true, force: true });
      };
      return { url: urlOn(port), reused: false, stop };
    } catch (error) {
      // The free port or the data folder was taken in between: look again who lives there.
      failure = error;
      if (!isTaken(error)) break;
    }
  }
  if (throwAway) await rm(home.folder, { recursive: true, force: true });
  throw failure;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && /could not bind|Address already in use|lock file "postmaster.pid" already exists/.test(error.message);
}

/** Makes the data folder under another name first, so that it is complete or not there at all. */
async function initialise(home: PostgresHome): Promise<void> {
  if (await isInitialised(home.dataDir)) return;
  const half = await mkdtemp(join(home.folder, "initialising-"));
  const dataDir = join(half, "data");
  const secret = join(half, "password");
  await writeFile(secret, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  await giveTo(home.user, half);
  try {
    await run(
      home.binaries.initdb,
      [
        `--pgdata=${dataDir}`, `--username=${role}`, `--pwfile=${secret}`, "--auth=scram-sha-256", "--encoding=UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions",
      ],
      { ...home.user, cwd: half, env: { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" } },
    );
    await rename(secret, join(dataDir, passwordFile));
    await rename(dataDir, home.dataDir);
  } catch (error) {
    // Another process that started at the same time may have been first; its data are as good as ours.
    if (!(await isInitialised(home.dataDir))) throw error;
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

async function isInitialised(dataDir: string): Promise<boolean> {
  try {
    await readFile(join(dataDir, "PG_VERSION"));
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return false;
    throw new Error(`expected to read the database under ${dataDir}; it may belong to another user. Start as that user or as root, or set DATA_DIR.`, {
      cause: error,
    });
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.replace(/\/[^/]*$/, "/postgres") });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [role]);
    if (found.rowCount === 0) await client.query(`create database ${role}`);
  } finally {
    await client.end();
  }
}

/** A port that was free a moment ago; the caller tries again when somebody was faster. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("expected a TCP address"))));
    });
  });
}
