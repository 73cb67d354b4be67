import { z } from "zod";
import type { CampaignState } from "../domain/campaign.ts";
import type { ContactState } from "../domain/contact.ts";

const plannersNote = z.array(z.looseObject({ reason: z.string(), contacts: z.number(), until: z.string().nullable(), detail: z.string().optional() }));

/** One reason why contacts are not being dialed, in wire names; `until` null: nobody can say when it ends. */
export type NotDialing = z.infer<typeof plannersNote>[number];

/** Contacts by state, and within a state by the reason they are there. */
export type Funnel = Record<ContactState, { contacts: number; reasons: Record<string, number> }>;

/** A campaign's line and what its planner last noted. */
export interface NotedCampaign {
  state: CampaignState;
  paused_because: string | null;
  started_at: Date | null;
  reasons: unknown;
  noted_at: Date | null;
}

/** The planner writes its note anew at least every 20 s; silence for this long means that nobody is planning. */
const plannerSilentMs = 60_000;

/**
 * Why a campaign is not dialing. The planner's note speaks of running campaigns, every other state is its own reason; where nothing
 * will dial as things stand, those are told too whom no planner will ever take up.
 */
export function whyNotDialing(campaign: NotedCampaign, funnel: Funnel, nowMs: number | null): NotDialing[] {
  const contacts = funnel.waiting.contacts;
  switch (campaign.state) {
    case "running":
      // While somebody can still be called, the others are no reason why nobody is.
      return [...plannersReasons(campaign, contacts, nowMs), ...(contacts + funnel.planned.contacts > 0 ? [] : leftAlone(funnel))];
    case "paused":
      return [{ reason: "paused", contacts, until: null, ...(campaign.paused_because === null ? {} : { detail: campaign.paused_because }) }, ...leftAlone(funnel)];
    case "draft": {
      const isEmpty = Object.values(funnel).every((line) => line.contacts === 0);
      const empty: NotDialing[] = isEmpty ? [{ reason: "no_contacts", contacts: 0, until: null }] : [];
      return [{ reason: "not_started", contacts, until: null }, ...empty, ...leftAlone(funnel)];
    }
    case "finished":
    case "cancelled":
      return contacts === 0 ? [] : [{ reason: campaign.state, contacts, until: null }];
  }
}

function plannersReasons(campaign: NotedCampaign, contacts: number, nowMs: number | null): NotDialing[] {
  const noted = campaign.reasons === null ? [] : plannersNote.parse(campaign.reasons);
  if (nowMs === null || contacts === 0 || nowMs - lastHeardMs(campaign) < plannerSilentMs) return noted;
  return [{ reason: "no_planner", contacts, until: null, detail: "no dialer process has planned calls for a minute" }, ...noted];
}

/** When the campaign's planner was last heard of; a campaign started just now has not been noted yet. */
function lastHeardMs(campaign: NotedCampaign): number {
  return Math.max(campaign.noted_at?.getTime() ?? 0, campaign.started_at?.getTime() ?? 0);
}

/** Contacts that wait for nothing: they may not be called, or a person has to look at them first. */
function leftAlone(funnel: Funnel): NotDialing[] {
  return (["blocked", "held"] as const).flatMap((state) => {
    const { contacts, reasons } = funnel[state];
    if (contacts === 0) return [];
    const detail = Object.entries(reasons).map(([reason, count]) => `${reason}: ${count}`).join(", ");
    return [{ reason: state, contacts, until: null, ...(detail === "" ? {} : { detail }) }];
  });
}
