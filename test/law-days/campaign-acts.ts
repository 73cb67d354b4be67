import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import { patchCampaign } from "../../src/schedule/patch-campaign.ts";
import { startCampaign } from "../../src/schedule/start-campaign.ts";
import { pauseCampaign, resumeCampaign } from "../../src/schedule/stop-campaign.ts";
import { recordScrubRun } from "../../src/scrub/record-scrub-run.ts";
import { endPaper, listPapers } from "../../src/scrub/sender-papers.ts";
import { between, chance, pick, some } from "./draw.ts";
import { drawHours } from "./draw-campaign.ts";
import { startOf, wallClock } from "./oracle/ist.ts";
import { classOf } from "./oracle/tables.ts";
import { addContact } from "./populate.ts";
import { act, bytesOf, type PlayedCampaign, type PlayedSender, type World } from "./world.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What operators do with their campaigns during the stretch. */
export function scheduleCampaigns(world: World): void {
  for (const sender of world.senders) {
    for (const campaign of sender.campaigns) {
      for (let day = 0; world.startMs + day * dayMs < world.endMs; day += 1) scheduleDay(world, campaign, day);
    }
    if (chance(world.random, 0.15)) act(world, world.startMs + between(world.random, 1, 4) * dayMs, "end of a paper", () => endOnePaper(world, sender));
  }
}

function scheduleDay(world: World, campaign: PlayedCampaign, day: number): void {
  const { random, startMs } = world;
  const at = (from: number, to: number): number => startMs + day * dayMs + between(random, from, to) * hourMs;
  if (classOf(campaign.truth) !== "free" && chance(random, 0.85)) {
    act(world, at(7, 19), "scrub", async () => {
      await scrub(world, campaign);
      await start(world, campaign);
    });
    if (chance(random, 0.2)) act(world, at(12, 20), "scrub", () => scrub(world, campaign));
  }
  act(world, at(6, 21), "start", () => start(world, campaign));
  if (chance(random, 0.25)) {
    const pausedMs = at(7.5, 20.5);
    act(world, pausedMs, "pause", () => pause(world, campaign));
    act(world, pausedMs + between(random, 0.02, 4) * hourMs, "resume", () => resume(world, campaign));
  }
  if (chance(random, 0.2)) act(world, at(7.5, 20.5), "other hours", () => changeHours(world, campaign));
  if (chance(random, 0.2)) act(world, at(7.5, 20.5), "other caps", () => changeCaps(world, campaign));
  const adds = campaign.truth.purpose === "transactional" ? 3 : chance(random, 0.4) ? 1 : 0;
  for (let added = 0; added < adds; added += 1) {
    const number = pick(random, campaign.sender.numbers);
    act(world, campaign.truth.purpose === "transactional" ? at(0, 24) : at(6, 23), "new contact", async () => {
      await addContact(world, campaign, number);
      if (campaign.truth.purpose === "transactional") await start(world, campaign);
    });
  }
}

/** Tries to start a campaign; what is missing and may be vouched for is mostly vouched for. */
async function start(world: World, campaign: PlayedCampaign): Promise<void> {
  const { running, acknowledged } = campaign.truth;
  const { state } = await world.database.db.selectFrom("campaigns").where("id", "=", campaign.id).select("state").executeTakeFirstOrThrow();
  if (state !== "draft" && state !== "finished") return;
  const acknowledge = chance(world.random, 0.85) ? [...acknowledgeableCodes] : some(world.random, acknowledgeableCodes, 0.5);
  await startCampaign(world.lifecycle, { accountId: campaign.sender.accountId, campaignId: campaign.id, acknowledge });
  const nowMs = world.agenda.nowMs();
  acknowledged.push(...acknowledge.map((code) => ({ code, fromMs: nowMs })));
  if (running.every(({ toMs }) => toMs !== null)) running.push({ fromMs: nowMs, toMs: null });
}

