import { createServer } from "node:http";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import { seededRandom } from "../domain/random.ts";
import { mountCarrier, type MountedCarrier } from "./carrier.ts";
import type { CarrierOptions } from "./carrier-context.ts";
import { type FaultRates, newFaults } from "./faults.ts";
import { type Ledger, newLedger } from "./ledger.ts";
import { calleeFacts } from "./personas/callee-facts.ts";
import type { Persona } from "./personas/persona.ts";
import { personaNamed, personaOf } from "./personas/persona-of.ts";
import { selfSignedCertificate } from "./services/realtime/self-signed-certificate.ts";
import { tlsFront } from "./services/realtime/tls-front.ts";
import { type MountedServices, mountServices, type ServicesOptions } from "./services/mount-services.ts";
import { sidsOf } from "./sids.ts";
import { wavFile } from "./wav.ts";
import type { World } from "./world.ts";

export interface PhoneWorldOptions extends CarrierOptions {
  clock: Clock;
  log: Log;
  accountSid: string;
  authToken: string;
  /** Same seed, same world, its ids too. Without one, chance is that of seed 1 and no id is ever given twice. */
  seed?: number | undefined;
  /** TCP port; default any free one. */
  port?: number;
  host?: string;
  /** Who picks up at a number: a persona, its name, or undefined for the usual one of that number. */
  assign?: (number: string) => Persona | string | undefined;
  /** How often the carrier goes wrong from the start; `world.faults` changes it later. */
  faultRates?: FaultRates;
  /** How the speech and language services behave. */
  services?: ServicesOptions;
  /** Keys that the services insist on. Default: any. */
  serviceKeys?: World["serviceKeys"];
}

/** A running phone world. */
export interface PhoneWorld {
  /** "http://127.0.0.1:PORT": base URL of Twilio, Deepgram and ElevenLabs; OpenAI's is this plus "/v1". */
  readonly origin: string;
  /** The same port also speaks TLS, for `wss:` where an SDK insists on it; give this to the client as `ca`. */
  readonly certificatePem: string;
  readonly ledger: Ledger;
  readonly faults: World["faults"];
  readonly carrier: MountedCarrier;
  readonly services: MountedServices;
  readonly world: World;
  /** A call as a stereo WAV file, callee left and agent right; undefined unless the world keeps audio. */
  wavOf(callSid: string): Uint8Array | undefined;
  /** Ends every call, socket and timer without telling anybody. */
  close(): Promise<void>;
}

/** Starts the phone world on one http server: the carrier, and the speech and language services. */
export async function startPhoneWorld(options: PhoneWorldOptions): Promise<PhoneWorld> {
  let origin = "";
  const world = newWorld(options, () => origin);
  world.ledger.onEvent((event) => {
    if (event.kind === "error") options.log.warn("The phone world saw something that a real vendor would refuse.", { code: event.code, callSid: event.callSid, text: event.detail });
  });
  const carrier = mountCarrier(world, options);
  const services = mountServices(world, options.services);
  const vendors = [carrier, services];
  const server = createServer((request, response) => {
    if (vendors.some((vendor) => vendor.request(request, response))) return;
    world.ledger.error("unknown_route", `${request.method ?? ""} ${request.url ?? ""}`);
    response.writeHead(404, { "content-type": "application/json" }).end('{"message":"no vendor of the phone world has this address"}');
  });
  server.on("upgrade", (request, socket, head) => {
    if (vendors.some((vendor) => vendor.upgrade(request, socket, head))) return;
    world.ledger.error("unknown_route", `upgrade ${request.url ?? ""}`);
    socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
  });
  const certificate = selfSignedCertificate();
  const front = tlsFront(server, certificate);
  const port = await front.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  origin = `http://127.0.0.1:${port}`;

  return {
    origin,
    certificatePem: certificate.certificatePem,
    ledger: world.ledger,
    faults: world.faults,
    carrier,
    services,
    world,
    wavOf: (callSid) => {
      const audio = carrier.audioOf(callSid);
      return audio && wavFile(audio.said, audio.heard);
    },
    async close() {
      await Promise.all(vendors.map((vendor) => vendor.close()));
      await front.close();
    },
  };
}

function newWorld(options: PhoneWorldOptions, origin: () => string): World {
  const seed = options.seed ?? 1;
  return {
    clock: options.clock,
    log: options.log,
    ledger: newLedger(options.clock, options.keepCalls === undefined ? {} : { keepCalls: options.keepCalls }),
    faults: newFaults(options.faultRates),
    newSid: sidsOf(options.seed),
    randomFor: (name) => seededRandom(hashed(`${seed} ${name}`)),
    personaOf: (number) => {
      const assigned = options.assign?.(number);
      return assigned === undefined ? personaOf(number) : typeof assigned === "string" ? personaNamed(assigned) : assigned;
    },
    factsOf: calleeFacts,
    accountSid: options.accountSid,
    authToken: options.authToken,
    serviceKeys: options.serviceKeys ?? {},
    origin,
  };
}

/** FNV-1a: spreads a name over 32 bits. */
function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
