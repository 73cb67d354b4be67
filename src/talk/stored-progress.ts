import { z } from "zod";
import { answeredByValues } from "../domain/attempt.ts";
import type { Progress } from "./conversation-state.ts";

const schema = z.object({
  verification: z.object({ verified: z.boolean(), attemptsLeft: z.int().nonnegative(), calleeTurnsAtLastTry: z.int().nonnegative() }),
  answering: z.object({
    carrier: z.enum(answeredByValues),
    phrases: z.array(z.object({ id: z.string(), kind: z.enum(["voicemail", "carrier_announcement"]) })),
    repeats: z.boolean(),
    silentToUs: z.boolean(),
    personTurns: z.int().nonnegative(),
    verdict: z.enum(answeredByValues).nullable(),
  }),
  toolCalls: z.int().nonnegative(),
});

/** Reads the `progress` column; undefined for a conversation of which no progress was ever written. Throws on anything else. */
export function storedProgress(column: unknown): Progress | undefined {
  return typeof column === "object" && column !== null && Object.keys(column).length === 0 ? undefined : schema.parse(column);
}
