import { describe, expect, test } from "vitest";
import { newTogether } from "../../src/dial/together.ts";

/** A run that waits to be let go, and says which items it was given. */
function gatedRuns() {
  const given: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const run = async (items: readonly number[]): Promise<number[]> => {
    given.push(items);
    await new Promise<void>((resolve) => gates.push(resolve));
    return items.map((item) => item * 10);
  };
  const letGo = async (): Promise<void> => {
    gates.shift()?.();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { given, run, letGo };
}

describe("what is done together", () => {
  test("a lone item is served at once; those that come meanwhile share the next run, and each gets its own answer", async () => {
    const { given, run, letGo } = gatedRuns();
    const together = newTogether<number, number>({ most: 3 });
    const answers = [1, 2, 3, 4, 5].map((item) => together(item, run));
    expect(given).toEqual([[1]]);
    await letGo();
    expect(given).toEqual([[1], [2, 3, 4]]);
    await letGo();
    await letGo();
    expect(given).toEqual([[1], [2, 3, 4], [5]]);
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50]);
  });

  test("as many runs as allowed are under way at once", async () => {
    const { given, run, letGo } = gatedRuns();
    const together = newTogether<number, number>({ most: 10, runs: 2 });
    const answers = [1, 2, 3, 4].map((item) => together(item, run));
    expect(given).toEqual([[1], [2]]);
    await letGo();
    expect(given).toEqual([[1], [2], [3, 4]]);
    await letGo();
    await letGo();
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40]);
  });

  const outcomes = (all: readonly Promise<number>[]) =>
    Promise.allSettled(all).then((settled) => settled.map((each) => (each.status === "fulfilled" ? each.value : String(each.reason))));

  test("an item that cannot be served does not take its company with it", async () => {
    const runs: (readonly number[])[] = [];
    const run = async (items: readonly number[]): Promise<number[]> => {
      runs.push(items);
      if (items.includes(3)) throw new Error("three");
      return [...items];
    };
    const together = newTogether<number, number>({ most: 10, aloneAfterFailure: true });
    expect(await outcomes([1, 2, 3, 4].map((item) => together(item, run)))).toEqual([1, 2, "Error: three", 4]);
    expect(runs).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  });

  test("a fault that is nobody's own is not met by everybody one by one", async () => {
    let runs = 0;
    const run = async (): Promise<number[]> => {
      runs += 1;
      throw new Error("away");
    };
    const together = newTogether<number, number>({ most: 50, aloneAfterFailure: true });
    expect(new Set(await outcomes(Array.from({ length: 30 }, (_, item) => together(item, run))))).toEqual(new Set(["Error: away"]));
    expect(runs).toBe(4);
  });

  test("without leave to repeat, a failed run fails all its items, and the next run goes on", async () => {
    let runs = 0;
    const run = async (items: readonly number[]): Promise<number[]> => {
      runs += 1;
      if (runs === 2) throw new Error("lost");
      return [...items];
    };
    const together = newTogether<number, number>({ most: 2 });
    expect(await outcomes([1, 2, 3, 4].map((item) => together(item, run)))).toEqual([1, "Error: lost", "Error: lost", 4]);
    expect(runs).toBe(3);
  });

  test("a run that does not answer for every item fails", async () => {
    const together = newTogether<number, number>({ most: 2 });
    await expect(together(1, async () => [])).rejects.toThrow("expected 1 answers");
  });
});
