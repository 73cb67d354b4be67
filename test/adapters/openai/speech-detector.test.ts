import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { speechDetector } from "../../../src/adapters/openai/speech-detector.ts";
import { modulate } from "../../../src/simulator/modem.ts";
import { muLawFromLinear } from "../../../src/simulator/mulaw.ts";

/** Sound of a loudness (of 32,768) for so many ms. */
function sound(ms: number, level: number): Uint8Array {
  return Uint8Array.from({ length: ms * 8 }, (_, at) => muLawFromLinear(at % 2 === 0 ? level : -level));
}
const still = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(0xff);

function detect(parts: readonly Uint8Array[], options: { longestStretchMs?: number; portion?: number } = {}) {
  const told: string[] = [];
  let atMs = 0;
  const detector = speechDetector(
    { onSound: () => told.push(`sound ${atMs}`), onPause: () => told.push(`pause ${atMs}`), onSilence: () => told.push(`silence ${atMs}`), onLongStretch: () => told.push(`long ${atMs}`) },
    { longestStretchMs: options.longestStretchMs ?? Number.POSITIVE_INFINITY },
  );
  const audio = Buffer.concat(parts);
  const portion = options.portion ?? 160;
  for (let at = 0; at < audio.length; at += portion) {
    atMs = Math.min(audio.length, at + portion) / 8;
    detector.push(audio.subarray(at, at + portion));
  }
  return { told, detector };
}

describe("the detector of speech", () => {
  test("tells of sound after 60 ms, of a pause after 250 ms and of silence after 600 ms of stillness", () => {
    const { told, detector } = detect([still(400), sound(400, 5_000), still(900)]);
    expect(told).toEqual(["sound 460", "pause 1060", "silence 1400"]);
    expect(detector.silentForMs()).toBe(900);
  });

  test("a pause that ends is the same speech", () => {
    expect(detect([sound(300, 5_000), still(400), sound(300, 5_000), still(700)]).told).toEqual(["sound 60", "pause 560", "sound 760", "pause 1260", "silence 1600"]);
  });

  test("a gap between words is no pause", () => {
    expect(detect([sound(300, 5_000), still(200), sound(300, 5_000), still(200), sound(300, 5_000)]).told).toEqual(["sound 60"]);
  });

  test("neither a click nor faint noise is sound, and a click in a pause does not prolong it", () => {
    expect(detect([sound(20, 20_000), still(300), sound(20, 20_000), sound(3_000, 200)]).told).toEqual([]);
    expect(detect([sound(300, 5_000), still(300), sound(20, 20_000), still(300)]).told).toEqual(["sound 60", "pause 560", "silence 900"]);
  });

  test("steady noise becomes silence within some seconds, and who speaks above it is heard", () => {
    const { told } = detect([sound(6_000, 900), sound(500, 6_000), sound(1_000, 900)]);
    expect(told.at(-3)).toBe("sound 6060");
    expect(told.slice(-2)).toEqual(["pause 6760", "silence 7100"]);
    expect(told.length).toBeLessThanOrEqual(6);
  });

  test("speech goes on for as long as it goes on, cut where it must be", () => {
    expect(detect([modulate("word ".repeat(40))], { longestStretchMs: 5_000 }).told.filter((one) => one.startsWith("long"))).toHaveLength(2);
    expect(detect([modulate("word ".repeat(40))]).told).toEqual(["sound 60"]);
  });

  test("a hint makes a turn of what is too low to hear, and ends it some time after the last one", () => {
    const { told, detector } = detect([still(1_000)]);
    detector.hint();
    detector.push(still(500));
    detector.hint();
    expect(told).toEqual([]);
    detector.push(still(840));
    expect(told).toEqual([]);
    detector.push(still(20));
    expect(told).toEqual(["pause 1000"]);
    detector.push(still(400));
    expect(told).toEqual(["pause 1000", "silence 1000"]);
    expect(detector.silentForMs()).toBeNull();
  });

  test("what is ignored is no speech before it has paused", () => {
    const { told, detector } = detect([sound(300, 5_000)]);
    detector.ignoreUntilStill();
    detector.push(sound(500, 5_000));
    detector.push(still(260));
    expect(told).toEqual(["sound 60"]);
    detector.push(sound(100, 5_000));
    expect(told).toEqual(["sound 60", "sound 300"]);
  });

  test("the portions of the audio do not matter", () => {
    const parts = [still(100), sound(300, 4_000), still(300), sound(100, 9_000), still(800)];
    const kinds = (portion: number): string[] => detect(parts, { portion }).told.map((one) => one.split(" ")[0] ?? "");
    fc.assert(fc.property(fc.integer({ min: 1, max: 4_000 }), (portion) => void expect(kinds(portion)).toEqual(kinds(160))), { numRuns: 40 });
  });
});
