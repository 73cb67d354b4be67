import type { Clock } from "../../domain/clock.ts";
import type { Language } from "../../domain/definition.ts";
import { VendorError } from "../../domain/errors.ts";
import type { Voice } from "../../talk/ports.ts";

const withinMs = 15_000;

/** Has a text spoken from beginning to end and answers its sound. Throws `VendorError` when the voice fails or stays silent. */
export function synthesiseOnce(deps: { voice: Voice; clock: Clock }, input: { text: string; language: Language }): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    const end = (settle: () => void): void => {
      timer.cancel();
      session.close();
      settle();
    };
    const session = deps.voice.open(
      { voices: {}, language: input.language },
      {
        onAudio: (_, audio) => void pieces.push(audio),
        onDone: () =>
          end(() => (pieces.length > 0 ? resolve(Buffer.concat(pieces)) : reject(new VendorError("voice", "no_sound", "the voice answered without any sound", true)))),
        onFailed: (_, error) => end(() => reject(error)),
      },
    );
    const timer = deps.clock.setTimer(withinMs, () => end(() => reject(new VendorError("voice", "timeout", "the voice did not finish in time", true))));
    session.speak({ contextId: "once", text: input.text, language: input.language, last: true });
  });
}
