import { setTimeout as realPause } from "node:timers/promises";
import { z } from "zod";
import { type Clock, istFromMs } from "../domain/clock.ts";
import type { ApiClient } from "./api-client.ts";
import type { DemoCampaign } from "./steps.ts";

const state = z.looseObject({ contacts: z.number(), reasons: z.record(z.string(), z.number()) });
const progress = z.looseObject({
  state: z.string(),
  contacts: z.number(),
  live_calls: z.number(),
  funnel: z.object({ waiting: state, planned: state, done: state, exhausted: state, blocked: state, held: state, cancelled: state }),
  not_dialing_because: z.array(z.looseObject({ reason: z.string(), contacts: z.number(), until: z.string().nullable() })),
});
export type DemoProgress = z.infer<typeof progress>;

export interface Watching {
  api: ApiClient;
  clock: Clock;
  campaigns: readonly DemoCampaign[];
  /** Called at every look with the clock's now and what each campaign shows. */
  show(nowMs: number, views: readonly DemoProgress[]): void;
  /** A promotional campaign went over midnight: the law wants its list scrubbed again. */
  scrubAgain(campaign: DemoCampaign): Promise<void>;
  /** Moves every clock of the demo forward. */
  jumpTo(epochMs: number): void;
  /** Called when nothing is left to do before an instant, and the clock is moved there. */
  skipped(fromMs: number, toMs: number, because: string): void;
}

const lookEveryMs = 250;
/** Calls that fall due within this time of each other are waited for together. */
const togetherMs = 10 * 60_000;
/** Looks that must agree that nothing is under way before the clock is moved. */
const quietLooks = 2;
/** Real time after which the demo is given up as stuck. */
const giveUpAfterMs = 240_000;

/**
 * Watches the campaigns until all have finished. When nothing is live and everybody waits for a later hour (a retry, a
 * promised callback), the clock is moved to the next of these instants instead of being waited for.
 */
export async function watchCampaigns(watching: Watching): Promise<void> {
  const { api, clock } = watching;
  const startedMs = performance.now();
  let quiet = 0;
  while (performance.now() - startedMs < giveUpAfterMs) {
    const views = await Promise.all(watching.campaigns.map((campaign) => api.get(`/v1/campaigns/${campaign.id}/progress`, progress)));
    watching.show(clock.nowMs(), views);
    if (views.every((view) => view.state === "finished")) return;
    for (const [index, campaign] of watching.campaigns.entries()) {
      if (views[index]?.not_dialing_because.some(({ reason, contacts }) => reason === "missing_scrub" && contacts > 0)) await watching.scrubAgain(campaign);
    }
    const next = nextInstant(views, clock.nowMs());
    quiet = next === undefined ? 0 : quiet + 1;
    if (next !== undefined && quiet >= quietLooks) {
      const atMs = next.atMs + togetherMs;
      watching.skipped(clock.nowMs(), atMs, next.because);
      watching.jumpTo(atMs);
      quiet = 0;
    }
    await realPause(lookEveryMs);
  }
  throw new Error("expected every campaign to finish within four minutes; the last progress shown says what it waits for");
}

/** The next instant at which anything happens, when nothing happens now. */
function nextInstant(views: readonly DemoProgress[], nowMs: number): { atMs: number; because: string } | undefined {
  const unfinished = views.filter((view) => view.state === "running");
  if (unfinished.some((view) => view.live_calls > 0 || view.funnel.planned.contacts > 0)) return undefined;
  if (unfinished.some((view) => view.not_dialing_because.length === 0)) return undefined;
  const instants = unfinished
    .flatMap((view) => view.not_dialing_because)
    .filter((reason) => reason.contacts > 0)
    .map((reason) => ({ atMs: reason.until === null ? Number.NaN : Date.parse(reason.until), because: reason.reason }));
  if (instants.some((instant) => Number.isNaN(instant.atMs))) return undefined;
  const later = instants.filter((instant) => instant.atMs > nowMs + 1_000).sort((a, b) => a.atMs - b.atMs);
  return later.length === instants.length ? later[0] : undefined;
}

export const clockText = (epochMs: number): string => istFromMs(epochMs).toFormat("ccc d LLL HH:mm:ss");
