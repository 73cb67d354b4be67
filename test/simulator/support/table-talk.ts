import { type Clock, istFromMs } from "../../../src/domain/clock.ts";
import { seededRandom } from "../../../src/domain/random.ts";
import { newCallee } from "../../../src/simulator/callee.ts";
import { frameMs, samplesPerFrame, silentFrame } from "../../../src/simulator/frame.ts";
import { type Ledger, newLedger } from "../../../src/simulator/ledger.ts";
import { demodulator, modulate } from "../../../src/simulator/modem.ts";
import { samplesPerMs, silence } from "../../../src/simulator/mulaw.ts";
import { newPlayback } from "../../../src/simulator/carrier-playback.ts";
import { calleeFacts } from "../../../src/simulator/personas/callee-facts.ts";
import { personaNamed } from "../../../src/simulator/personas/persona-of.ts";
import { start } from "./lively-world.ts";

export interface TableTalk {
  ledger: Ledger;
  said: string[];
  heardText: string;
  seconds: number;
  hungUp: boolean;
  pressed: string;
}

export interface TalkOptions {
  number?: string;
  startMs?: number;
  seed?: number;
  /** How long the agent waits for a reply before it goes on. */
  patienceMs?: number;
  /** When everything was said, how long it stays on the line. */
  lingerMs?: number;
  /** Stops at once when the callee speaks. */
  yields?: boolean;
}

const longestMs = 300_000;
/** What `||` in a line stands for: with the end of a sentence, a pause just long enough to be taken for the end of speech. */
const breathMs = 430;

/** Sits a persona at a table with an agent that says its lines one after the other, frame by frame and without any network. */
export function talk(personaName: string, lines: readonly string[], options: TalkOptions = {}): TableTalk {
  const { number = "+916000001000", startMs = start.toMillis(), seed = 1, patienceMs = 6_000, lingerMs = 3_000 } = options;
  let frames = 0;
  const nowMs = (): number => startMs + frames * frameMs;
  const clock: Clock = { nowMs, now: () => istFromMs(Math.floor(nowMs())), setTimer: () => ({ cancel: () => undefined }) };
  const ledger = newLedger(clock);
  const result: TableTalk = { ledger, said: [], heardText: "", seconds: 0, hungUp: false, pressed: "" };
  const callee = newCallee(
    personaNamed(personaName),
    { facts: calleeFacts(number), random: seededRandom(seed), now: () => clock.now() },
    { callSid: "CA", ledger, hangUp: () => void (result.hungUp = true), press: (digit) => void (result.pressed += digit) },
  );
  const queue = [...lines];
  const playback = newPlayback(() => undefined);
  let quietMs = 0;
  let repliedSinceLine = true;
  const ear = demodulator(() => {
    repliedSinceLine = true;
    if (options.yields) playback.clear();
  });

  while (!result.hungUp) {
    if (frames * frameMs > longestMs) throw new Error(`${personaName} talks without end: ${ledger.saidText("CA").slice(-300)}`);
    const quiet = playback.waitingSamples === 0 && ear.samplesHeard - ear.lastSoundEnd >= 500 * samplesPerMs;
    quietMs = quiet ? quietMs + frameMs : 0;
    const ready = frames * frameMs > 1_500 && quietMs > 0 && (repliedSinceLine || quietMs >= patienceMs);
    const line = ready ? queue.shift() : undefined;
    if (line !== undefined) {
      for (const part of line.split("||")) playback.enqueue(Buffer.concat([modulate(part), silence(breathMs * samplesPerMs)]));
      repliedSinceLine = false;
    } else if (queue.length === 0 && quietMs >= lingerMs) break;
    const played = playback.frame();
    ear.push(callee.frame(played === silentFrame ? silentFrame : played.slice(0, samplesPerFrame)));
    frames += 1;
  }
  callee.end();
  result.said = ledger.saidBy("CA").map((one) => one.text);
  result.heardText = ledger.heardText("CA");
  result.seconds = (frames * frameMs) / 1_000;
  return result;
}
