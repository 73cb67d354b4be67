import { DeepgramClient } from "@deepgram/sdk";
import type { Clock } from "../../domain/clock.ts";
import type { Transcriber } from "../../talk/ports.ts";
import { listeningFor } from "./deepgram-languages.ts";
import { openFlux } from "./flux-connection.ts";
import { openNova } from "./nova-connection.ts";

export interface DeepgramOptions {
  apiKey: string;
  /** The origin, http or https (ws and wss mean the same); null is the vendor's own. */
  baseUrl: string | null;
  clock: Clock;
  /** The first choice; a Flux model is used for the languages it hears. */
  model: string;
  /** For all other languages. */
  fallbackModel: string;
}

/** Deepgram's streaming speech recognition: Flux (v2) where it hears the languages, else Nova (v1). */
export function deepgramTranscriber(options: DeepgramOptions): Transcriber {
  const client = new DeepgramClient({ apiKey: options.apiKey, ...(options.baseUrl === null ? {} : { environment: environmentAt(options.baseUrl) }) });
  return {
    name: "deepgram",
    open(wanted, listener) {
      const listening = listeningFor(wanted.languages, options);
      return listening.api === "flux"
        ? openFlux(client, { listening, keyterms: wanted.keyterms, listener })
        : openNova(client, { listening, keyterms: wanted.keyterms, listener, clock: options.clock });
    },
  };
}

/** The SDK takes its REST and socket addresses apart; its single `baseUrl` serves only one of them. */
function environmentAt(origin: string) {
  const http = origin.replace(/^ws/, "http").replace(/\/+$/, "");
  const socket = http.replace(/^http/, "ws");
  return { base: http, production: socket, agent: socket, agentRest: http };
}
