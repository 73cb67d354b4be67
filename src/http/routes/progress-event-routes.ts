import type { Clock } from "../../domain/clock.ts";
import { Refusal } from "../../domain/errors.ts";
import type { CampaignUseCases } from "../ports.ts";
import { progressEvents } from "../progress-events.ts";
import { noContent } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { campaignParams } from "./campaign-routes.ts";

/** Open streams of one key in this process. */
const mostStreams = 20;

/** Live progress as Server-Sent Events. */
export function progressEventRoutes(deps: { clock: Clock; campaigns: Pick<CampaignUseCases, "progress"> }): Route[] {
  const open = new Map<string, number>();
  return [
    defineRoute({
      method: "get",
      path: "/v1/campaigns/:campaign_id/events",
      tag: "Campaigns",
      summary: "Progress as Server-Sent Events: `progress` on every change, `end` when the campaign is over; then the stream is closed",
      scope: "campaigns:read",
      params: campaignParams,
      answer: { status: 200, media: ["text/event-stream"] },
      problems: ["campaign_not_found", "too_many_streams"],
      async handle({ caller, params, signal }) {
        const input = { accountId: caller.accountId, campaignId: params.campaign_id, signal };
        // A foreign campaign is refused before the stream begins.
        await deps.campaigns.progress(input);
        // Who has left already is told nothing and holds no place.
        if (signal.aborted) return noContent;
        const streams = open.get(caller.apiKeyId) ?? 0;
        if (streams >= mostStreams) throw new Refusal(429, "too_many_streams", `expected at most ${mostStreams} open streams of one key`);
        open.set(caller.apiKeyId, streams + 1);
        signal.addEventListener("abort", () => open.set(caller.apiKeyId, (open.get(caller.apiKeyId) ?? 1) - 1), { once: true });
        return { kind: "events", events: progressEvents({ clock: deps.clock, progress: (of) => deps.campaigns.progress(of) }, input) };
      },
    }),
  ];
}
