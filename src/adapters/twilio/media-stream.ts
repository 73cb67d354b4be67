import type { RawData, WebSocket } from "ws";
import type { Clock, Timer } from "../../domain/clock.ts";
import type { CallSid } from "../../domain/ids.ts";
import type { Log } from "../../domain/log.ts";
import { inboundTimeline } from "../../talk/inbound-timeline.ts";
import { frameBytes, type LineClosing, type PhoneLine, type PhoneLineListener } from "../../talk/ports.ts";
import { type MediaMessage, readMediaMessage } from "./media-message.ts";

/** A media stream that has said who it is. */
export interface OpenedStream {
  callSid: CallSid;
  /** The one-time token from `<Parameter name="token">`. */
  token: string;
  line: PhoneLine;
}

/** Nothing heard for this long: the peer is gone, whatever the connection says. */
const silentPeerMs = 6_000;
const watchEveryMs = 1_000;
/** More than this waiting to be sent means that the peer does not read. */
const mostUnsentBytes = 64 * 1024;
/** What comes before there is a listener is kept, up to five seconds. */
const mostEarlyFrames = 250;
const closeCodes = { done: 1000, badMessage: 1008 } as const;

/**
 * Waits for a valid `start` on a socket that was just accepted and turns it into a phone line. Undefined when the
 * socket says anything else first, closes, or says nothing within `withinMs`; it is then closed with 1008.
 */
export function acceptMediaStream(socket: WebSocket, deps: { clock: Clock; log: Log }, withinMs: number): Promise<OpenedStream | undefined> {
  return new Promise((resolve) => {
    const give = (opened: OpenedStream | undefined, why?: string): void => {
      timer.cancel();
      socket.off("message", onMessage);
      socket.off("close", onGone);
      if (why !== undefined) socket.close(closeCodes.badMessage, why);
      resolve(opened);
    };
    const onGone = (): void => give(undefined);
    const onMessage = (data: RawData, isBinary: boolean): void => {
      const message = isBinary ? undefined : readMediaMessage(textOf(data));
      if (message?.event === "connected") return;
      const token = message?.event === "start" ? message.start.customParameters["token"] : undefined;
      if (message?.event !== "start" || token === undefined || token === "") return give(undefined, "expected start with a token");
      const callSid = message.start.callSid as CallSid;
      give({ callSid, token, line: lineOver(socket, { ...deps, callSid, streamSid: message.streamSid }) });
    };
    const timer = deps.clock.setTimer(withinMs, () => give(undefined, "expected start in time"));
    socket.on("message", onMessage);
    socket.on("close", onGone);
  });
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.isBuffer(data) ? data.toString("utf8") : Buffer.from(data).toString("utf8");
}

function lineOver(socket: WebSocket, deps: { clock: Clock; log: Log; callSid: CallSid; streamSid: string }): PhoneLine {
  const { clock, log, streamSid } = deps;
  const early: ((listener: PhoneLineListener) => void)[] = [];
  let listener: PhoneLineListener | undefined;
  let heardAtMs = clock.nowMs();
  let ending: LineClosing | undefined;
  let watch: Timer | undefined;
  const mediaStart = `{"event":"media","streamSid":${JSON.stringify(streamSid)},"media":{"payload":"`;

  const deliver = (tell: (listener: PhoneLineListener) => void): void => {
    if (listener) return tell(listener);
    if (early.length >= mostEarlyFrames) early.shift();
    early.push(tell);
  };
  const timeline = inboundTimeline((frame) => (listener ? listener.onFrame(frame) : deliver((late) => late.onFrame(frame.slice()))));

  const end = (how: LineClosing): void => {
    if (ending) return;
    ending = how;
    watch?.cancel();
    deliver((told) => told.onClosed(how));
  };
  const onMessage = (message: MediaMessage): void => {
    switch (message.event) {
      case "media":
        if (message.media.track === undefined || message.media.track === "inbound") timeline.push(message.media.timestamp, Buffer.from(message.media.payload, "base64"));
        return;
      case "mark":
        return deliver((told) => told.onMark(message.mark.name));
      case "dtmf":
        return deliver((told) => told.onDigit(message.dtmf.digit));
      case "stop":
        end("stopped");
        return socket.close(closeCodes.done);
      case "connected":
      case "start":
        return;
    }
  };
  const send = (text: string): boolean => {
    if (socket.readyState !== socket.OPEN || ending) return false;
    socket.send(text);
    return true;
  };
  const watchPeer = (): void => {
    if (clock.nowMs() - heardAtMs < silentPeerMs) {
      watch = clock.setTimer(watchEveryMs, watchPeer);
      return;
    }
    log.warn("media stream fell silent", { callSid: deps.callSid });
    end("lost");
    socket.terminate();
  };

  socket.on("message", (data: RawData, isBinary: boolean) => {
    if (ending) return;
    heardAtMs = clock.nowMs();
    const message = isBinary ? undefined : readMediaMessage(textOf(data));
    if (message) return onMessage(message);
    log.warn("media stream sent what is no message", { callSid: deps.callSid, binary: isBinary });
    end("lost");
    socket.close(closeCodes.badMessage, "expected a media stream message");
  });
  socket.on("close", () => end("lost"));
  socket.on("error", (error) => log.warn("media stream failed", { callSid: deps.callSid, error }));
  watch = clock.setTimer(watchEveryMs, watchPeer);

  return {
    callSid: deps.callSid,
    listen(wanted) {
      listener = wanted;
      for (const tell of early.splice(0)) tell(wanted);
    },
    play(audio) {
      if (audio.length % frameBytes !== 0) throw new RangeError(`expected whole frames of ${frameBytes} bytes, got ${audio.length}`);
      const payload = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString("base64");
      if (socket.bufferedAmount + payload.length > mostUnsentBytes) return false;
      return send(`${mediaStart}${payload}"}}`);
    },
    mark: (name) => void send(JSON.stringify({ event: "mark", streamSid, mark: { name } })),
    clear: () => void send(JSON.stringify({ event: "clear", streamSid })),
    close() {
      end("lost");
      if (socket.readyState === socket.OPEN || socket.readyState === socket.CONNECTING) socket.close(closeCodes.done);
    },
  };
}
