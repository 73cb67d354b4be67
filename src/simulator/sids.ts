import { randomBytes } from "node:crypto";
import type { Random } from "../domain/random.ts";

/** What the carrier names: a call, a media stream, a recording, a request. */
export type SidPrefix = "CA" | "MZ" | "RE" | "RQ";

/** Gives the next carrier's id: two letters and 32 hexadecimal digits. */
export type NewSid = (prefix: SidPrefix, random: Random) => string;

/**
 * Ids that are never given twice, whatever world gives them: a dialer keeps its calls for years and restarts its world every
 * day. With a seed they are drawn from the thing's own chance, so that a run can be repeated, ids included. It is drawn
 * from in both cases: what befalls a call afterwards is the same.
 */
export function sidsOf(seed: number | undefined): NewSid {
  return (prefix, random) => {
    const drawn = random.bytes(16);
    return prefix + Buffer.from(seed === undefined ? randomBytes(16) : drawn).toString("hex");
  };
}
