import { VendorError } from "../../src/domain/errors.ts";
import { startHearing } from "../../src/talk/hearing.ts";
import { frameBytes, frameMs, type HearingEvent, silenceByte, type Transcriber, type TranscriberListener } from "../../src/talk/ports.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";

export interface Opened {
  name: string;
  listener: TranscriberListener;
  received: Uint8Array[];
  closed: boolean;
}

/** One call's hearing with transcribers that do what the test says. */
export function hearingRig(options: { names?: string[]; framesPerMessage?: number } = {}) {
  const clock = manualClock("2026-12-01T10:00");
  const opened: Opened[] = [];
  const events: HearingEvent[] = [];
  let deaf = 0;
  let stalled = false;
  const transcriber = (name: string): Transcriber => ({
    name,
    open(_, listener) {
      const connection: Opened = { name, listener, received: [], closed: false };
      opened.push(connection);
      return {
        framesPerMessage: options.framesPerMessage ?? 1,
        send(audio) {
          if (connection.closed || stalled) return false;
          connection.received.push(audio.slice());
          return true;
        },
        close: () => void (connection.closed = true),
      };
    },
  });
  const hearing = startHearing({
    clock,
    log: silentLog,
    transcribers: (options.names ?? ["first"]).map(transcriber),
    options: { languages: ["hi-IN"], keyterms: [] },
    onHearing: (event) => void events.push(event),
    onDeaf: () => void (deaf += 1),
  });
  let nth = 0;
  /** The line speaks for so long: numbered frames, 20 ms each. */
  const speak = (ms: number): void => {
    for (let at = 0; at < ms; at += 20) {
      clock.advance(20);
      const frame = new Uint8Array(frameBytes).fill(silenceByte);
      new DataView(frame.buffer).setUint32(0, nth);
      nth += 1;
      hearing.frame(frame);
    }
  };
  /** So many frames of sound, or of silence, one every 20 ms. */
  const say = (frames: number, sound = true): void => {
    for (let at = 0; at < frames; at += 1) {
      clock.advance(frameMs);
      hearing.frame(sound ? loudFrame(at) : quietFrame());
    }
  };
  const last = (): Opened => {
    const connection = opened.at(-1);
    if (!connection) throw new Error("expected a connection");
    return connection;
  };
  const cut = (error = new VendorError("transcriber", "1006", "cut", true)): void => {
    const connection = last();
    connection.closed = true;
    connection.listener.onClosed(error);
  };
  const numbers = (): number[] => opened.flatMap((connection) => connection.received.flatMap((audio) => Array.from({ length: audio.length / frameBytes }, (_, at) => new DataView(audio.buffer, audio.byteOffset + at * frameBytes).getUint32(0))));
  return { clock, hearing, opened, events, speak, say, cut, last, numbers, stall: (now: boolean) => void (stalled = now), deaf: () => deaf, sent: () => nth };
}

/** Sound, telling frames apart by their number. */
export const loudFrame = (nth: number): Uint8Array => {
  const frame = new Uint8Array(frameBytes).fill(0x20);
  new DataView(frame.buffer).setUint32(0, nth);
  return frame;
};
export const quietFrame = (): Uint8Array => new Uint8Array(frameBytes).fill(silenceByte);
export const isWord = (audio: Uint8Array): boolean => audio[frameBytes - 1] === 0x20;
