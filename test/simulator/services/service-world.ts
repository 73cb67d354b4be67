import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RawData } from "ws";
import { runningClock, type RunningClock } from "../../../src/adapters/system/clock.ts";
import { seededRandom } from "../../../src/domain/random.ts";
import { newFaults } from "../../../src/simulator/faults.ts";
import { newLedger, type Ledger } from "../../../src/simulator/ledger.ts";
import { mountServices, type MountedServices, type ServicesOptions } from "../../../src/simulator/services/mount-services.ts";
import { sidsOf } from "../../../src/simulator/sids.ts";
import type { World } from "../../../src/simulator/world.ts";
import { silentLog } from "../../support/log.ts";

/** A socket's text message as the object it carries. */
export function jsonOf(data: RawData): unknown {
  return JSON.parse(Buffer.isBuffer(data) ? data.toString() : "null");
}

/** The services alone, listening, on a clock that runs faster than real time. */
export interface ServiceWorld {
  services: MountedServices;
  ledger: Ledger;
  clock: RunningClock;
  http: string;
  ws: string;
  close(): Promise<void>;
}

const startMs = Date.parse("2026-11-23T11:05:00+05:30");

export async function serviceWorld(options: ServicesOptions & { rate?: number; seed?: number; keys?: World["serviceKeys"] } = {}): Promise<ServiceWorld> {
  const clock = runningClock({ startMs, rate: options.rate ?? 20 });
  const ledger = newLedger(clock);
  const seed = options.seed ?? 7;
  const server = createServer();
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world: World = {
    clock,
    ledger,
    log: silentLog,
    faults: newFaults(),
    newSid: sidsOf(seed),
    randomFor: (name) => seededRandom([...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed)),
    personaOf: () => {
      throw new Error("expected no call in a world of services");
    },
    factsOf: () => {
      throw new Error("expected no call in a world of services");
    },
    accountSid: "AC0",
    authToken: "t",
    serviceKeys: options.keys ?? {},
    origin,
  };
  const services = mountServices(world, options);
  server.on("request", (req, res) => {
    if (!services.request(req, res)) res.writeHead(404).end();
  });
  server.on("upgrade", (req, socket, head) => {
    if (!services.upgrade(req, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    services,
    ledger,
    clock,
    http: origin(),
    ws: origin().replace("http", "ws"),
    async close() {
      await services.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
