import { createHash, randomBytes } from "node:crypto";

/** What the carrier names: a call, a media stream, a recording, a request. */
export type SidPrefix = "CA" | "MZ" | "RE" | "RQ";

/** Gives a carrier's id to the thing of that name: two letters and 32 hexadecimal digits. */
export type NewSid = (prefix: SidPrefix, name: string) => string;

/**
 * Ids that are never given twice, whatever world gives them: a dialer keeps its calls for years and restarts its world every
 * day. With a seed the same name gets the same id in every run, so that a run can be repeated; no two names get the same.
 */
export function sidsOf(seed: number | undefined): NewSid {
  if (seed === undefined) return (prefix) => prefix + randomBytes(16).toString("hex");
  return (prefix, name) => prefix + createHash("sha256").update(`${seed} ${prefix} ${name}`).digest("hex").slice(0, 32);
}
