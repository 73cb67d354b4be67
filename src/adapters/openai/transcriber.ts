import OpenAI from "openai";
import type { Clock } from "../../domain/clock.ts";
import type { Log } from "../../domain/log.ts";
import type { Transcriber } from "../../talk/ports.ts";
import { openTranscription } from "./transcription-connection.ts";

export interface OpenAiTranscriberOptions {
  apiKey: string;
  /** Up to and with `/v1`; null is the vendor's own. The SDK speaks TLS whatever the scheme says. */
  baseUrl: string | null;
  clock: Clock;
  log: Log;
  model: string;
  /** For a server with a certificate of its own. */
  certificatePem?: string | undefined;
}

/**
 * OpenAI's streaming speech recognition: a Realtime session with the intent to transcribe
 * (https://developers.openai.com/api/docs/guides/realtime-transcription). A session lives an hour at most; its end is
 * told like any other, and the next connection goes on.
 */
export function openAiTranscriber(options: OpenAiTranscriberOptions): Transcriber {
  const client = new OpenAI({ apiKey: options.apiKey, baseURL: options.baseUrl, logLevel: "off" });
  return {
    name: `openai ${options.model}`,
    open: (wanted, listener) => openTranscription({ ...options, client, wanted, listener }),
  };
}
