import type { Timer } from "../../../domain/clock.ts";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceSocket } from "../service-socket.ts";
import type { SpeechChunk } from "./speech-chunks.ts";
import type { VoiceError } from "./voice-query.ts";

/** The vendor's specification and its SDK disagree on the name; both are met in the field. */
export type FinalName = "isFinal" | "is_final";

/** A piece of audio as it is sent. */
export function audioMessage(chunk: SpeechChunk, to: { contextId?: string; finalName: FinalName }): object {
  return {
    audio: Buffer.from(chunk.audio).toString("base64"),
    [to.finalName]: null,
    normalizedAlignment: chunk.alignment,
    alignment: chunk.alignment,
    ...(to.contextId === undefined ? {} : { contextId: to.contextId }),
  };
}

/** The last message of a context or of a socket. */
export function finalMessage(finalName: FinalName, contextId?: string): object {
  return { audio: null, [finalName]: true, ...(contextId === undefined ? {} : { contextId }) };
}

/** Tells an error and closes with 1008, as the vendor does for every error. */
export function endWithError(socket: ServiceSocket, error: VoiceError): void {
  socket.send({ ...error, code: 1008 });
  socket.close(1008, error.message.slice(0, 120));
}

/** Ends a socket that was sent something it does not know. */
export function invalidMessage(deps: ServiceDeps, socket: ServiceSocket, what: string): void {
  deps.onMisuse({ service: "elevenlabs", code: "invalid_message", detail: what.slice(0, 200) });
  endWithError(socket, {
    error: "invalid_input_message",
    message: "Could not parse input message, make sure it is a json and follows the schema outlined in protocol.",
  });
}

/** Closes the socket when no message has come for the inactivity time; call the answer at each message. */
export function watchInput(deps: ServiceDeps, socket: ServiceSocket, inactivityMs: number): () => void {
  let timer: Timer | undefined;
  const alive = (): void => {
    timer?.cancel();
    timer = deps.clock.setTimer(inactivityMs, () =>
      endWithError(socket, {
        error: "input_timeout_exceeded",
        message: `Have not received a new text input within the timeout of ${inactivityMs / 1_000} seconds. Streaming input terminated.`,
      }),
    );
  };
  socket.onClose(() => timer?.cancel());
  alive();
  return alive;
}
