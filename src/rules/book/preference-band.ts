import { closesAt, type DailyWindow } from "../daily-window.ts";
import { allBands, preferenceBands } from "../data/preference-codes.ts";
import { cannotDecide, type ContactRule, mayCall, never, waitUntil } from "../rule.ts";
import { dailyWindow } from "../window-verdict.ts";

const bandWindows = new Map<number, DailyWindow>(Object.entries(preferenceBands).map(([code, band]) => [Number(code), dailyWindow(band)]));

/**
 * Hours that the subscriber closed. They are kept also against a registered consent: consent speaks of whether, not of
 * when. A subscriber can open the bands before 10:00 and after 21:00; that is never used.
 */
export const preferenceBand: ContactRule = {
  id: "preference-band",
  title: "A promotional call does not start in a time band that the subscriber blocked",
  citations: ["TCCCPR 2018, Schedule II (time bands (i) to (ix))"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide({ purpose, preference }, nowMs) {
    if (purpose !== "promotional") return mayCall();
    if (preference === "unknown") return cannotDecide("preference");
    if (preference === null || preference.scheme !== "partial" || preference.bands.length === 0) return mayCall();
    if (preference.bands.includes(allBands)) return never("preference_band", "the subscriber blocked every time band");
    let atMs = nowMs;
    for (let step = 0; step <= bandWindows.size; step += 1) {
      const opening = bandEnd(preference.bands, atMs);
      if (opening === null) return atMs === nowMs ? mayCall() : waitUntil(atMs, "preference_band", "the subscriber blocked this time band");
      atMs = opening;
    }
    return never("preference_band", "the subscriber blocked every time band");
  },
};

function bandEnd(codes: readonly number[], atMs: number): number | null {
  for (const code of codes) {
    const window = bandWindows.get(code);
    const end = window && closesAt(window, atMs);
    if (typeof end === "number") return end;
  }
  return null;
}
