import type { VendorLatencies } from "../../src/simulator/services/vendor-latencies.ts";
import { phoneRig } from "../talk/phone-rig.ts";
import type { BenchResult } from "./bench-result.ts";
import { type AnsweredTurn, answeredTurns, type SteadyVendors, vendorPathMs } from "./reply-turns.ts";

/** The medians of what vendors publish, for every turn alike: what is above them is ours. */
const steady: SteadyVendors = { eagerSilenceMs: 150, endSilenceMs: 300, listeningMs: 100, firstTokenMs: 350, tokenGapMs: 17, firstSoundMs: 137 };
const steadyLatencies: VendorLatencies = {
  endOfTurn: () => ({ eagerMs: steady.eagerSilenceMs, endMs: steady.endSilenceMs }),
  listening: () => steady.listeningMs,
  firstToken: () => steady.firstTokenMs,
  tokenGap: () => steady.tokenGapMs,
  firstSound: () => steady.firstSoundMs,
};
/** What the design promises. */
const promisedMs = 500;
const bars = { p50: 1.2, p95: 1.3 } as const;
/** Calls begin so far apart, as a dialer places them. */
const apartMs = 250;

/**
 * How long a person waits for an answer, at the speed of life, from the last sample of its speech to the first of the
 * reply in its ear. The reference is the sum of the vendors' times on the critical path of the same turns. Bars: at most 1.2 times
 * that at the median and 1.3 times at the 95th percentile, alone and among others; our own count within 40 ms of the ear's.
 */
export async function benchReply(options: { calls: number; published: boolean }): Promise<BenchResult[]> {
  const alone = await turnsOf(1, steadyLatencies);
  const together = await turnsOf(options.calls, steadyLatencies);
  return [
    ...againstVendors("one call", alone),
    ...againstVendors(`${options.calls} calls at once`, together),
    ownCount(together),
    ...(options.published ? asPublished(await turnsOf(options.calls), options.calls) : []),
  ];
}

async function turnsOf(calls: number, latencies: Partial<VendorLatencies> = {}): Promise<AnsweredTurn[]> {
  const rig = await phoneRig({ rate: 1, world: { assign: () => "pays", services: { latencies } } });
  try {
    const talked = await Promise.all(
      Array.from({ length: calls }, async (_, index) => {
        await new Promise((resolve) => rig.clock.setTimer(index * apartMs, () => resolve(undefined)));
        return rig.talk(`+9160000${String(10_000 + index * 7)}`);
      }),
    );
    return talked.flatMap(({ callSid, recording }) => answeredTurns(recording, rig.world.ledger.replyGaps(callSid)));
  } finally {
    await rig.close();
  }
}

function againstVendors(what: string, turns: readonly AnsweredTurn[]): BenchResult[] {
  const heard = turns.map((turn) => turn.heardMs);
  const vendors = turns.map((turn) => vendorPathMs(turn, steady));
  return (["p50", "p95"] as const).map((name) => {
    const value = percentile(heard, name);
    const reference = percentile(vendors, name);
    return { bench: "reply", measure: `${what}, ${turns.length} turns: reply in the person's ear, ${name}`, value, unit: "ms", reference, bar: `≤ ${bars[name]} × vendors`, met: value <= bars[name] * reference };
  });
}

function ownCount(turns: readonly AnsweredTurn[]): BenchResult {
  const value = percentile(turns.flatMap(({ heardMs, countedMs }) => (countedMs === null ? [] : [Math.abs(heardMs - countedMs)])), "p95");
  return { bench: "reply", measure: "our own count beside the person's ear, p95", value, unit: "ms", bar: "≤ 40 ms", met: value <= 40 };
}

function asPublished(turns: readonly AnsweredTurn[], calls: number): BenchResult[] {
  return (["p50", "p95"] as const).map((name) => {
    const value = percentile(turns.map((turn) => turn.heardMs), name);
    const bar = name === "p50" ? `≤ ${promisedMs} ms` : "–";
    return { bench: "reply", measure: `${calls} calls, vendors as published: reply in the person's ear, ${name}`, value, unit: "ms", bar, met: name !== "p50" || value <= promisedMs };
  });
}

function percentile(values: readonly number[], name: "p50" | "p95"): number {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.ceil((name === "p50" ? 0.5 : 0.95) * sorted.length) - 1] ?? Number.NaN);
}
