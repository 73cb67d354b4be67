import { expect, test } from "vitest";
import { newLedger } from "../../src/simulator/ledger.ts";
import { worldLatencies } from "../../src/simulator/world-latencies.ts";
import { manualClock } from "../support/clock.ts";

test("what people waited and what the vendors took of it are read off the ledger", () => {
  const ledger = newLedger(manualClock("2026-12-01T10:00"));
  for (const [index, gapMs] of [600, 800, 2_000].entries()) {
    const end = 80_000 * (index + 1);
    ledger.record({ kind: "said", text: "haan", startSample: end - 4_000, endSample: end, finished: true }, "CA1");
    ledger.record({ kind: "heard", word: "ji", startSample: end + gapMs * 8, endSample: end + gapMs * 8 + 1_000 }, "CA1");
  }
  ledger.record({ kind: "created", to: "+916000001001", from: "+14155550100", persona: "pays", form: {} }, "CA1");
  ledger.record({ kind: "service", service: "deepgram", what: "turn_ended", fields: { silent_ms: 300, told_after_ms: 100 } });
  ledger.record({ kind: "service", service: "openai", what: "answered", fields: { first_token_ms: 350.4 } });
  ledger.record({ kind: "service", service: "openai", what: "aborted", fields: { first_token_ms: 9_000 } });
  ledger.record({ kind: "service", service: "elevenlabs", what: "began", fields: { first_sound_ms: 130 } });
  expect(worldLatencies(ledger)).toEqual({
    replies: { turns: 3, p50Ms: 800, p95Ms: 2_000 },
    vendors: { endOfTurnMs: 400, firstTokenMs: 350, firstSoundMs: 130 },
  });
});

test("a world in which nobody spoke has none", () => {
  expect(worldLatencies(newLedger(manualClock("2026-12-01T10:00"))).replies).toEqual({ turns: 0, p50Ms: null, p95Ms: null });
});
