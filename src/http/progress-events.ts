import { type Clock, pause } from "../domain/clock.ts";
import type { CampaignUseCases, OfCampaign } from "./ports.ts";
import type { ServerEvent } from "./reply.ts";
import type { progressWire } from "./wire/campaign-wire.ts";
import type { Wire } from "./wire/common-wire.ts";

const lookEveryMs = 1_000;
const silenceMs = 15_000;
/** A stream ends now and then, so that a revoked key or a changed scope takes hold; listeners come back by themselves. */
const longestMs = 15 * 60_000;

/**
 * A campaign's progress whenever it changes, as events `progress`; a comment in between keeps proxies from closing the line. Once
 * nothing can change any more an event `end` follows the last progress, and the stream is closed: who listens need not come back.
 */
export async function* progressEvents(
  deps: { clock: Clock; progress: CampaignUseCases["progress"] },
  input: OfCampaign & { signal: AbortSignal },
): AsyncGenerator<ServerEvent> {
  const startedMs = deps.clock.nowMs();
  let shown = "";
  let spokeMs = startedMs;
  while (!input.signal.aborted && deps.clock.nowMs() - startedMs < longestMs) {
    const progress = await deps.progress(input);
    const text = JSON.stringify(progress);
    if (text !== shown) {
      yield { event: "progress", data: progress };
      shown = text;
      spokeMs = deps.clock.nowMs();
    } else if (deps.clock.nowMs() - spokeMs >= silenceMs) {
      yield { comment: "still here" };
      spokeMs = deps.clock.nowMs();
    }
    if (isOver(progress)) {
      yield { event: "end", data: { campaign_id: progress.campaign_id, state: progress.state } };
      return;
    }
    await pause(deps.clock, lookEveryMs, input.signal);
  }
}

/** Finished, or cancelled and wound down: nobody waits, nobody is being called. */
function isOver({ state, funnel, live_calls: liveCalls }: Wire<typeof progressWire>): boolean {
  const isFinal = state === "finished" || state === "cancelled";
  return isFinal && liveCalls === 0 && funnel.waiting.contacts === 0 && funnel.planned.contacts === 0;
}
