import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { runningClock } from "../../src/adapters/system/clock.ts";
import type { Clock } from "../../src/domain/clock.ts";
import { type Random, seededRandom } from "../../src/domain/random.ts";
import { faultyFlow, type Flow } from "./faulty-flow.ts";

/** Which way bytes go: from the program under test to the server, or back. */
export type Direction = "to_server" | "to_client";

/** What happens to the bytes of one direction. What is unset does not happen. */
export interface Faults {
  /** Each byte arrives that much later. */
  latencyMs?: number;
  /** And up to that much later still, without overtaking. */
  jitterMs?: number;
  /** No more bytes per second than this. */
  bytesPerSecond?: number;
  /** Bytes vanish; the connection stays open and nobody is told. */
  blackhole?: boolean;
  /** Both sides see a reset after that many bytes of a connection. */
  cutAfterBytes?: number;
}

export type Moment = "before" | "after";

export interface FaultProxy {
  readonly port: number;
  /** Connections open now, and all there ever were. */
  readonly open: number;
  readonly accepted: number;
  /** Bytes that vanished in black holes and half-open connections. */
  readonly vanishedBytes: number;
  /** The given URL of the server, through the proxy. */
  through(url: string): string;
  /** Replaces the faults of one direction, or of both, for connections open now and later. */
  set(faults: Faults, direction?: Direction): void;
  /** No faults any more. Bytes that vanished stay vanished, half-open connections stay half open. */
  heal(): void;
  /** New connections are reset at once until `heal`. */
  refuse(): void;
  /** Every open connection is reset on both sides. */
  reset(): void;
  /** The server's side of every open connection dies and the client is not told. */
  halfOpen(): void;
  /**
   * Once: when bytes that match pass in the given direction, all is reset right before or right after they are
   * delivered. Resolves when it happened: "the connection died after COMMIT was sent and before its answer came".
   */
  resetAt(direction: Direction, moment: Moment, matches: (bytes: Buffer) => boolean): Promise<void>;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  port: number;
  host?: string;
  clock?: Clock;
  random?: Random;
}

interface Connection {
  client: Socket;
  server: Socket;
  flows: Record<Direction, Flow>;
}

interface Trap {
  direction: Direction;
  moment: Moment;
  matches: (bytes: Buffer) => boolean;
  sprung: () => void;
}

/** A TCP proxy in front of Postgres, Redis or a carrier that does to connections what networks do. */
export async function faultProxy(target: FaultProxyOptions): Promise<FaultProxy> {
  const clock = target.clock ?? runningClock();
  const random = target.random ?? seededRandom(1);
  const faults: Record<Direction, Faults> = { to_server: {}, to_client: {} };
  const connections = new Set<Connection>();
  const traps = new Set<Trap>();
  let refusing = false;
  let accepted = 0;
  let vanishedBytes = 0;

  const resetBoth = (connection: Connection): void => {
    connection.client.resetAndDestroy();
    connection.server.resetAndDestroy();
  };
  const spring = (direction: Direction, moment: Moment, bytes: Buffer): boolean => {
    const trap = [...traps].find((one) => one.direction === direction && one.moment === moment && one.matches(bytes));
    if (!trap) return false;
    traps.delete(trap);
    trap.sprung();
    return true;
  };

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    accepted++;
    if (refusing) return void client.resetAndDestroy();
    const server = connect({ port: target.port, host: target.host ?? "127.0.0.1", allowHalfOpen: true });
    const flowTo = (direction: Direction, sink: Socket): Flow =>
      faultyFlow({
        clock,
        random,
        faults: () => faults[direction],
        write: (bytes) => {
          if (spring(direction, "before", bytes)) return resetBoth(connection);
          sink.write(bytes);
          // The side that got the bytes sees a plain ending, because a reset could overtake them; the other one a reset.
          if (spring(direction, "after", bytes)) sink.end(() => resetBoth(connection));
        },
        vanish: (count) => {
          vanishedBytes += count;
        },
        end: () => sink.end(),
        cut: () => resetBoth(connection),
      });
    const connection: Connection = { client, server, flows: { to_server: flowTo("to_server", server), to_client: flowTo("to_client", client) } };
    connections.add(connection);
    relay(client, server, connection.flows.to_server);
    relay(server, client, connection.flows.to_client);
    client.once("close", () => connections.delete(connection));
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("expected a port");
  const { port } = address;

  return {
    port,
    get open() {
      return connections.size;
    },
    get accepted() {
      return accepted;
    },
    get vanishedBytes() {
      return vanishedBytes;
    },
    through(url) {
      const changed = new URL(url);
      changed.hostname = "127.0.0.1";
      changed.port = String(port);
      return changed.href;
    },
    set(wanted, direction) {
      for (const one of direction ? [direction] : (["to_server", "to_client"] as const)) faults[one] = wanted;
    },
    heal() {
      refusing = false;
      faults.to_server = {};
      faults.to_client = {};
    },
    refuse() {
      refusing = true;
    },
    reset() {
      for (const connection of connections) resetBoth(connection);
    },
    halfOpen() {
      for (const { server, flows } of connections) {
        for (const flow of [flows.to_server, flows.to_client]) flow.deafen();
        server.destroy();
      }
    },
    resetAt: (direction, moment, matches) => new Promise((sprung) => traps.add({ direction, moment, matches, sprung })),
    async close() {
      for (const connection of connections) resetBoth(connection);
      listener.close();
      await once(listener, "close");
    },
  };
}

/** Bytes and endings of one socket go into the flow towards the other; an error is a reset and is passed on as one. */
function relay(source: Socket, sink: Socket, flow: Flow): void {
  source.on("data", (bytes: Buffer) => flow.take(bytes));
  source.on("end", () => flow.finish());
  source.on("error", () => {
    if (!flow.deaf) sink.resetAndDestroy();
  });
  source.on("close", () => {
    if (!flow.deaf && source.errored === null && !sink.destroyed) flow.finish();
  });
}
