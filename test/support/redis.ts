import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { freePort } from "./free-port.ts";

export interface TestRedis {
  url: string;
  port: number;
  /** Kills the server as a crash would; what was not on disk is gone. */
  crash(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Whether this machine has a Redis server. It comes from Debian's packages and not from npm, so a machine with npm alone runs
 * the tests of the default backend (Postgres) and leaves those of Redis out; CI installs it.
 */
export const redisInstalled = spawnSync("redis-server", ["--version"]).status === 0;

/** A real, empty Redis of its own on a free port, without persistence. Needs Debian's redis-server on the machine. */
export async function testRedis(options: { maxmemoryPolicy?: string } = {}): Promise<TestRedis> {
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--maxmemory-policy", options.maxmemoryPolicy ?? "noeviction"];
  let server = await start(args);
  const crash = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, "exit");
    server.kill("SIGKILL");
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    crash,
    restart: async () => {
      server = await start(args);
    },
    close: crash,
  };
}

/** Starts the server and waits until it says that it takes connections. */
async function start(args: readonly string[]): Promise<ChildProcess> {
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new Error(`redis-server is needed for this test and did not start: ${error.message}`)));
    server.once("exit", (code) => reject(new Error(`redis-server ended at once with code ${code}`)));
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("Ready to accept connections")) resolve();
    });
  });
  server.removeAllListeners("exit");
  server.stdout.resume();
  return server;
}
