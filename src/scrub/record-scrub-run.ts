import type { DateTime } from "luxon";
import { definitionSchema } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, type CampaignId, newId, type ScrubRunId } from "../domain/ids.ts";
import { istText } from "../domain/ist-text.ts";
import { isScrubbed } from "../rules/call-class.ts";
import { istDay, istDayStartMs } from "../rules/ist-calendar.ts";
import { promotionalCategory } from "../rules/preference-category-of.ts";
import type { RowError, ScrubDeps } from "./ports.ts";
import { newRowErrors } from "./row-errors.ts";
import { blockBlocked, campaignForRun, freeCleared, insertResults, insertRun, isNewestRun, type NewScrubRun, sealRun, scrubColumns, whomItNames } from "./scrub-runs.queries.ts";
import { type ResultSource, stagedResults } from "./staged-results.ts";
import { withStaged } from "./staging.queries.ts";

export interface ScrubRunInput {
  accountId: AccountId;
  campaignId: CampaignId;
  /** The operator whose facility scrubbed the list, and its own reference for the run. */
  provider: string;
  reference: string;
  /** When the list was scrubbed; contacts added later are not covered. */
  scrubbedAt: Date;
  /** The preference category it was scrubbed for; default: the campaign's own. */
  category?: number;
  /** The numbers blocked, or the result as a file: the blocked only, those who passed only, or everybody with a status column. */
  result: ResultSource;
}

/** What came of a scrub run, in wire names. */
export interface ScrubRunReport {
  id: ScrubRunId;
  provider: string;
  reference: string;
  category: number | null;
  scrubbed_at: string;
  /** The first instant at which it no longer counts: midnight IST. */
  expires_at: string;
  /** Contacts the run covers, how many of them it blocked, and the hash of their keys. */
  submitted_count: number;
  blocked_count: number;
  list_hash: string;
  /** Numbers of the result that are on no contact of this campaign. */
  not_on_list: number;
  contacts_blocked: number;
  contacts_freed: number;
  rejected: number;
  rejects: readonly RowError[];
  warnings: readonly string[];
}

const clockSlackMs = 5 * 60_000;
const oldestRunMs = 366 * 86_400_000;

/**
 * Records one pass of the campaign's list through an operator's DND scrub. It counts until midnight IST of its day, and whom it blocks stays
 * blocked until then, whatever later runs of the day say: a list may be sent in pieces. A row that cannot be read is reported; in a list of the
 * blocked it may be any of the others, so such a list then clears nobody, and no more does a list that mostly names strangers.
 * Refuses: 404 `campaign_not_found`, 409 `scrub_run_exists`, 422 `invalid_scrub_run`, `empty_file`, `wrong_list` when no number is one of
 * the campaign's, and what `stagedResults` refuses.
 */
export async function recordScrubRun(deps: ScrubDeps, input: ScrubRunInput): Promise<ScrubRunReport> {
  const campaign = await campaignForRun(deps.db, input);
  if (!campaign) throw new Refusal(404, "campaign_not_found", "expected a campaign of this account");
  const definition = definitionSchema.parse(campaign.definition);
  const now = deps.clock.now();
  refuseNonsense(input, now);
  const run: NewScrubRun = {
    id: newId<ScrubRunId>(deps.clock, deps.random),
    accountId: input.accountId,
    campaignId: input.campaignId,
    provider: input.provider.trim(),
    reference: input.reference.trim(),
    category: input.category ?? promotionalCategory({ preferenceCategory: definition.preference_category ?? null, sector: definition.sector }),
    scrubbedAt: input.scrubbedAt,
    // A clock ahead of ours may already write tomorrow; the run is of today all the same.
    expiresAt: new Date(istDayStartMs(istDay(Math.min(input.scrubbedAt.getTime(), now.toMillis())) + 1)),
    now: now.toJSDate(),
  };
  const scrubbed = isScrubbed({ purpose: definition.purpose, consentBasis: definition.consent ?? null });
  return writeRun(deps, { run, now, result: input.result, scrubbed });
}

