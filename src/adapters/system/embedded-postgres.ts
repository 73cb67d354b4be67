import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import type { Log } from "../../domain/log.ts";
import { lastingHome, passingHome, type PostgresHome } from "./postgres-home.ts";
import { startPostgresProcess } from "./postgres-process.ts";
import { giveTo } from "./postgres-user.ts";
import { liveServerPort, ownerSetting } from "./running-postgres.ts";
import { underLock } from "./start-lock.ts";

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
  const { dataDir } = options;
  if (dataDir === undefined) return startThrowAway(options);
  return underLock(join(resolve(dataDir), "postgres.lock"), async () => {
    const home = await lastingHome(dataDir);
    await initialise(home, []);
    const livePort = await liveServerPort(home.dataDir, options.log);
    if (livePort !== undefined) return { url: await urlOn(home, livePort), reused: true, stop: async () => undefined };
    return { ...(await startServer(home, false, options)), reused: false };
  });
}

async function startThrowAway(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = await passingHome();
  const remove = () => rm(home.folder, { recursive: true, force: true });
  try {
    await initialise(home, ["--no-sync"]);
    const { url, stop } = await startServer(home, true, options);
    return { url, reused: false, stop: () => stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function startServer(home: PostgresHome, throwAway: boolean, options: EmbeddedPostgresOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const settings = { ...options.settings, [ownerSetting]: String(process.pid) };
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    try {
      const server = await startPostgresProcess({ home, port, settings, throwAway, log: options.log });
      const url = await urlOn(home, port);
      await ensureDatabase(url);
      return { url, stop: server.stop };
    } catch (error) {
      // Somebody was faster on the port that was free a moment ago.
      if (tries === 5 || !(error instanceof Error && /could not bind|Address already in use/.test(error.message))) throw error;
    }
  }
}

async function urlOn(home: PostgresHome, port: number): Promise<string> {
  const password = (await readFile(join(home.dataDir, passwordFile), "utf8")).trim();
  return `postgres://${role}:${password}@127.0.0.1:${port}/${role}`;
}

/** Makes the data folder under another name first, so that after a crash it is complete or not there at all. */
async function initialise(home: PostgresHome, flags: readonly string[]): Promise<void> {
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
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions", ...flags,
      ],
      { ...home.user, cwd: half, env: { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" } },
    );
    await rename(secret, join(dataDir, passwordFile));
    await rename(dataDir, home.dataDir);
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

/** A port that is free right now. */
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
