import { type AccountId, type ContactId, newId } from "../../src/domain/ids.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import { createCampaign } from "../../src/schedule/create-campaign.ts";
import { addPaper } from "../../src/scrub/sender-papers.ts";
import { importPreferences } from "../../src/scrub/import-preferences.ts";
import { rowWriter, testNumber } from "../support/rows.ts";
import { recordTrueConsent } from "./people-acts.ts";
import { between, chance, pick, shuffled, some } from "./draw.ts";
import { drawCampaign, shown } from "./draw-campaign.ts";
import { drawPerson } from "./draw-person.ts";
import type { Purpose, Sender } from "./oracle/truth.ts";
import { registerFiles } from "./register-files.ts";
import { bytesOf, personOf, type PlayedCampaign, type PlayedSender, type World } from "./world.ts";

const dayMs = 86_400_000;
/** Two senders; what both plan covers every purpose. */
const plans: readonly { numbers: number; purposes: readonly Purpose[] }[] = [
  { numbers: 14, purposes: ["collection", "reminder", "promotional", "transactional"] },
  { numbers: 12, purposes: ["promotional", "service", "collection"] },
];

/** Fills an empty database: senders with papers, people with their choices and consents, campaigns with lists. */
export async function populate(world: World): Promise<void> {
  for (const [at, plan] of plans.entries()) world.senders.push(await newSender(world, at, plan));
}

async function newSender(world: World, at: number, plan: (typeof plans)[number]): Promise<PlayedSender> {
  const { random } = world;
  const truth: Sender = { name: `sender ${at + 1}`, papers: [], grievances: [], people: new Map() };
  const accountId = newId<AccountId>(world.clock, random);
  await world.database.db
    .insertInto("accounts")
    .values({ id: accountId, name: truth.name, data_key_sealed: world.vault.newDataKey(accountId), created_at: new Date(world.startMs), stopped_because: null, day_cap_paise: null })
    .execute();
  // Some people are known to both senders, so that nothing one was told may leak into the other's calls.
  const numbers = Array.from({ length: plan.numbers }, (_, index) => testNumber(index + at * 8));
  const sender: PlayedSender = { truth, accountId, numbers, campaigns: [] };
  for (const number of numbers) truth.people.set(number, drawPerson(random, number, world.startMs));
  await writePapers(world, sender);
  const rows = numbers.flatMap((number) => personOf(sender, number).choices.map(({ choice }) => ({ number, choice })));
  for (const text of registerFiles(rows)) await importPreferences(world.scrub, { accountId, bytes: bytesOf(text) });
  for (const number of numbers) for (const consent of personOf(sender, number).consents) await recordTrueConsent(world, sender, number, consent);
  for (const purpose of plan.purposes) sender.campaigns.push(await newCampaign(world, sender, purpose));
  return sender;
}

async function writePapers(world: World, sender: PlayedSender): Promise<void> {
  const { random, startMs } = world;
  const span = (): { fromMs: number; toMs: number | null } => ({
    fromMs: chance(random, 0.92) ? startMs - 30 * dayMs : Math.floor(startMs + between(random, 0, 3) * dayMs),
    toMs: chance(random, 0.85) ? null : Math.floor(startMs + between(random, 3.2, 6) * dayMs),
  });
  const papers = [
    ...(chance(random, 0.93) ? [{ kind: "registration" as const, numbers: [], ...span() }] : []),
    ...(chance(random, 0.9) ? [{ kind: "a2p_declaration" as const, numbers: some(random, Object.values(shown), 0.93), ...span() }] : []),
  ];
  for (const paper of papers) {
    if (paper.kind === "a2p_declaration" && paper.numbers.length === 0) continue;
    await addPaper(world.scrub, { accountId: sender.accountId, kind: paper.kind, reference: `${paper.kind} 1`, callerNumbers: paper.numbers, validFrom: new Date(paper.fromMs), validUntil: paper.toMs === null ? null : new Date(paper.toMs) });
    sender.truth.papers.push(paper);
  }
}

async function newCampaign(world: World, sender: PlayedSender, purpose: Purpose): Promise<PlayedCampaign> {
  const { random } = world;
  const { source, truth } = drawCampaign(random, { name: `${purpose} of ${sender.truth.name}`, purpose, sender: sender.truth, nowMs: world.startMs });
  const view = await createCampaign(world.lifecycle, { accountId: sender.accountId, definition: source });
  const campaign: PlayedCampaign = { id: view.id, source, truth, sender };
  const list = shuffled(random, sender.numbers).slice(0, purpose === "transactional" ? 0 : 7);
  for (const number of list) await addContact(world, campaign, number);
  return campaign;
}

/** Puts a person on a campaign's list now, at times with dates of their own and with a word about who it is. */
export async function addContact(world: World, campaign: PlayedCampaign, number: E164): Promise<void> {
  const { random, clock } = world;
  if (campaign.truth.contacts.has(number)) return;
  const nowMs = clock.nowMs();
  const notBeforeMs = chance(random, 0.12) ? Math.floor(nowMs + between(random, 0, 2) * dayMs) : null;
  const notAfterMs = chance(random, 0.12) ? Math.floor((notBeforeMs ?? nowMs) + between(random, 0.02, 2.5) * dayMs) : null;
  const party = campaign.truth.purpose === "collection" && chance(random, 0.6) ? pick(random, ["borrower", "Guarantor", "other", "brother"]) : null;
  const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  await rowWriter(world.database.db, clock, world.vault).contact(campaign.sender.accountId, campaign.id, number, {
    id: newId<ContactId>(clock, random),
    variables: party === null ? {} : { party },
    not_before: instant(notBeforeMs),
    not_after: instant(notAfterMs),
    next_attempt_at: new Date(notBeforeMs ?? nowMs),
  });
  campaign.truth.contacts.set(number, { addedAtMs: nowMs, notBeforeMs, notAfterMs, party: party?.toLowerCase() ?? null });
}
