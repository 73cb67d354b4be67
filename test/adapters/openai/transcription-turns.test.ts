import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type TranscriptionMessage, transcriptionTurns } from "../../../src/adapters/openai/transcription-turns.ts";
import type { HearingEvent } from "../../../src/talk/ports.ts";

const sound: TranscriptionMessage = { kind: "sound" };
const silence: TranscriptionMessage = { kind: "silence" };
const pause: TranscriptionMessage = { kind: "cut", inPause: true };
const committed = (itemId: string): TranscriptionMessage => ({ kind: "committed", itemId });
const delta = (itemId: string, text: string): TranscriptionMessage => ({ kind: "delta", itemId, text });
const completed = (itemId: string, text: string, languages: readonly string[] = []): TranscriptionMessage => ({ kind: "completed", itemId, text, languages });
const givenUp: TranscriptionMessage = { kind: "given_up" };

const shown = (event: HearingEvent): string => ("text" in event ? `${event.kind} ${event.text}` : event.kind);
function told(...messages: readonly TranscriptionMessage[]): string[] {
  const turns = transcriptionTurns();
  return messages.flatMap((message) => turns.take(message, 600).map(shown));
}

describe("turns made of transcribed stretches", () => {
  test("words as they come, an eager end at the pause, the end when silence and transcript are there", () => {
    expect(told(sound, delta("a", "main"), delta("a", " kal dunga"), pause, committed("a"), completed("a", "Main kal dunga."), silence)).toEqual([
      "started", "words main", "words main kal dunga", "eager_end main kal dunga", "words Main kal dunga.", "eager_end Main kal dunga.", "ended Main kal dunga.",
    ]);
  });

  test("the transcript may come after the silence", () => {
    expect(told(sound, pause, silence, committed("a"), completed("a", "No."))).toEqual(["started", "words No.", "ended No."]);
  });

  test("speech that goes on before the transcript is there is the same turn", () => {
    expect(told(sound, pause, committed("a"), silence, sound, completed("a", "I can"), pause, committed("b"), completed("b", "pay."), silence)).toEqual([
      "started", "words I can", "words I can pay.", "eager_end I can pay.", "ended I can pay.",
    ]);
  });

  test("what was offered as the end is taken back when the callee goes on", () => {
    expect(told(sound, delta("a", "haan"), pause, committed("a"), completed("a", "haan"), sound, delta("b", "lekin"), pause, committed("b"), completed("b", "lekin"), silence)).toEqual([
      "started", "words haan", "eager_end haan", "resumed", "words haan lekin", "eager_end haan lekin", "ended haan lekin",
    ]);
  });

  test("transcripts in the wrong order make the text in the right one", () => {
    expect(told(sound, pause, committed("a"), sound, pause, committed("b"), completed("b", "two"), silence, completed("a", "one")).at(-1)).toBe("ended one two");
  });

  test("noise is a turn without words", () => {
    expect(told(sound, pause, silence, committed("a"), completed("a", ""))).toEqual(["started", "ended "]);
  });

  test("words of somebody whom nobody heard make a turn too", () => {
    expect(told(delta("a", " "), delta("a", "psst"), pause, committed("a"), completed("a", "psst"), silence)).toEqual(["started", "words psst", "eager_end psst", "ended psst"]);
    expect(told(committed("a"), completed("a", "psst"))).toEqual(["started", "words psst", "ended psst"]);
    expect(told(committed("a"), completed("a", ""))).toEqual([]);
  });

  test("a transcript that does not come is replaced by the words there are, and is not heard again", () => {
    expect(told(sound, delta("a", "kal"), pause, silence, givenUp, committed("a"), completed("a", "kal"), delta("a", " subah"))).toEqual(["started", "words kal", "eager_end kal", "ended kal"]);
  });

  test("a stretch that failed leaves its words, and the turn ends", () => {
    expect(told(sound, delta("a", "kal"), pause, committed("a"), silence, { kind: "failed", itemId: "a" })).toEqual(["started", "words kal", "eager_end kal", "ended kal"]);
  });

  test("languages are those of all stretches", () => {
    const turns = transcriptionTurns();
    const messages = [sound, pause, committed("a"), completed("a", "haan", ["hi"]), sound, pause, committed("b"), completed("b", "fine", ["en", "hi"]), silence];
    expect(messages.flatMap((message) => turns.take(message, 600)).at(-1)).toEqual({ kind: "ended", text: "haan fine", languages: ["hi", "en"], silentForMs: 600 });
  });

  /** What a vendor may do with the stretches it was given, in any order that keeps each one's own. */
  const stretches = fc.array(fc.record({ words: fc.array(fc.constantFrom("haan", "kal", "paisa", "ok"), { maxLength: 4 }), endsTurn: fc.boolean(), lateBy: fc.nat({ max: 12 }), streams: fc.boolean() }), { minLength: 1, maxLength: 8 });

  test("whatever is late, every word is told once, in order, in turns that begin and end", () => {
    fc.assert(
      fc.property(stretches, (given) => {
        const turns = transcriptionTurns();
        const events: HearingEvent[] = [];
        const late: { due: number; message: TranscriptionMessage }[] = [];
        let now = 0;
        const take = (message: TranscriptionMessage): void => {
          events.push(...turns.take(message, 0));
          now += 1;
          for (const entry of late.splice(0)) {
            if (entry.due <= now) events.push(...turns.take(entry.message, 0));
            else late.push(entry);
          }
        };
        given.forEach(({ words, endsTurn, lateBy, streams }, nth) => {
          take(sound);
          if (streams) for (const word of words) take(delta(`i${nth}`, ` ${word}`));
          take(pause);
          take(committed(`i${nth}`));
          late.push({ due: now + lateBy, message: completed(`i${nth}`, words.join(" ")) });
          if (endsTurn || nth === given.length - 1) take(silence);
        });
        for (const entry of late) events.push(...turns.take(entry.message, 0));
        let isOpen = false;
        for (const event of events) {
          expect(isOpen).toBe(event.kind !== "started");
          isOpen = event.kind !== "ended";
        }
        expect(isOpen).toBe(false);
        expect(events.flatMap((event) => (event.kind === "ended" && event.text !== "" ? [event.text] : [])).join(" ")).toBe(given.flatMap((stretch) => stretch.words).join(" "));
        expect(turns.isOwed).toBe(false);
      }),
    );
  });
});
