import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startPlayer } from "../../src/talk/player.ts";
import { frameBytes, silenceByte } from "../../src/talk/ports.ts";
import { manualClock } from "../support/clock.ts";
import { scriptedLine } from "./scripted-line.ts";

function rig() {
  const clock = manualClock("2026-12-01T10:00");
  const line = scriptedLine(clock);
  const events: string[] = [];
  const marks: string[] = [];
  line.listen({ onFrame: () => undefined, onMark: (name) => void marks.push(name), onDigit: () => undefined, onClosed: () => undefined });
  const player = startPlayer({
    clock,
    line,
    events: {
      onFirstFrame: (id) => void events.push(`first ${id}`),
      onSoundDone: (id, ms) => void events.push(`done ${id} ${Math.round(ms)}`),
      onStarved: (id) => void events.push(`starved ${id}`),
    },
  });
  return { clock, line, player, events, marks };
}
/** Sound whose bytes tell their place. */
const sound = (bytes: number, from = 0): Uint8Array => Uint8Array.from({ length: bytes }, (_, at) => (from + at) % 251);

describe("the player", () => {
  test("plays every byte once and in order, whatever the sizes of the pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 8 }), (sizes, ends) => {
        const { clock, line, player } = rig();
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const wordEnds = [...new Set(ends.filter((end) => end <= total))].sort((a, b) => a - b).map((atByte, index) => ({ words: index + 1, atByte }));
        player.release("u1");
        let from = 0;
        sizes.forEach((size, index) => {
          player.add("u1", sound(size, from), index === 0 ? wordEnds : []);
          from += size;
          clock.advance(35);
        });
        player.finish("u1");
        clock.advance(60_000);
        const padded = Math.ceil(total / frameBytes) * frameBytes;
        const expected = new Uint8Array(padded).fill(silenceByte);
        expected.set(sound(total));
        expect(Buffer.compare(line.played(), Buffer.from(expected))).toBe(0);
        expect(line.mostAheadMs).toBeLessThanOrEqual(400);
      }),
      { numRuns: 60 },
    );
  });

  test("begins with a whole word, or with enough of one that its rest comes in time, but waits a tenth of a second at most", () => {
    const { clock, player, events } = rig();
    player.release("u1");
    player.add("u1", sound(800), []);
    clock.advance(60);
    expect(events).toEqual([]);
    player.add("u1", sound(800), []);
    expect(events).toEqual(["first u1"]);
    player.finish("u1");
    player.release("u2");
    player.add("u2", sound(800), [{ words: 1, atByte: 700 }]);
    expect(events).toContain("first u2");
    player.finish("u2");
    player.release("u3");
    player.add("u3", sound(800), []);
    clock.advance(99);
    expect(events).not.toContain("first u3");
    clock.advance(1);
    expect(events).toContain("first u3");
  });

  test("marks each word behind its last sample, and the end", () => {
    const { clock, player, marks } = rig();
    player.add("u1", sound(8_000), [{ words: 1, atByte: 1_601 }, { words: 2, atByte: 4_800 }, { words: 3, atByte: 7_999 }]);
    player.finish("u1");
    player.release("u1");
    clock.advance(219);
    expect(marks).toEqual([]);
    clock.advance(1);
    expect(marks).toEqual(["u1:1"]);
    clock.advance(380);
    expect(marks).toEqual(["u1:1", "u1:2"]);
    clock.advance(400);
    expect(marks).toEqual(["u1:1", "u1:2", "u1:3", "u1:end"]);
  });

  test("a word end that becomes known late is marked late, never early", () => {
    const { clock, player, marks } = rig();
    player.release("u1");
    player.add("u1", sound(1_600), []);
    clock.advance(150);
    player.add("u1", new Uint8Array(0), [{ words: 1, atByte: 800 }]);
    clock.advance(49);
    expect(marks).toEqual([]);
    clock.advance(1);
    expect(marks).toEqual(["u1:1"]);
  });

  test("sends a word whole when it fits, so that a late wake-up makes no hole in it", () => {
    const { player, line } = rig();
    player.add("u1", sound(8_000), [{ words: 1, atByte: 2_400 }, { words: 2, atByte: 4_800 }]);
    player.release("u1");
    expect(line.sent.map((piece) => piece.length)).toEqual([2_400]);
  });

  test("sound whose words are not known flows without a gap, far enough ahead", () => {
    const { clock, player, line, events } = rig();
    player.add("u1", sound(24_000), []);
    player.finish("u1");
    player.release("u1");
    expect(line.mostAheadMs).toBe(400);
    clock.advance(3_000);
    expect(line.played().length).toBe(24_000);
    expect(events).toEqual(["first u1", expect.stringMatching(/^done u1/)]);
  });

  test("holds back what is not released, and plays in the order of release without a gap", () => {
    const { clock, player, line, events } = rig();
    player.add("u2", sound(1_600, 100), []);
    player.finish("u2");
    clock.advance(1_000);
    expect(line.sent).toHaveLength(0);
    player.add("u1", sound(1_600), []);
    player.finish("u1");
    player.release("u1");
    player.release("u2");
    clock.advance(1_000);
    expect(events).toEqual(["first u1", "done u1 200", "first u2", "done u2 400"]);
    expect(Buffer.compare(line.played(), Buffer.concat([sound(1_600), sound(1_600, 100)]))).toBe(0);
  });

  test("clears at once and forgets what was waiting", () => {
    const { clock, player, line, marks } = rig();
    player.add("u1", sound(16_000), [{ words: 1, atByte: 800 }, { words: 2, atByte: 12_000 }]);
    player.finish("u1");
    player.release("u1");
    clock.advance(150);
    player.clear(["u1"]);
    expect(line.cleared).toBe(1);
    const sentBefore = line.sent.length;
    clock.advance(5_000);
    expect(line.sent).toHaveLength(sentBefore);
    expect(marks).toEqual(["u1:1"]);
    player.add("u1", sound(160), []);
    clock.advance(1_000);
    expect(line.sent).toHaveLength(sentBefore);
  });

  test("after a pause goes on from the end of any word, under a new name, with the words counted anew", () => {
    const { clock, player, line, marks, events } = rig();
    player.add("u1", sound(4_800), [{ words: 1, atByte: 1_601 }, { words: 2, atByte: 3_200 }, { words: 3, atByte: 4_800 }]);
    player.release("u1");
    clock.advance(300);
    player.pause(["u1"]);
    expect(line.cleared).toBe(1);
    clock.advance(500);
    player.add("u1", sound(1_600, 4_800), [{ words: 4, atByte: 6_400 }]);
    player.replay("u2", "u1", 1);
    player.add("u1", sound(1_600, 6_400), [{ words: 5, atByte: 8_000 }]);
    player.finish("u1");
    const before = line.played().length;
    expect(line.sent.reduce((sum, piece) => sum + piece.length, 0)).toBeLessThan(5_000);
    player.release("u2");
    clock.advance(2_000);
    const replayed = line.played().subarray(before);
    expect(Buffer.compare(replayed.subarray(0, 8_000 - 1_601), Buffer.from(sound(8_000).subarray(1_601)))).toBe(0);
    expect(marks.filter((mark) => mark.startsWith("u2"))).toEqual(["u2:1", "u2:2", "u2:3", "u2:4", "u2:end"]);
    expect(events.filter((event) => event.startsWith("first"))).toEqual(["first u1", "first u2"]);
  });

  test("sound without word ends is marked by its bytes, and what a clear brings back proves nothing", () => {
    const { clock, player, line, marks } = rig();
    player.add("u1", sound(16_000), null);
    player.release("u1");
    clock.advance(500);
    expect(marks).toEqual(["u1@1600", "u1@3200", "u1@4000"]);
    expect(marks.map((mark) => player.soundHeard(mark)?.bytes)).toEqual([1_600, 3_200, 4_000]);
    player.pause(["u1"]);
    clock.advance(100);
    expect(marks.length).toBeGreaterThan(3);
    expect(marks.map((mark) => player.soundHeard(mark))).toEqual(marks.map(() => undefined));
    const before = line.played().length;
    player.replay("u2", "u1", 3);
    player.finish("u1");
    player.release("u2");
    clock.advance(3_000);
    expect(Buffer.compare(line.played().subarray(before), Buffer.from(sound(16_000).subarray(4_000)))).toBe(0);
    expect(marks.at(-1)).toBe("u2:end");
  });

  test("after a pause may start over, or be given up", () => {
    const { clock, player, line } = rig();
    player.add("u1", sound(1_600), []);
    player.finish("u1");
    player.release("u1");
    clock.advance(100);
    player.pause(["u1"]);
    player.replay("u2", "u1", 0);
    player.release("u2");
    clock.advance(1_000);
    expect(Buffer.compare(line.played().subarray(-1_600), Buffer.from(sound(1_600)))).toBe(0);
    const sent = line.sent.length;
    player.pause(["u2"]);
    player.discard("u2");
    player.replay("u3", "u2", 0);
    player.release("u3");
    clock.advance(1_000);
    expect(line.sent).toHaveLength(sent);
  });

  test("says that it starves after 800 ms without sound in mid-utterance", () => {
    const { clock, player, events } = rig();
    player.release("u1");
    player.add("u1", sound(1_600), []);
    clock.advance(990);
    expect(events).toEqual(["first u1"]);
    clock.advance(20);
    expect(events).toEqual(["first u1", "starved u1"]);
  });

  test("R4.7: waits for a line that does not drain instead of piling sound up", () => {
    const { clock, player, line } = rig();
    line.stall(true);
    player.add("u1", sound(16_000), []);
    player.finish("u1");
    player.release("u1");
    clock.advance(60_000);
    expect(line.sent).toHaveLength(0);
    line.stall(false);
    clock.advance(3_000);
    expect(Buffer.compare(line.played(), Buffer.from(sound(16_000)))).toBe(0);
  });

  test("leaves no timer behind", () => {
    const { clock, player } = rig();
    player.release("u1");
    player.add("u1", sound(16_000), []);
    player.close();
    clock.advance(5_000);
    expect(clock.pending).toBe(0);
  });
});
