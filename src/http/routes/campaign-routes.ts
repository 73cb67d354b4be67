import { z } from "zod";
import type { CampaignId } from "../../domain/ids.ts";
import { pageOfWhole } from "../../domain/page.ts";
import { defined } from "../defined.ts";
import type { CampaignUseCases } from "../ports.ts";
import { created, ok } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { campaignPatchWire, campaignWire, newCampaignWire, preflightWire, progressWire, reportWire, startWire } from "../wire/campaign-wire.ts";
import { idOf, namedPageQuery, pageOf, pageQuery, pageWire } from "../wire/common-wire.ts";

const tag = "Campaigns";
export const campaignParams = z.strictObject({ campaign_id: idOf<CampaignId>("a campaign") });
const notFound = "campaign_not_found";

/** Create, see, change, start and stop campaigns. */
export function campaignRoutes(campaigns: CampaignUseCases): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/campaigns",
      tag,
      summary: "Create a campaign from a definition or a template",
      scope: "campaigns:write",
      audit: { action: "campaign.created", subject: "id" },
      body: newCampaignWire,
      answer: { status: 201, schema: campaignWire },
      problems: ["definition_or_template", "unknown_template", "invalid_definition"],
      async handle({ caller, body }) {
        return created(await campaigns.create(defined({ accountId: caller.accountId, ...sentJson(body) })));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/campaigns",
      tag,
      summary: "List campaigns, newest first",
      scope: "campaigns:read",
      query: pageQuery,
      answer: { status: 200, schema: pageWire(campaignWire) },
      async handle({ caller, query }) {
        return ok(pageOf(await campaigns.list(defined({ accountId: caller.accountId, ...query }))));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/templates",
      tag,
      summary: "Names of the definitions that ship with the deployment",
      scope: "campaigns:read",
      query: namedPageQuery,
      answer: { status: 200, schema: pageWire(z.string()) },
      handle: async ({ query }) => ok(pageOf(pageOfWhole(await campaigns.templates(), defined(query), (name) => name))),
    }),
    defineRoute({
      method: "get",
      path: "/v1/campaigns/:campaign_id",
      tag,
      summary: "Show a campaign",
      scope: "campaigns:read",
      params: campaignParams,
      answer: { status: 200, schema: campaignWire },
      problems: [notFound],
      handle: async ({ caller, params }) => ok(await campaigns.show({ accountId: caller.accountId, campaignId: params.campaign_id })),
    }),
    defineRoute({
      method: "patch",
      path: "/v1/campaigns/:campaign_id",
      tag,
      summary: "Change name, weight, limits or window; a draft in everything",
      scope: "campaigns:write",
      audit: { action: "campaign.changed", subject: "campaign_id" },
      params: campaignParams,
      body: campaignPatchWire,
      answer: { status: 200, schema: campaignWire },
      problems: [notFound, "wrong_state", "follows_template", "invalid_definition"],
      handle: async ({ caller, params, body }) =>
        ok(await campaigns.patch({ accountId: caller.accountId, campaignId: params.campaign_id, patch: sentJson(body) })),
    }),
    ...lifecycleRoutes(campaigns),
    ...viewRoutes(campaigns),
  ];
}

function lifecycleRoutes(campaigns: CampaignUseCases): Route[] {
  const actions = [
    { action: "start", past: "started", summary: "Scrub the list, check the papers and begin dialing", acknowledges: true, problems: ["wrong_state", "no_contacts", "papers_missing", "import_running", "cannot_acknowledge"] },
    { action: "pause", past: "paused", summary: "Stop dialing at once; live calls go on", acknowledges: false, problems: ["wrong_state"] },
    { action: "resume", past: "resumed", summary: "Go on where it stood", acknowledges: false, problems: ["wrong_state"] },
    { action: "cancel", past: "cancelled", summary: "Stop for good; who waits is taken back, who is held for a person stays on the list to follow up", acknowledges: false, problems: ["wrong_state"] },
    { action: "redial", past: "redialed", summary: "Run a finished campaign again for those who were not reached", acknowledges: true, problems: ["wrong_state", "nobody_unreached", "papers_missing"] },
  ] as const;
  return actions.map(({ action, past, summary, acknowledges, problems }) =>
    defineRoute({
      method: "post",
      path: `/v1/campaigns/:campaign_id/${action}`,
      tag,
      summary,
      scope: "calls:control",
      audit: { action: `campaign.${past}`, subject: "campaign_id" },
      params: campaignParams,
      body: acknowledges ? startWire : z.strictObject({}),
      bodyOptional: true,
      answer: { status: 200, schema: campaignWire },
      problems: [notFound, ...problems],
      async handle({ caller, params, body }) {
        const acknowledge = body.kind === "json" && "acknowledge" in body.value ? (body.value.acknowledge ?? []) : [];
        return ok(await campaigns[action]({ accountId: caller.accountId, campaignId: params.campaign_id, acknowledge }));
      },
    }),
  );
}

function viewRoutes(campaigns: CampaignUseCases): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/v1/campaigns/:campaign_id/preflight",
      tag,
      summary: "What would happen if it were started now: refusals, papers, calls, finish time, cost",
      scope: "campaigns:read",
      params: campaignParams,
      answer: { status: 200, schema: preflightWire },
      problems: [notFound],
      handle: async ({ caller, params }) => ok(await campaigns.preflight({ accountId: caller.accountId, campaignId: params.campaign_id })),
    }),
    defineRoute({
      method: "get",
      path: "/v1/campaigns/:campaign_id/progress",
      tag,
      summary: "Funnel by state and reason, live calls, and why nothing is dialing",
      scope: "campaigns:read",
      params: campaignParams,
      answer: { status: 200, schema: progressWire },
      problems: [notFound],
      handle: async ({ caller, params }) => ok(await campaigns.progress({ accountId: caller.accountId, campaignId: params.campaign_id })),
    }),
    defineRoute({
      method: "get",
      path: "/v1/campaigns/:campaign_id/report",
      tag,
      summary: "Connect rate, dispositions, latency, cost, by hour",
      scope: "campaigns:read",
      params: campaignParams,
      answer: { status: 200, schema: reportWire },
      problems: [notFound],
      handle: async ({ caller, params }) => ok(await campaigns.report({ accountId: caller.accountId, campaignId: params.campaign_id })),
    }),
  ];
}
