import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VendorError } from "../../src/domain/errors.ts";
import { startHearing } from "../../src/talk/hearing.ts";
import { frameBytes, frameMs, type Transcriber } from "../../src/talk/ports.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";
import { hearingRig, isWord, loudFrame, type Opened, quietFrame } from "./hearing-rig.ts";

describe("words that were on their way when the connection broke", () => {
  const reopen = (call: ReturnType<typeof hearingRig>): Opened => {
    call.cut();
    call.clock.advance(0);
    call.last().listener.onOpen();
    return call.last();
  };

  test("are heard again by the next connection, at once, from the pause before the last that were told", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.last().listener.onHearing({ kind: "started" });
    call.say(15);
    call.say(4, false);
    call.say(38);
    call.last().listener.onHearing({ kind: "words", text: "main paanch" });
    call.say(2, false);
    call.say(15);
    const next = reopen(call);
    // The pause, the word that was told, the pause behind it and the word that was not.
    expect(next.received).toHaveLength(2 + 38 + 2 + 15);
    expect(isWord(next.received[0] ?? quietFrame())).toBe(false);
    next.listener.onHearing({ kind: "started" });
    next.listener.onHearing({ kind: "words", text: "paanch" });
    next.listener.onHearing({ kind: "words", text: "Paanch hazaar" });
    next.listener.onHearing({ kind: "ended", text: "Paanch hazaar.", languages: [], silentForMs: 300 });
    expect(call.events.map((event) => ("text" in event ? event.text : ""))).toEqual(["", "main paanch", "main paanch", "main Paanch hazaar", "main Paanch hazaar."]);
  });

  test("are heard again also when the same text came over and over, and empty events", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.say(10);
    call.last().listener.onHearing({ kind: "words", text: "haan" });
    for (let nth = 0; nth < 4; nth += 1) {
      call.say(20);
      call.last().listener.onHearing({ kind: "words", text: "haan" });
      call.last().listener.onHearing({ kind: "started" });
      call.last().listener.onHearing({ kind: "eager_end", text: "" });
    }
    expect(reopen(call).received.length).toBeGreaterThanOrEqual(1);
    call.say(100, false);
    expect(call.last().received.filter(isWord)).toHaveLength(90);
  });

  test("nothing is heard again of a turn that was told to its end", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.say(20);
    call.say(25, false);
    call.last().listener.onHearing({ kind: "ended", text: "haan", languages: [], silentForMs: 500 });
    expect(reopen(call).received).toEqual([]);
    call.say(500, false);
    expect(reopen(call).received).toEqual([]);
  });

  test("what was said behind the end of a turn, before the end was told, is heard again without that turn", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.say(20);
    call.say(25, false);
    call.say(10);
    call.last().listener.onHearing({ kind: "ended", text: "haan", languages: [], silentForMs: 700 });
    call.say(5);
    expect(reopen(call).received.filter(isWord)).toHaveLength(15);
  });

  test("silence after words that had the time to be told is not heard again", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.say(20);
    call.last().listener.onHearing({ kind: "words", text: "haan" });
    call.say(100, false);
    expect(reopen(call).received).toEqual([]);
  });

  test("a wait of a second and a half is handed over at once, a longer one at 1.25 times its speed", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.last().listener.onHearing({ kind: "started" });
    call.say(75);
    expect(reopen(call).received).toHaveLength(75);
    call.say(5);
    call.cut();
    call.clock.advance(250);
    call.last().listener.onOpen();
    const before = call.last().received.length;
    call.say(40, false);
    expect(call.last().received.length - before).toBe(50);
  });

  test("no more than ten seconds are kept, however long nothing is told", () => {
    const call = hearingRig({ names: ["only"] });
    call.last().listener.onOpen();
    call.last().listener.onHearing({ kind: "started" });
    // Heard as deaf twice; from then on a noisy street is believed.
    for (let nth = 0; nth < 2; nth += 1) {
      call.say(300);
      call.clock.advance(250);
      call.last().listener.onOpen();
      call.last().listener.onHearing({ kind: "started" });
    }
    call.say(3_000);
    const next = reopen(call);
    call.say(2_500, false);
    expect(next.received.filter(isWord).length).toBeGreaterThanOrEqual(498);
    expect(next.received.filter(isWord).length).toBeLessThanOrEqual(500);
  });

  test("a turn that nobody goes on to hear is not told twice", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.say(20);
    call.last().listener.onHearing({ kind: "words", text: "theek hai" });
    call.cut();
    call.clock.advance(0);
    call.say(60, false);
    call.clock.advance(6_000);
    expect(call.events.at(-1)).toEqual({ kind: "ended", text: "theek hai", languages: [], silentForMs: null });
    call.last().listener.onOpen();
    expect(call.last().received.filter(isWord)).toEqual([]);
  });

  test("a slow connection is waited for before a turn with unheard words is over", () => {
    const call = hearingRig();
    call.last().listener.onOpen();
    call.say(10);
    call.last().listener.onHearing({ kind: "words", text: "paanch" });
    call.say(15);
    call.cut();
    call.clock.advance(0);
    for (let nth = 0; nth < 140; nth += 1) {
      call.clock.advance(frameMs);
      if (nth === 70) call.clock.advance(0);
      call.hearing.frame(quietFrame());
    }
    expect(call.events.filter((event) => event.kind === "ended")).toEqual([]);
    call.last().listener.onOpen();
    call.say(20, false);
    call.last().listener.onHearing({ kind: "ended", text: "paanch hazaar", languages: [], silentForMs: null });
    expect(call.events.at(-1)).toMatchObject({ kind: "ended", text: "paanch hazaar" });
  });
});

