import { type Clock, pause } from "../domain/clock.ts";
import type { CampaignUseCases, OfCampaign } from "./ports.ts";
import type { ServerEvent } from "./reply.ts";

const lookEveryMs = 1_000;
const silenceMs = 15_000;
/** A stream ends now and then, so that a revoked key or a changed scope takes hold; listeners come back by themselves. */
const longestMs = 15 * 60_000;

/** A campaign's progress whenever it changes, as events `progress`; a comment in between keeps proxies from closing the line. */
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
    await pause(deps.clock, lookEveryMs, input.signal);
  }
}
