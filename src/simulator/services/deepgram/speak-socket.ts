import { newId } from "../../../domain/ids.ts";
import { type Outbox, outbox } from "../outbox.ts";
import { speaker } from "../elevenlabs/speaker.ts";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceSocket } from "../service-socket.ts";
import { watchIdleness } from "./listen-socket.ts";

const longestTextChars = 2_000;
const mostFlushes = 20;
const flushWindowMs = 60_000;

/** Serves one `/v1/speak` socket: text until `Flush`, then its audio as binary messages and `Flushed` (Deepgram's API reference). */
export function serveSpeak(deps: ServiceDeps, socket: ServiceSocket, model: string): void {
  const requestId: string = newId(deps.clock, socket.random);
  const alive = watchIdleness(deps, socket);
  const newVoice = (): ReturnType<typeof speaker> => speaker(deps, socket.random);
  let voice = newVoice();
  let waiting = "";
  let sequenceId = 0;
  let flushedAtMs: number[] = [];
  const box: Outbox<object | Uint8Array> = outbox(deps.clock, (message) => socket.send(message));
  socket.onClose(() => box.discard());

  const warn = (code: string, description: string): void => {
    deps.onMisuse({ service: "deepgram", code: code.toLowerCase(), detail: description });
    socket.send({ type: "Warning", code, description });
  };

  const flush = (): void => {
    const nowMs = deps.clock.nowMs();
    flushedAtMs = [...flushedAtMs.filter((atMs) => atMs > nowMs - flushWindowMs), nowMs];
    if (flushedAtMs.length > mostFlushes) return warn("EXCESSIVE_FLUSH", `more than ${mostFlushes} Flush messages in a minute`);
    const pieces = socket.fault?.kind === "empty" || waiting.trim() === "" ? [] : voice.speak(waiting);
    waiting = "";
    for (const { chunk, delayMs } of pieces) box.put(chunk.audio, delayMs);
    box.put({ type: "Flushed", sequence_id: sequenceId });
    sequenceId += 1;
  };

  socket.send({ type: "Metadata", request_id: requestId, model_name: model, model_version: "2026-04-14.0", model_uuid: requestId });
  socket.onBinary((bytes) => {
    alive();
    warn("UNPARSABLE_CLIENT_MESSAGE", `expected JSON, got ${bytes.length} binary bytes`);
  });
  socket.onJson((message, text) => {
    alive();
    switch (message?.["type"]) {
      case "Speak": {
        const more = message["text"];
        if (typeof more !== "string") return warn("UNPARSABLE_CLIENT_MESSAGE", text.slice(0, 120));
        if (waiting.length + more.length > longestTextChars) return warn("DATA-0001", `more than ${longestTextChars} characters without a Flush`);
        waiting += more;
        return;
      }
      case "Flush":
        return flush();
      case "Clear":
        waiting = "";
        box.discard();
        voice = newVoice();
        socket.send({ type: "Cleared", sequence_id: sequenceId });
        return;
      case "Close":
        box.afterAll(() => socket.close(1000));
        return;
      default:
        warn("UNPARSABLE_CLIENT_MESSAGE", text.slice(0, 120));
    }
  });
}
