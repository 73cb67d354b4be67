import type { DueClass } from "../domain/contact.ts";
import type { CampaignId } from "../domain/ids.ts";
import { horizonSeconds } from "./horizon.ts";
import type { Capacity } from "./ports.ts";
import type { Board, BoardCampaign } from "./read-board.ts";
import { type AccountClaim, type CampaignClaim, type Grant, shareCapacity } from "./share-capacity.ts";
import type { Standings } from "./standings.ts";
import { type IdleReason, idleReasons } from "./why-idle.ts";

/** What one tick decided. */
export interface Round {
  grants: Grant[];
  standings: Standings;
  reasons: Map<CampaignId, IdleReason[]>;
}

/** The most attempts that may be planned at once in the whole deployment. */
export function plannedLimit(capacity: Capacity): number {
  return Math.ceil(capacity.callsPerSecond * horizonSeconds);
}

/** Decides one tick: who receives how many attempts, and why the others wait. Pure. */
export function planRound(board: Board, capacity: Capacity): Round {
  const claims = board.campaigns.map((campaign) => ({ campaign, room: roomOf(campaign) }));
  const everywhere: Room = {
    pace: plannedLimit(capacity) - board.plannedEverywhere,
    slots: capacity.concurrentCalls - board.openEverywhere - board.plannedEverywhere,
  };
  const left = grantable(everywhere, { limit: plannedLimit(capacity), untaken: board.untakenEverywhere });
  const { grants, standings } = shareCapacity(left, { accounts: accountsOf(board), campaigns: claims.map(claimOf) }, board.standings);
  const reasons = new Map(
    claims.map(({ campaign, room }) => {
      const granted = grants.filter((grant) => grant.campaignId === campaign.id).reduce((sum, grant) => sum + grant.count, 0);
      return [campaign.id, idleReasons({ ...campaign, granted, limitedBy: limitOf(room, granted, aloneIn(board, campaign, grants) ? everywhere : undefined) })] as const;
    }),
  );
  return { grants, standings, reasons };
}

interface Room {
  pace: number;
  slots: number;
}

/** What nobody took takes no room, up to so many times the work of a horizon: dialers that all stand still get no more. */
const mostUntakenHorizons = 3;

function grantable(room: Room, { limit, untaken }: { limit: number; untaken: number }): number {
  return Math.max(0, Math.min(room.pace + Math.min(untaken, mostUntakenHorizons * limit), room.slots));
}

function limitOfPace({ definition }: BoardCampaign): number {
  return Math.ceil(definition.limits.cps * horizonSeconds);
}

function roomOf(campaign: BoardCampaign): Room {
  const { definition, planned, open } = campaign;
  return { pace: limitOfPace(campaign) - planned, slots: definition.limits.concurrency - open - planned };
}

/** Whether no other campaign takes part of the deployment's capacity at this moment. */
function aloneIn(board: Board, campaign: BoardCampaign, grants: readonly Grant[]): boolean {
  if (grants.some((grant) => grant.campaignId !== campaign.id && grant.count > 0)) return false;
  return board.plannedEverywhere === campaign.planned && board.openEverywhere === campaign.open;
}

/** What kept a campaign from more: its own limits, the deployment's where it has that to itself, or the others. */
function limitOf(own: Room, granted: number, everywhere: Room | undefined): "pace" | "slots" | "other_campaigns" {
  const isOwn = granted >= Math.min(own.pace, own.slots);
  const room = isOwn ? own : everywhere;
  if (!room) return "other_campaigns";
  return room.slots < room.pace ? "slots" : "pace";
}

function claimOf({ campaign, room }: { campaign: BoardCampaign; room: Room }): CampaignClaim {
  const due = (dueClass: DueClass): number => (campaign.blockers.length > 0 ? 0 : campaign.due[dueClass].due);
  return {
    campaignId: campaign.id,
    accountId: campaign.account_id,
    weight: campaign.weight,
    room: grantable(room, { limit: limitOfPace(campaign), untaken: campaign.untaken }),
    due: { callback: due("callback"), retry: due("retry"), fresh: due("fresh") },
  };
}

function accountsOf(board: Board): AccountClaim[] {
  const weights = new Map(board.campaigns.map((campaign) => [campaign.account_id, campaign.account_weight]));
  return [...weights].map(([accountId, weight]) => ({ accountId, weight, room: Number.MAX_SAFE_INTEGER }));
}
