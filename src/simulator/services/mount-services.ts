import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { MountedVendor, World } from "../world.ts";
import { deepgramRequest, deepgramUpgrade } from "./deepgram/deepgram-doors.ts";
import { elevenLabsRequest, elevenLabsUpgrade } from "./elevenlabs/elevenlabs-doors.ts";
import { openAiRequest } from "./openai/openai-doors.ts";
import { realtimeUpgrade } from "./realtime/realtime-doors.ts";
import { transcriptionUpgrade } from "./realtime/transcription-doors.ts";
import type { BrainMode, ServiceDeps, ServiceName } from "./service-deps.ts";
import { faultDesk, type FaultDesk, type FaultPlan } from "./service-faults.ts";
import { publishedLatencies, type VendorLatencies } from "./vendor-latencies.ts";

export interface ServicesOptions {
  /** Which scripted model answers; default the competent one. */
  brain?: BrainMode;
  /** How the services fail from the start; default not at all. */
  faults?: Partial<Record<ServiceName, FaultPlan>>;
  /** How long the services take; default as published. */
  latencies?: Partial<VendorLatencies>;
}

/** The speech and language vendors of a phone world. */
export interface MountedServices extends MountedVendor {
  /** Where tests change how services fail. */
  readonly faults: FaultDesk;
  /** Breaks every live socket of a service without a goodbye, as when its machine dies. */
  cut(service: ServiceName): void;
}

const largestMessageBytes = 2 ** 20;

/**
 * Deepgram (`/v1/listen`, `/v2/listen`, `/v1/speak`), ElevenLabs (`/v1/text-to-speech/…`) and OpenAI (`/v1/chat/completions`,
 * `/v1/realtime`) on the world's one http server.
 */
export function mountServices(world: World, options: ServicesOptions = {}): MountedServices {
  const faults = faultDesk(world.randomFor("service faults"), options.faults);
  const deps = depsOf(world, faults, options);
  const server = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes, perMessageDeflate: false });
  const upgrades = [
    ["deepgram", deepgramUpgrade],
    ["elevenlabs", elevenLabsUpgrade],
    ["openai_transcription", transcriptionUpgrade],
    ["openai_realtime", realtimeUpgrade],
  ] as const;
  const live = new Map<Duplex, ServiceName>();

  return {
    faults,
    request: (req: IncomingMessage, res: ServerResponse) => elevenLabsRequest(deps, req, res) || openAiRequest(deps, req, res) || deepgramRequest(deps, req, res),
    upgrade(req, socket, head) {
      for (const [service, take] of upgrades) {
        if (!take(deps, server, { req, socket, head })) continue;
        live.set(socket, service);
        socket.once("close", () => live.delete(socket));
        return true;
      }
      return false;
    },
    cut(service) {
      for (const [socket, of] of live) if (of === service) socket.destroy();
    },
    close() {
      for (const socket of live.keys()) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function depsOf(world: World, faults: FaultDesk, options: ServicesOptions): ServiceDeps {
  const counts = new Map<ServiceName, number>();
  const { deepgram, elevenLabs, openAi } = world.serviceKeys;
  return {
    clock: world.clock,
    log: world.log,
    faults,
    brain: options.brain ?? "competent",
    latencies: { ...publishedLatencies, ...options.latencies },
    keys: {
      ...(deepgram === undefined ? {} : { deepgram }),
      ...(elevenLabs === undefined ? {} : { elevenlabs: elevenLabs }),
      ...(openAi === undefined ? {} : { openai: openAi, openai_realtime: openAi, openai_transcription: openAi }),
    },
    randomOf(service) {
      const count = (counts.get(service) ?? 0) + 1;
      counts.set(service, count);
      return world.randomFor(`${service} ${count}`);
    },
    onMisuse: ({ service, code, detail }) => world.ledger.error("service_misuse", `${service} ${code}: ${detail}`),
    onUse: (service, what, fields) => world.ledger.record({ kind: "service", service, what, fields }),
  };
}
