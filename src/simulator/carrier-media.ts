import type { RawData, WebSocket } from "ws";
import type { SimCall } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { newPlayback, type Playback } from "./carrier-playback.ts";
import { frameMs, silentFrame } from "./frame.ts";
import { readMediaMessage } from "./media-message.ts";
import { demodulator } from "./modem.ts";
import { samplesPerMs } from "./mulaw.ts";

export interface OpenStream {
  streamSid: string;
  parameters: Readonly<Record<string, string>>;
  socket: WebSocket;
  /** Aborts when the call is over or other TwiML takes its place. */
  signal: AbortSignal;
}

const silentPayload = Buffer.from(silentFrame).toString("base64");

/**
 * The media stream on an open socket, bidirectional (Twilio's documentation): `connected`, `start`, then 20 ms frames while the
 * line lives; media, mark and clear from our side; `stop` and a close at the end. A message that is not in the protocol
 * ends the stream.
 */
export function mediaStream(context: CarrierContext, call: SimCall, { streamSid, parameters, socket, signal }: OpenStream): void {
  const { ledger, accountSid } = context.world;
  call.streamsOpened += 1;
  const cutAfterMs = call.faults.cutStreamAfterMs ?? 0;
  const isCut = call.faults.cutStreamAfterMs !== undefined && call.streamsOpened === 1;
  let sequence = 0;
  let chunk = 0;
  let frames = 0;
  let ended = false;
  let warnedOfOverflow = false;
  const say = (json: string): void => socket.send(json);
  const tell = (event: string, body: object): void => {
    sequence += 1;
    say(JSON.stringify({ event, sequenceNumber: String(sequence), streamSid, [event]: body }));
  };

  const playback: Playback = newPlayback((name, cleared) => {
    ledger.record({ kind: "mark", name, streamSid, playedMs: playback.playedSamples / samplesPerMs, cleared }, call.sid);
    if (!ended) tell("mark", { name });
  });
  const sent = demodulator((word) => ledger.record({ kind: "sent", word, streamSid }, call.sid));

  const sendFrame = (said: Uint8Array): void => {
    frames += 1;
    if (isCut && frames * frameMs >= cutAfterMs) return finish("cut");
    if (call.faults.missingFrames !== undefined && call.random.fraction() < call.faults.missingFrames) return;
    sequence += 1;
    chunk += 1;
    const payload = said === silentFrame ? silentPayload : Buffer.from(said.buffer, said.byteOffset, said.byteLength).toString("base64");
    say(`{"event":"media","sequenceNumber":"${sequence}","streamSid":"${streamSid}","media":{"track":"inbound","chunk":"${chunk}","timestamp":"${frames * frameMs}","payload":"${payload}"}}`);
  };

  const finish = (how: "stopped" | "cut" | "closed_by_server"): void => {
    if (ended) return;
    if (how === "stopped") tell("stop", { accountSid, callSid: call.sid });
    ended = true;
    untap?.();
    stopKeys?.();
    call.line?.connect(undefined);
    signal.removeEventListener("abort", stop);
    ledger.record({ kind: "stream", streamSid, change: how }, call.sid);
    if (how === "cut") socket.terminate();
    else socket.close(1000);
  };
  const stop = (): void => finish("stopped");

  const refuse = (code: "bad_media_message" | "binary_media_frame", detail: string): void => {
    ledger.error(code, detail, call.sid);
    stop();
  };

  const take = (data: RawData, isBinary: boolean): void => {
    if (ended) return;
    if (isBinary) return refuse("binary_media_frame", "a binary frame on the media socket (31950)");
    const message = readMediaMessage(data, streamSid);
    switch (message.event) {
      case "media": {
        sent.push(message.audio);
        const { droppedSamples } = playback.enqueue(message.audio);
        if (droppedSamples === 0 || warnedOfOverflow) return;
        warnedOfOverflow = true;
        return ledger.error("media_overflow", "more than ten minutes of audio waiting: the rest was dropped (31931)", call.sid);
      }
      case "mark":
        return playback.mark(message.name);
      case "clear": {
        const playedMs = playback.playedSamples / samplesPerMs;
        ledger.record({ kind: "clear", streamSid, droppedMs: playback.clear() / samplesPerMs, playedMs }, call.sid);
        return;
      }
      case "invalid":
        return refuse("bad_media_message", `${message.fault} (31951)`);
    }
  };

  socket.on("message", take);
  socket.on("close", () => finish("closed_by_server"));
  signal.addEventListener("abort", stop, { once: true });
  say('{"event":"connected","protocol":"Call","version":"1.0.0"}');
  tell("start", {
    accountSid,
    callSid: call.sid,
    streamSid,
    tracks: ["inbound"],
    mediaFormat: { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 },
    customParameters: parameters,
  });
  ledger.record({ kind: "stream", streamSid, change: "started" }, call.sid);
  call.line?.connect(playback);
  const stopKeys = call.line?.onDigit((digit) => tell("dtmf", { track: "inbound_track", digit }));
  const untap = call.line?.tap(sendFrame);
  if (signal.aborted) stop();
}