async function writeRun(deps: ScrubDeps, input: { run: NewScrubRun; now: DateTime<true>; result: ResultSource; scrubbed: boolean }): Promise<ScrubRunReport> {
  const { run } = input;
  const errors = newRowErrors();
  const staged = await stagedResults(deps.vault, input.result, errors);
  const outcome = await withStaged(deps.pool, { table: "scrub_rows", columns: scrubColumns, lines: staged.lines }, async (client) => {
    if (staged.tally?.rows === 0) throw new Refusal(422, "empty_file", 'expected at least one row after the header; when nobody is blocked, send JSON with "blocked": []');
    if (!(await insertRun(client, run))) {
      throw new Refusal(409, "scrub_run_exists", `a run of ${run.provider} with the reference ${run.reference} is already recorded; every run has its own`);
    }
    const named = await whomItNames(client, run);
    if (named.hasContacts && named.numbers > 0 && named.strangers === named.numbers) throw wrongList(named.numbers);
    const mostlyStrangers = named.strangers * 2 > named.numbers;
    const namesAllBlocked = staged.covers === "list" && errors.count === 0 && !mostlyStrangers;
    await insertResults(client, run, staged.covers === "rows" ? "rows" : namesAllBlocked ? "list" : "blocked_rows");
    const counts = { ...(await sealRun(client, run)), strangers: named.strangers, mostlyStrangers };
    const newest = await isNewestRun(client, run);
    if (!input.scrubbed || (!newest && input.now.toMillis() >= run.expiresAt.getTime())) return { ...counts, contactsFreed: 0, contactsBlocked: 0 };
    const body = { cause: "scrub_run", run_id: run.id, provider: run.provider, reference: run.reference, list_hash: counts.listHash, scrubbed_at: istText(run.scrubbedAt) };
    const contactsBlocked = await blockBlocked(client, run, { ist: input.now.toISO(), body });
    return { ...counts, contactsBlocked, contactsFreed: newest ? await freeCleared(client, run) : 0 };
  });
  deps.log.info("recorded a scrub run", { runId: run.id, campaignId: run.campaignId, covered: outcome.covered, blocked: outcome.blocked });
  return {
    id: run.id,
    provider: run.provider,
    reference: run.reference,
    category: run.category,
    scrubbed_at: istText(run.scrubbedAt),
    expires_at: istText(run.expiresAt),
    submitted_count: outcome.covered,
    blocked_count: outcome.blocked,
    list_hash: outcome.listHash,
    not_on_list: outcome.strangers,
    contacts_blocked: outcome.contactsBlocked,
    contacts_freed: outcome.contactsFreed,
    rejected: errors.count,
    rejects: errors.shown,
    warnings: warningsOf({ run, unreadable: staged.covers === "list" ? errors.count : 0, strangers: outcome.mostlyStrangers ? outcome.strangers : 0, scrubbed: input.scrubbed, now: input.now.toMillis() }),
  };
}

function wrongList(numbers: number): Refusal {
  return new Refusal(422, "wrong_list", `expected the result of this campaign's list, got ${numbers} numbers of which the campaign has none; when nobody of it is blocked, send JSON with "blocked": []`);
}

function warningsOf(facts: { run: NewScrubRun; unreadable: number; strangers: number; scrubbed: boolean; now: number }): string[] {
  const warnings: string[] = [];
  if (facts.strangers > 0) warnings.push(`most of the numbers (${facts.strangers}) are not on the campaign's list; is it the right result? Nobody whom it does not name was taken for clear`);
  if (facts.unreadable > 0) warnings.push(`${facts.unreadable} rows could not be read and may be people who were blocked, so nobody was taken for clear; correct them and record the run under a new reference`);
  if (facts.now >= facts.run.expiresAt.getTime()) warnings.push("the run is of an earlier day and counts no more");
  if (!facts.scrubbed) warnings.push("calls of this campaign are not subject to the scrub; nobody was blocked");
  return warnings;
}

function refuseNonsense(input: ScrubRunInput, now: DateTime<true>): void {
  const scrubbedMs = input.scrubbedAt.getTime();
  const errors: { path: string; message: string }[] = [];
  if (input.provider.trim() === "") errors.push({ path: "provider", message: "expected the operator that scrubbed the list" });
  if (input.reference.trim() === "") errors.push({ path: "reference", message: "expected the operator's reference of the run" });
  if (!(scrubbedMs <= now.toMillis() + clockSlackMs)) errors.push({ path: "scrubbed_at", message: "expected an instant that has passed" });
  else if (scrubbedMs < now.toMillis() - oldestRunMs) errors.push({ path: "scrubbed_at", message: "expected an instant of the last year: is the century right?" });
  if (input.category !== undefined && !(Number.isInteger(input.category) && input.category >= 1 && input.category <= 8)) errors.push({ path: "category", message: "expected a preference category, 1 to 8" });
  if (errors.length > 0) throw new Refusal(422, "invalid_scrub_run", "the run cannot be recorded as it stands", { errors });
}