async function pause(world: World, campaign: PlayedCampaign): Promise<void> {
  await pauseCampaign(world.lifecycle, { accountId: campaign.sender.accountId, campaignId: campaign.id });
  for (const span of campaign.truth.running) span.toMs ??= world.agenda.nowMs();
}

async function resume(world: World, campaign: PlayedCampaign): Promise<void> {
  if (campaign.truth.running.every(({ toMs }) => toMs === null)) return;
  await resumeCampaign(world.lifecycle, { accountId: campaign.sender.accountId, campaignId: campaign.id });
  campaign.truth.running.push({ fromMs: world.agenda.nowMs(), toMs: null });
}

async function changeHours(world: World, campaign: PlayedCampaign): Promise<void> {
  const hours = chance(world.random, 0.75) ? drawHours(world.random) : null;
  const window = hours && { from: hours.from, to: hours.to, ...(hours.days && { days: [...hours.days] }) };
  await patchCampaign(world.lifecycle, { accountId: campaign.sender.accountId, campaignId: campaign.id, patch: { window } });
  campaign.truth.windows.push({ fromMs: world.agenda.nowMs(), hours });
}

async function changeCaps(world: World, campaign: PlayedCampaign): Promise<void> {
  const caps = { perDay: pick(world.random, [1, 2, 4]), perWeek: pick(world.random, [2, 5, 9]) };
  const limits = { per_number_per_day: caps.perDay, per_number_per_week: caps.perWeek };
  await patchCampaign(world.lifecycle, { accountId: campaign.sender.accountId, campaignId: campaign.id, patch: { limits } });
  campaign.truth.caps.push({ fromMs: world.agenda.nowMs(), ...caps });
}

/** Has the list scrubbed by an operator, sometimes for another category, sometimes already yesterday; told as numbers or as a file. */
async function scrub(world: World, campaign: PlayedCampaign): Promise<void> {
  const { random, clock } = world;
  const nowMs = clock.nowMs();
  const scrubbedAtMs = Math.floor(chance(random, 0.12) ? startOf(wallClock(nowMs).date) - between(random, 0.01, 3) * hourMs : nowMs - between(random, 0, 20) * 60_000);
  const list = [...campaign.truth.contacts].filter(([, { addedAtMs }]) => addedAtMs <= scrubbedAtMs).map(([number]) => number);
  const blocked = some(random, list, 0.15);
  const named = chance(random, 0.5) ? undefined : list.filter((number) => blocked.includes(number) || chance(random, 0.9));
  const category = campaign.truth.category !== null && chance(random, 0.1) ? (campaign.truth.category % 8) + 1 : campaign.truth.category;
  await recordScrubRun(world.scrub, {
    accountId: campaign.sender.accountId,
    campaignId: campaign.id,
    provider: pick(random, ["Airtel DLT", "Vilpower", "Jio TrueConnect"]),
    reference: `run ${nowMs} of ${campaign.truth.name}`,
    scrubbedAt: new Date(scrubbedAtMs),
    ...(category !== null && { category }),
    result: named && named.length > 0
      ? { kind: "file", bytes: bytesOf(["MSISDN,DND Status", ...named.map((number) => `${number.slice(1)},${blocked.includes(number) ? "DND" : "Clear"}`)].join("\n")) }
      : { kind: "blocked", numbers: blocked },
  });
  const said = new Map((named ?? list).map((number) => [number, blocked.includes(number) ? ("blocked" as const) : ("clear" as const)]));
  campaign.truth.runs.push({ recordedAtMs: world.agenda.nowMs(), scrubbedAtMs, category, said });
}

async function endOnePaper(world: World, sender: PlayedSender): Promise<void> {
  const papers = await listPapers(world.scrub, { accountId: sender.accountId });
  if (papers.length === 0) return;
  const paper = pick(world.random, papers);
  await endPaper(world.scrub, { accountId: sender.accountId, id: paper.id });
  for (const each of sender.truth.papers) if (each.kind === paper.kind) each.toMs = Math.min(each.toMs ?? Number.POSITIVE_INFINITY, world.agenda.nowMs());
}
