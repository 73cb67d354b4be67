import type { Ledger } from "./ledger.ts";

/** How long people waited for replies, and how long the vendors of this world took for their parts; in its own milliseconds. */
export interface WorldLatencies {
  /** From the last sample of a person's speech to the first of the reply in its ear. */
  replies: { turns: number; p50Ms: number | null; p95Ms: number | null };
  /** Medians: silence and telling until a turn was called over, one answer's first token, one text's first sound. */
  vendors: { endOfTurnMs: number | null; firstTokenMs: number | null; firstSoundMs: number | null };
}

/** Reads the latencies of a world off its ledger. */
export function worldLatencies(ledger: Ledger): WorldLatencies {
  const gaps = ledger.calls().flatMap(({ callSid }) => ledger.replyGaps(callSid).map((gap) => gap.gapMs));
  const drawn = { endOfTurn: [] as number[], firstToken: [] as number[], firstSound: [] as number[] };
  for (const { what, fields } of ledger.eventsOf("service")) {
    const number = (name: string): number => (typeof fields[name] === "number" ? fields[name] : 0);
    if (what === "turn_ended") drawn.endOfTurn.push(number("silent_ms") + number("told_after_ms"));
    if (what === "answered") drawn.firstToken.push(number("first_token_ms"));
    if (what === "began") drawn.firstSound.push(number("first_sound_ms"));
  }
  return {
    replies: { turns: gaps.length, p50Ms: percentile(gaps, 0.5), p95Ms: percentile(gaps, 0.95) },
    vendors: { endOfTurnMs: percentile(drawn.endOfTurn, 0.5), firstTokenMs: percentile(drawn.firstToken, 0.5), firstSoundMs: percentile(drawn.firstSound, 0.5) },
  };
}

function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.ceil(share * sorted.length) - 1];
  return value === undefined ? null : Math.round(value);
}
