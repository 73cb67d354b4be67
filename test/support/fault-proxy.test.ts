import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { manualClock } from "./clock.ts";
import { type FaultProxy, type FaultProxyOptions, faultProxy } from "./fault-proxy.ts";

/** A server that says everything back, in capitals, and remembers what it heard. */
interface Echo {
  port: number;
  heard: string;
  closings: string[];
  server: Server;
}

async function startEcho(): Promise<Echo> {
  const echo: Echo = {
    port: 0,
    heard: "",
    closings: [],
    server: createServer((socket) => {
      socket.on("data", (bytes) => {
        echo.heard += bytes.toString();
        socket.write(bytes.toString().toUpperCase());
      });
      socket.on("error", (error: NodeJS.ErrnoException) => echo.closings.push(error.code ?? "?"));
      socket.on("end", () => echo.closings.push("end"));
    }),
  };
  echo.server.listen(0, "127.0.0.1");
  await once(echo.server, "listening");
  const address = echo.server.address();
  if (address === null || typeof address === "string") throw new Error("expected a port");
  echo.port = address.port;
  return echo;
}

describe("the fault proxy", () => {
  let echo: Echo;
  let proxy: FaultProxy;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    echo = await startEcho();
    proxy = await faultProxy({ port: echo.port });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await proxy.close();
    echo.server.close();
  });

  const restart = async (options: Partial<FaultProxyOptions>): Promise<void> => {
    await proxy.close();
    proxy = await faultProxy({ port: echo.port, ...options });
  };
  const dial = async (): Promise<Socket> => {
    const socket = connect(proxy.port, "127.0.0.1");
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  };
  const answer = async (socket: Socket, length: number): Promise<string> => {
    let text = "";
    while (text.length < length) text += String(((await once(socket, "data")) as [Buffer])[0]);
    return text;
  };
  const failure = async (socket: Socket): Promise<string> => ((await once(socket, "error")) as [NodeJS.ErrnoException])[0].code ?? "?";

  it("passes everything on when nothing is set, endings too", async () => {
    const socket = await dial();
    socket.write("hello");
    expect(await answer(socket, 5)).toBe("HELLO");
    expect([proxy.open, proxy.accepted]).toEqual([1, 1]);
    socket.end();
    await once(socket, "close");
    expect(echo.closings).toEqual(["end"]);
  });

  it("delays by its latency, by the clock it was given, without reordering", async () => {
    const clock = manualClock("2026-12-01T10:00");
    await restart({ clock });
    proxy.set({ latencyMs: 300, jitterMs: 200 }, "to_server");
    const socket = await dial();
    for (const letter of "abcdefgh") {
      socket.write(letter);
      await new Promise((resolve) => socket.write("", resolve));
    }
    while (clock.pending === 0) await new Promise(setImmediate);
    clock.advance(299);
    expect(echo.heard).toBe("");
    const all = answer(socket, 8);
    while (echo.heard.length < 8) await clock.advanceAsync(50);
    expect(await all).toBe("ABCDEFGH");
    expect(echo.heard).toBe("abcdefgh");
  });

  it("lets no more bytes through per second than it may", async () => {
    const clock = manualClock("2026-12-01T10:00");
    await restart({ clock });
    proxy.set({ bytesPerSecond: 1_000 }, "to_server");
    const socket = await dial();
    socket.write("x".repeat(2_000));
    while (clock.pending === 0) await new Promise(setImmediate);
    const first = answer(socket, 500);
    clock.advance(500);
    await first;
    expect(echo.heard.length).toBe(500);
    const rest = answer(socket, 1_500);
    clock.advance(1_500);
    await rest;
    expect(echo.heard.length).toBe(2_000);
  });

  it("swallows bytes in one direction only, and passes new ones when healed", async () => {
    proxy.set({ blackhole: true }, "to_client");
    const socket = await dial();
    socket.write("lost ");
    while (proxy.vanishedBytes < 5) await new Promise(setImmediate);
    expect(echo.heard).toBe("lost ");
    proxy.heal();
    socket.write("found");
    expect(await answer(socket, 5)).toBe("FOUND");
  });

  it("cuts after so many bytes, and both sides see a reset", async () => {
    proxy.set({ cutAfterBytes: 3 }, "to_server");
    const socket = await dial();
    const failed = failure(socket);
    socket.write("hello");
    expect(await failed).toBe("ECONNRESET");
    while (echo.closings.length === 0) await new Promise(setImmediate);
    expect(echo.closings).toEqual(["ECONNRESET"]);
    expect(echo.heard === "" || echo.heard === "hel").toBe(true);
  });

  it("resets what is open and refuses what comes, until healed", async () => {
    const socket = await dial();
    socket.write("hi");
    await answer(socket, 2);
    const failed = failure(socket);
    proxy.refuse();
    proxy.reset();
    expect(await failed).toBe("ECONNRESET");
    const second = connect(proxy.port, "127.0.0.1");
    sockets.push(second);
    expect(await failure(second)).toBe("ECONNRESET");
    proxy.heal();
    const third = await dial();
    third.write("ok");
    expect(await answer(third, 2)).toBe("OK");
  });

  it("leaves a half-open connection: the server saw the end, the client is told nothing", async () => {
    const socket = await dial();
    socket.write("hi");
    await answer(socket, 2);
    proxy.halfOpen();
    while (echo.closings.length === 0) await new Promise(setImmediate);
    let told = false;
    for (const event of ["data", "end", "error", "close"]) socket.once(event, () => (told = true));
    await new Promise((resolve) => socket.write("anybody there?", resolve));
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(told).toBe(false);
    expect(echo.heard).toBe("hi");
  });

  it("kills a Postgres connection after COMMIT was sent and before its answer came", async () => {
    const url = inject("postgresUrl");
    await restart({ port: Number(new URL(url).port) });
    const client = new pg.Client({ connectionString: proxy.through(url) });
    client.on("error", () => undefined);
    await client.connect();
    await client.query("create table if not exists fault_proxy_proof (id int)");
    const died = proxy.resetAt("to_server", "after", (bytes) => bytes.includes("commit"));
    await client.query("begin");
    await client.query("insert into fault_proxy_proof values (1)");
    await expect(client.query("commit")).rejects.toThrow(/ECONNRESET|terminated unexpectedly|Connection terminated/);
    await died;
    const witness = new pg.Client({ connectionString: url });
    await witness.connect();
    // The server may still be committing when the client already lost its connection.
    let rows = 0;
    while (rows === 0) rows = (await witness.query("select 1 from fault_proxy_proof")).rowCount ?? 0;
    await witness.query("drop table fault_proxy_proof");
    await witness.end();
    expect(rows).toBe(1);
  });

  it("rewrites the address of a server to its own", () => {
    expect(proxy.through("postgres://u:p@db.example:5432/x")).toBe(`postgres://u:p@127.0.0.1:${proxy.port}/x`);
    expect(proxy.through("redis://127.0.0.1:6379")).toBe(`redis://127.0.0.1:${proxy.port}`);
  });
});
