import type { Clock } from "../../domain/clock.ts";
import type { Language } from "../../domain/definition.ts";
import type { Voice, VoiceListener, VoiceOptions } from "../../talk/ports.ts";
import { openVoiceSocket, type VoiceSocket } from "./voice-socket.ts";

export interface ElevenLabsOptions {
  apiKey: string;
  /** The origin, http(s) or ws(s); null is the vendor's own. */
  baseUrl: string | null;
  model: string;
  /** The voice of campaigns that name none for a language. */
  defaultVoiceId: string;
  clock: Clock;
}

const vendorOrigin = "wss://api.elevenlabs.io";
/** The longest the service waits for text before it closes a context. */
const inactivitySeconds = 180;
/** Models that are told the language; the others take it from the text. */
const takesLanguage = /^eleven_(?:flash|turbo)_v2_5$/;

/**
 * ElevenLabs' voices over multi-context sockets, as μ-law at 8 kHz with character times
 * (https://elevenlabs.io/docs/api-reference/text-to-speech/v-1-text-to-speech-voice-id-multi-stream-input).
 * Voice and language belong to a connection, so a session opens one for each pair it meets.
 */
export function elevenLabsVoice(options: ElevenLabsOptions): Voice {
  const origin = (options.baseUrl ?? vendorOrigin).replace(/^http/, "ws").replace(/\/+$/, "");
  return {
    name: `elevenlabs ${options.model}`,
    open: (session, listener) => openSession(options, origin, session, listener),
  };
}

function openSession(options: ElevenLabsOptions, origin: string, session: VoiceOptions, listener: VoiceListener) {
  let sockets: VoiceSocket[] = [];

  const socketFor = (language: Language): VoiceSocket => {
    const voiceId = session.voices[language] ?? options.defaultVoiceId;
    const code = takesLanguage.test(options.model) ? language.slice(0, 2) : undefined;
    for (const socket of sockets) if (socket.isSpent()) socket.close();
    sockets = sockets.filter((socket) => !socket.isSpent());
    const free = sockets.find((socket) => socket.voiceId === voiceId && socket.language === code && socket.hasRoom());
    if (free) return free;
    const opened = openVoiceSocket({ url: urlFor(options, origin, voiceId, code), apiKey: options.apiKey, voiceId, language: code, listener, clock: options.clock });
    sockets.push(opened);
    return opened;
  };
  const contextIds = new Set<string>();

  socketFor(session.language);
  return {
    speak({ contextId, text, language, last }: { contextId: string; text: string; language: Language; last: boolean }): void {
      const using = sockets.find((socket) => socket.has(contextId));
      if (using) return using.speak(contextId, text, last);
      if (contextIds.has(contextId)) return;
      contextIds.add(contextId);
      if (text === "" && last) return listener.onDone(contextId);
      socketFor(language).speak(contextId, text, last);
    },
    cancel(contextId: string): void {
      for (const socket of sockets) socket.cancel(contextId);
    },
    close(): void {
      for (const socket of sockets) socket.close();
      sockets = [];
    },
  };
}

function urlFor(options: ElevenLabsOptions, origin: string, voiceId: string, language: string | undefined): string {
  const query = new URLSearchParams({
    model_id: options.model,
    output_format: "ulaw_8000",
    inactivity_timeout: String(inactivitySeconds),
    auto_mode: "true",
    ...(language === undefined ? {} : { language_code: language }),
  });
  return `${origin}/v1/text-to-speech/${encodeURIComponent(voiceId)}/multi-stream-input?${query.toString()}`;
}
