import { newId } from "../../../domain/ids.ts";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceSocket } from "../service-socket.ts";
import { fluxTurns, type TurnInfo } from "./flux-turns.ts";
import { fluxProblem, type FluxSettings } from "./listen-query.ts";
import { seconds } from "./heard-words.ts";
import { watchIdleness, withoutWords } from "./listen-socket.ts";

/** Serves one open `/v2/listen` socket: audio in, turns out (Deepgram's API reference). */
export function serveFlux(deps: ServiceDeps, socket: ServiceSocket, initial: FluxSettings): void {
  const requestId: string = newId(deps.clock, socket.random);
  let settings = initial;
  let sequenceId = 0;
  const turns = fluxTurns(settings, () => deps.latencies.endOfTurn(socket.random));
  const alive = watchIdleness(deps, socket);
  socket.onClose(() => deps.onUse("deepgram", "listened", { model: settings.model, seconds: seconds(turns.samplesHeard) }));

  const tell = (message: object, delayMs = 0): void => {
    socket.send({ ...message, request_id: requestId, sequence_id: sequenceId }, delayMs);
    sequenceId += 1;
  };
  const tellTurns = (infos: readonly TurnInfo[]): void => {
    if (infos.length === 0) return;
    const delayMs = deps.latencies.listening(socket.random);
    for (const info of infos) {
      if (info.event === "EndOfTurn") deps.onUse("deepgram", "turn_ended", { silent_ms: turns.silentMs(), told_after_ms: delayMs });
      tell(socket.fault?.kind === "empty" ? withoutWords(info) : info, delayMs);
    }
  };
  const fail = (code: string, description: string): void => {
    socket.send({ type: "Error", sequence_id: sequenceId, code, description });
    sequenceId += 1;
    socket.close(1008, code);
  };

  const configure = (message: Record<string, unknown>): void => {
    const next = configured(settings, message);
    if (next === undefined || fluxProblem(next) !== undefined) {
      deps.onMisuse({ service: "deepgram", code: "bad_configure", detail: JSON.stringify(message).slice(0, 200) });
      return tell({ type: "ConfigureFailure" });
    }
    settings = next;
    turns.configure(next);
    tell({
      type: "ConfigureSuccess",
      thresholds: { eager_eot_threshold: next.eagerEotThreshold, eot_threshold: next.eotThreshold, eot_timeout_ms: next.eotTimeoutMs },
      keyterms: next.keyterms,
      ...(next.model === "flux-general-multi" ? { language_hints: next.languageHints } : {}),
    });
  };

  tell({ type: "Connected" });
  socket.onBinary((audio) => {
    alive();
    tellTurns(turns.push(audio));
  });
  socket.onJson((message, text) => {
    alive();
    switch (message?.["type"]) {
      case "Configure":
        return configure(message);
      case "ForceEndTurn": {
        const ended = turns.forceEndTurn();
        return ended === undefined ? undefined : tellTurns([ended]);
      }
      case "CloseStream":
        tellTurns([turns.update()]);
        return socket.close();
      default:
        deps.onMisuse({ service: "deepgram", code: "unknown_message", detail: `/v2/listen does not know ${text.slice(0, 120)}` });
        fail("UNPARSABLE_CLIENT_MESSAGE", "Text message received from client did not match any of the formats we expect.");
    }
  });
}

/** The settings after a `Configure`; what it does not name stays. Undefined when a part has the wrong type. */
function configured(settings: FluxSettings, message: Record<string, unknown>): FluxSettings | undefined {
  const { thresholds = {}, keyterms = settings.keyterms, language_hints: hints = settings.languageHints } = message;
  if (typeof thresholds !== "object" || thresholds === null) return undefined;
  const texts = (value: unknown): string[] | undefined => (typeof value === "string" ? [value] : Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined);
  const number = (name: string, now: number | undefined): number | undefined => {
    const value: unknown = (thresholds as Record<string, unknown>)[name];
    return value === undefined ? now : typeof value === "number" ? value : Number.NaN;
  };
  const keytermList = texts(keyterms);
  const hintList = texts(hints);
  if (keytermList === undefined || hintList === undefined) return undefined;
  return {
    model: settings.model,
    eotThreshold: number("eot_threshold", settings.eotThreshold) ?? settings.eotThreshold,
    eagerEotThreshold: number("eager_eot_threshold", settings.eagerEotThreshold),
    eotTimeoutMs: number("eot_timeout_ms", settings.eotTimeoutMs) ?? settings.eotTimeoutMs,
    keyterms: keytermList,
    languageHints: hintList,
  };
}
