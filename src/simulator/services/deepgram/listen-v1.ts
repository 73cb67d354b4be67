import { createHash } from "node:crypto";
import { newId } from "../../../domain/ids.ts";
import { istFromMs } from "../../../domain/clock.ts";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceSocket } from "../service-socket.ts";
import { seconds } from "./heard-words.ts";
import type { NovaSettings } from "./listen-query.ts";
import { refuseMessage, watchIdleness, withoutWords } from "./listen-socket.ts";
import { type NovaMessage, novaTurns } from "./nova-turns.ts";

/** Serves one open `/v1/listen` socket: audio in, results out (Deepgram's API reference). */
export function serveNova(deps: ServiceDeps, socket: ServiceSocket, settings: NovaSettings): void {
  const requestId: string = newId(deps.clock, socket.random);
  const openedAtMs = deps.clock.nowMs();
  const turns = novaTurns(settings);
  const sha256 = createHash("sha256");
  const alive = watchIdleness(deps, socket);
  socket.onClose(() => deps.onUse("deepgram", "listened", { model: settings.model, seconds: seconds(turns.samplesHeard) }));
  let closing = false;

  const tell = (message: NovaMessage, delayMs: number): void => {
    const metadata = { request_id: requestId, model_info: { name: settings.model, version: "2026-10-01.0", arch: "nova-3" }, model_uuid: requestId };
    const whole = message.type === "Results" ? { ...message, metadata } : message;
    socket.send(socket.fault?.kind === "empty" ? withoutWords(whole) : whole, delayMs);
  };

  const closeStream = (): void => {
    closing = true;
    tell(turns.finalize(), deps.latencies.listening(socket.random));
    socket.send({
      type: "Metadata",
      transaction_key: "deprecated",
      request_id: requestId,
      sha256: sha256.digest("hex"),
      created: istFromMs(Math.floor(openedAtMs)).toUTC().toISO(),
      duration: seconds(turns.samplesHeard),
      channels: 1,
    });
    socket.close(1000);
  };

  socket.onBinary((audio) => {
    alive();
    if (closing) return deps.onMisuse({ service: "deepgram", code: "audio_after_close_stream", detail: `${audio.length} bytes after CloseStream` });
    if (audio.length === 0) deps.onMisuse({ service: "deepgram", code: "empty_audio_message", detail: "an empty binary message ends a stream" });
    sha256.update(audio);
    const messages = turns.push(audio);
    if (messages.length === 0) return;
    const delayMs = deps.latencies.listening(socket.random);
    for (const message of messages) tell(message, delayMs);
  });

  socket.onJson((message, text) => {
    alive();
    switch (message?.["type"]) {
      case "KeepAlive":
        return;
      case "Finalize":
        return tell(turns.finalize(), deps.latencies.listening(socket.random));
      case "CloseStream":
        return closeStream();
      default:
        refuseMessage(
          deps,
          socket,
          { service: "deepgram", code: "unknown_message", detail: `/v1/listen does not know ${text.slice(0, 120)}` },
          { type: "Error", description: "Could not deserialize last text message.", message: text.slice(0, 120), variant: "SchemaError" },
        );
    }
  });
}
