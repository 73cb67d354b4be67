import type { Callee } from "./callee.ts";
import { newPlayback, type Playback } from "./carrier-playback.ts";
import type { Framed } from "./carrier-ticker.ts";

/** Hears both sides of a line, frame by frame. */
export type Tap = (said: Uint8Array, played: Uint8Array) => void;

/** The audio of one answered call. */
export interface CallLine extends Framed {
  /** Plays audio to the callee; resolves when it was played to its end, or at once when the signal aborts. */
  play(audio: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Plays from this source until it is taken away again; verbs play when there is none. */
  connect(source: Playback | undefined): void;
  /** Hears every frame from now on; answers how to stop. */
  tap(tap: Tap): () => void;
  /** Keys pressed by the callee go to the last listener. */
  onDigit(listener: (digit: string) => void): () => void;
  pressed(digit: string): void;
  /** Frames since the call was answered. */
  readonly frames: number;
  end(): void;
}

export function newCallLine(calleeOf: (line: { press(digit: string): void }) => Callee, onFrame: (frames: number) => void): CallLine {
  const taps = new Set<Tap>();
  const digitListeners: Array<(digit: string) => void> = [];
  const waitingFor = new Map<string, () => void>();
  const verbs = newPlayback((name) => waitingFor.get(name)?.());
  let source: Playback | undefined;
  let frames = 0;
  let plays = 0;
  const pressed = (digit: string): void => digitListeners.at(-1)?.(digit);
  const callee = calleeOf({ press: pressed });

  return {
    frame() {
      const played = (source ?? verbs).frame();
      const said = callee.frame(played);
      frames += 1;
      for (const tap of taps) tap(said, played);
      onFrame(frames);
    },
    play(audio, signal) {
      if (signal.aborted || audio.length === 0) return Promise.resolve();
      plays += 1;
      const name = String(plays);
      return new Promise((resolve) => {
        const done = (): void => {
          waitingFor.delete(name);
          signal.removeEventListener("abort", stop);
          resolve();
        };
        const stop = (): void => {
          verbs.clear();
          done();
        };
        waitingFor.set(name, done);
        signal.addEventListener("abort", stop, { once: true });
        verbs.enqueue(audio);
        verbs.mark(name);
      });
    },
    connect(to) {
      source = to;
    },
    tap(tap) {
      taps.add(tap);
      return () => void taps.delete(tap);
    },
    onDigit(listener) {
      digitListeners.push(listener);
      return () => {
        const at = digitListeners.indexOf(listener);
        if (at >= 0) digitListeners.splice(at, 1);
      };
    },
    pressed,
    get frames() {
      return frames;
    },
    end: () => callee.end(),
  };
}
