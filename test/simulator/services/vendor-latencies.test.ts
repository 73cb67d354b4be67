import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/domain/random.ts";
import { modulate } from "../../../src/simulator/modem.ts";
import { silence } from "../../../src/simulator/mulaw.ts";
import { fluxTurns } from "../../../src/simulator/services/deepgram/flux-turns.ts";
import { publishedLatencies } from "../../../src/simulator/services/vendor-latencies.ts";

const draws = <T>(draw: (random: ReturnType<typeof seededRandom>) => T): T[] => {
  const random = seededRandom(11);
  return Array.from({ length: 4_000 }, () => draw(random));
};
const share = (values: readonly number[], fraction: number): number => values.toSorted((a, b) => a - b)[Math.floor(fraction * values.length)] ?? 0;

describe("the vendors of a phone world take as long as published", () => {
  test("an end of turn: a median of 300 ms, one in twenty a second and a half, never within a pause between sentences", () => {
    const ends = draws(publishedLatencies.endOfTurn);
    expect(share(ends.map((one) => one.endMs), 0.5)).toBeLessThan(320);
    expect(share(ends.map((one) => one.endMs), 0.95)).toBeGreaterThan(1_300);
    expect(Math.min(...ends.map((one) => one.endMs))).toBeGreaterThanOrEqual(300);
    expect(ends.every((one) => one.eagerMs < one.endMs)).toBe(true);
    expect(share(ends.map((one) => one.endMs - one.eagerMs), 0.5)).toBeLessThan(170);
  });

  test("a first token: a median of 350 ms, one in twenty 700", () => {
    const firsts = draws(publishedLatencies.firstToken);
    expect(Math.abs(share(firsts, 0.5) - 350)).toBeLessThan(15);
    expect(Math.abs(share(firsts, 0.95) - 700)).toBeLessThan(50);
  });

  test("a first sound: never as little as the model alone is advertised with", () => {
    expect(Math.min(...draws(publishedLatencies.firstSound))).toBeGreaterThanOrEqual(100);
  });
});

describe("Flux's hesitation", () => {
  test("is drawn for each word, so that one long silence says nothing of the next", () => {
    const silences = [{ eagerMs: 200, endMs: 2_000 }, { eagerMs: 100, endMs: 300 }];
    let drawn = 0;
    const turns = fluxTurns({ model: "flux-general-multi", eotThreshold: 0.7, eagerEotThreshold: 0.3, eotTimeoutMs: 5_000, keyterms: [], languageHints: [] }, () => silences[Math.max(0, drawn++ - 1)] ?? { eagerMs: 100, endMs: 300 });
    const told = [modulate("haan"), silence(1_000 * 8), modulate("kal"), silence(400 * 8)].flatMap((audio) => turns.push(audio)).filter((info) => info.event !== "Update");
    expect(told.map((info) => info.event)).toEqual(["StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EagerEndOfTurn", "EndOfTurn"]);
  });
});
