import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import type { Log } from "../../domain/log.ts";
import type { PostgresHome } from "./postgres-home.ts";

/**
 * A shell that runs the server and ends it when its standard input closes: that happens when we ask, and also when
 * this process dies in any way, kill -9 included. $1 is the signal that ends the server, $2 a folder to remove after it.
 */
const supervisor = `
exec 3<&0 </dev/null
cd /
signal=$1; leavings=$2; shift 2
"$@" 3<&- &
server=$!
{ read -r nothing <&3; kill -s "$signal" "$server"; } 2>/dev/null &
watch=$!
exec 3<&-
wait "$server"; code=$?
kill "$watch" 2>/dev/null
[ -z "$leavings" ] || rm -rf "$leavings"
exit "$code"
`;

export interface PostgresProcess {
  /** Ends the server and resolves when it is gone. */
  stop(): Promise<void>;
}

export interface PostgresProcessOptions {
  home: PostgresHome;
  port: number;
  settings: Readonly<Record<string, string>>;
  /** Throw-away servers end at once and their home is removed. */
  throwAway: boolean;
  log: Log;
}

/** Starts the server on 127.0.0.1 only, without a Unix socket; resolves when it accepts connections. */
export function startPostgresProcess(options: PostgresProcessOptions): Promise<PostgresProcess> {
  const { home, log } = options;
  const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: "", port: String(options.port), ...options.settings };
  const child = spawn(
    "/bin/sh",
    [
      "-c", supervisor, "sh",
      options.throwAway ? "QUIT" : "INT",
      options.throwAway ? home.folder : "",
      home.binaries.postgres, "-D", home.dataDir,
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    // Its own session: a Ctrl-C in the terminal reaches us, and we stop the server after our own last query.
    { ...home.user, cwd: "/", env: { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" }, stdio: ["pipe", "ignore", "pipe"], detached: true },
  );
  const gone = new Promise<number | null>((resolve) => child.once("close", resolve));
  return new Promise((resolve, reject) => {
    let said = "";
    let ready = false;
    child.once("error", reject);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4_000);
      log.debug("embedded postgres says", { text });
      if (ready || !said.includes("ready to accept connections")) return;
      ready = true;
      letGo(child);
      resolve({
        stop: async () => {
          child.ref();
          child.stdin.end();
          await gone;
        },
      });
    });
    void gone.then((code) => {
      if (!ready) reject(new Error(`expected the embedded Postgres to start, but it ended with code ${code}:\n${said.trim()}`));
      else log.debug("embedded postgres ended", { code });
    });
  });
}

/** A running server must not keep this process alive: when everything else is done, both end. */
function letGo(child: ChildProcess): void {
  child.unref();
  // Child processes talk through sockets, which can be let go; their declared type is the wider stream.
  for (const stream of [child.stdin, child.stderr]) if (stream instanceof Socket) stream.unref();
}