/** Speech as a list of words, each so many frames of sound and so many of silence behind it. */
interface SaidWord {
  word: string;
  frames: number;
  pause: number;
}
const vocabulary = ["do", "teen", "paanch", "sau", "hazaar", "rupaye", "kal", "nahin"];

/** A transcriber that hears a word only if it gets every frame of it, works at twice real time and tells later by a lag. */
function talkThrough(said: readonly SaidWord[], cuts: readonly { atFrame: number; openAfterMs: number }[], lagMs: number, framesPerMessage: number) {
  const clock = manualClock("2026-12-01T10:00");
  const ended: string[] = [];
  /** How many words had been told when the connection broke. */
  const seams: number[] = [];
  let told = 0;
  let opened = 0;
  let openAfterMs = 0;
  let breakNow: () => void = () => undefined;
  const transcriber: Transcriber = {
    name: "first",
    open(_, listener) {
      let isUp = true;
      let readyAtMs = 0;
      let next = 0;
      let at = 0;
      let quiet = 0;
      let words: string[] = [];
      const later = (fire: () => void): void => void clock.setTimer(readyAtMs + lagMs - clock.nowMs(), () => void (isUp && fire()));
      const take = (frame: Uint8Array): void => {
        readyAtMs = Math.max(clock.nowMs(), readyAtMs + frameMs / 2);
        if (!isWord(frame)) {
          quiet += 1;
          at = 0;
          if (quiet !== 40 || words.length === 0) return;
          const text = words.join(" ");
          words = [];
          return later(() => listener.onHearing({ kind: "ended", text, languages: [], silentForMs: 800 }));
        }
        quiet = 0;
        const number = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
        const [index, place] = [number >> 8, number & 0xff];
        if (place === 0) [next, at] = [index, 0];
        if (index !== next || place !== at) return void (at = -1);
        at += 1;
        const spoken = said[index];
        if (!spoken || at !== spoken.frames) return;
        words = [...words, spoken.word];
        const text = words.join(" ");
        later(() => listener.onHearing({ kind: "words", text }));
      };
      breakNow = () => {
        if (!isUp) return;
        isUp = false;
        seams.push(told);
        listener.onClosed(new VendorError("transcriber", "1006", "cut", true));
      };
      clock.setTimer(opened++ === 0 ? 0 : openAfterMs, () => void (isUp && listener.onOpen()));
      return {
        framesPerMessage,
        send(audio) {
          for (let from = 0; isUp && from < audio.length; from += frameBytes) take(audio.subarray(from, from + frameBytes));
          return isUp;
        },
        close: () => void (isUp = false),
      };
    },
  };
  const hearing = startHearing({
    clock,
    log: silentLog,
    transcribers: [transcriber],
    options: { languages: ["hi-IN"], keyterms: [] },
    onHearing(event) {
      if (event.kind === "words") told = event.text.split(" ").length;
      if (event.kind === "ended") ended.push(event.text);
    },
    onDeaf: () => ended.push("deaf"),
  });
  clock.advance(0);
  const frames = [
    ...said.flatMap((spoken, index) => [...Array.from({ length: spoken.frames }, (_, place) => loudFrame((index << 8) | place)), ...Array.from({ length: spoken.pause }, quietFrame)]),
    ...Array.from({ length: 600 }, quietFrame),
  ];
  frames.forEach((frame, nth) => {
    clock.advance(frameMs);
    hearing.frame(frame);
    for (const cut of cuts) {
      if (cut.atFrame !== nth) continue;
      openAfterMs = cut.openAfterMs;
      breakNow();
    }
  });
  hearing.close();
  return { text: ended.join(" "), seams };
}

/** Whether what was said just before the seam is said again just behind it: nobody can tell that from one saying. */
const repeatsAt = (words: readonly string[], seam: number): boolean =>
  words.some((_, length) => length > 0 && length <= seam && words.slice(seam - length, seam).join(" ") === words.slice(seam, seam + length).join(" "));

describe("whatever is said, whenever the connection breaks, however late the vendor tells", () => {
  const word = fc.record({ word: fc.constantFrom(...vocabulary), frames: fc.integer({ min: 7, max: 24 }), pause: fc.integer({ min: 1, max: 6 }) });
  const cut = fc.record({ atFrame: fc.integer({ min: 0, max: 260 }), openAfterMs: fc.integer({ min: 0, max: 700 }) });
  test("the words heard are the words said, each once", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.array(cut, { minLength: 1, maxLength: 2 }), fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 500, max: 600 })), fc.constantFrom(1, 2, 4), (said, cuts, lagMs, framesPerMessage) => {
        const words = said.map((spoken) => spoken.word);
        const { text, seams } = talkThrough(said, cuts, lagMs, framesPerMessage);
        if (!seams.some((seam) => repeatsAt(words, seam))) expect(text).toBe(words.join(" "));
      }),
      { numRuns: 250 },
    );
  });
});
