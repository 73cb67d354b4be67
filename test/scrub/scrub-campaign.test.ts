import fc from "fast-check";
import type { Insertable } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DefinitionSource, definitionSchema, purposes } from "../../src/domain/definition.ts";
import type { AccountId, CampaignId, ContactId, ScrubRunId } from "../../src/domain/ids.ts";
import type { Tables } from "../../src/db/tables.ts";
import { istFromMs } from "../../src/domain/clock.ts";
import type { GateFacts } from "../../src/rules/facts.ts";
import { dayMs } from "../../src/rules/ist-calendar.ts";
import { judgeBy } from "../../src/rules/judge.ts";
import { ruleBook } from "../../src/rules/rule-book.ts";
import { scrubCampaign } from "../../src/scrub/scrub-campaign.ts";
import { scrubReasons } from "../../src/scrub/scrub-reasons.ts";
import { addSuppressions, liftSuppression } from "../../src/scrub/suppressions.ts";
import { facts } from "../rules/facts-fixture.ts";
import { testDefinition, testNumber } from "../support/rows.ts";
import { scrubWorld } from "./scrub-fixture.ts";

let world: Awaited<ReturnType<typeof scrubWorld>>;
beforeAll(async () => {
  world = await scrubWorld();
});
afterAll(() => world.close());

const contactsOf = (campaign: CampaignId) => world.db.selectFrom("contacts").where("campaign_id", "=", campaign).select(["id", "state", "blocked_reason", "next_attempt_at"]).execute();
const evidenceOf = (campaign: CampaignId) => world.db.selectFrom("evidence").where("campaign_id", "=", campaign).select(["contact_id", "code", "body", "decision", "ist"]).orderBy("id").execute();

describe("a scrub of a campaign", () => {
  it("blocks whom it must, with a reason and evidence each, and is safe to repeat", async () => {
    const account = await world.rows.account();
    const campaign = await world.rows.campaign(account, { state: "draft" });
    const kept = await world.rows.contact(account, campaign, testNumber(1));
    await addSuppressions(world.deps, { accountId: account, numbers: [testNumber(2)], reason: "asked" });
    const listed = await world.rows.contact(account, campaign, testNumber(2));
    const inDispute = await world.rows.contact(account, campaign, testNumber(3));
    await insertHold(account, 3, { kind: "dispute" });
    const summary = { checked: 3, blockedByReason: { suppressed: 1, hold_dispute: 1 } };
    expect(await scrubCampaign(world.deps, { campaignId: campaign })).toEqual(summary);
    expect(await scrubCampaign(world.deps, { campaignId: campaign })).toEqual(summary);
    const states = new Map((await contactsOf(campaign)).map((row) => [row.id, [row.state, row.blocked_reason]]));
    expect(states).toEqual(new Map<ContactId, unknown>([[kept, ["waiting", null]], [listed, ["blocked", "suppressed"]], [inDispute, ["blocked", "hold_dispute"]]]));
    const evidence = await evidenceOf(campaign);
    expect(evidence.map((row) => [row.contact_id, row.decision, row.code]).sort()).toEqual([[listed, "never", "suppressed"], [inDispute, "never", "hold_dispute"]].sort());
    expect(evidence[0]).toMatchObject({ ist: "2026-11-23T12:00:00.000+05:30", body: { cause: "scrub", rule_book: expect.any(String), purpose: "reminder", call_class: "service_inferred" } });
  });

  it("frees those whose reason is gone, and nobody who was blocked for another", async () => {
    const account = await world.rows.account();
    const campaign = await world.rows.campaign(account, { state: "draft" });
    const later = new Date("2026-11-25T10:00:00+05:30");
    const blocked = { state: "blocked", next_attempt_at: null } as const;
    const ids = [
      await world.rows.contact(account, campaign, testNumber(1), { ...blocked, blocked_reason: "hold_hardship" }),
      await world.rows.contact(account, campaign, testNumber(2), { ...blocked, blocked_reason: "not_after_passed" }),
      await world.rows.contact(account, campaign, testNumber(3), { ...blocked, blocked_reason: "suppressed", number_sealed: null }),
      await world.rows.contact(account, campaign, testNumber(4), { ...blocked, blocked_reason: "suppressed", not_before: later }),
    ];
    expect(await scrubCampaign(world.deps, { campaignId: campaign })).toEqual({ checked: 2, blockedByReason: {} });
    const rows = (await contactsOf(campaign)).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
    expect(rows.map((row) => row.state)).toEqual(["waiting", "blocked", "blocked", "waiting"]);
    expect(rows[3]?.next_attempt_at).toEqual(later);
  });

  it("leaves lifted suppressions, other accounts' lists and contacts of other campaigns alone", async () => {
    const account = await world.rows.account();
    const other = await world.rows.account("Other");
    const campaign = await world.rows.campaign(account);
    const neighbour = await world.rows.campaign(account, { state: "draft" });
    await addSuppressions(world.deps, { accountId: other, numbers: [testNumber(1)], reason: "x" });
    await addSuppressions(world.deps, { accountId: account, numbers: [testNumber(2)], reason: "x" });
    await liftSuppression(world.deps, { accountId: account, number: testNumber(2) });
    await insertHold(account, 3, { kind: "dispute" });
    for (const tail of [1, 2]) await world.rows.contact(account, campaign, testNumber(tail));
    await world.rows.contact(account, neighbour, testNumber(3));
    expect(await scrubCampaign(world.deps, { campaignId: campaign })).toEqual({ checked: 2, blockedByReason: {} });
    expect((await contactsOf(neighbour)).map((row) => row.state)).toEqual(["waiting"]);
  });

  it("of a campaign that does not exist is refused", async () => {
    await expect(scrubCampaign(world.deps, { campaignId: "01900000-0000-7000-8000-00000000ffff" as CampaignId })).rejects.toMatchObject({ status: 404 });
  });
});

describe("the scrub in SQL", () => {
  const nowMs = Date.parse("2026-11-23T12:00:00+05:30");
  /** The rules it stands for. */
  const lasting = ruleBook.filter((rule) => ["suppression", "right-party", "contact-hold", "preference-scheme", "preference-category", "preference-mode", "scrub-result", "consent-clock"].includes(rule.id));

  it("says of random people exactly what the rules in code say", async () => {
    let blocked = 0;
    const reasons = new Set<string>();
    await fc.assert(
      fc.asyncProperty(definitions(), fc.array(people(nowMs), { minLength: 25, maxLength: 25 }), async (definition, list) => {
        const account = await world.rows.account();
        const campaign = await world.rows.campaign(account, { definitionSource: definition, state: "draft" });
        const runId = await insertRun(account, campaign);
        const contacts = await Promise.all(list.map((person) => writePerson({ account, campaign, runId, person })));
        await scrubCampaign(world.deps, { campaignId: campaign });
        const states = new Map((await contactsOf(campaign)).map((row) => [row.id, row.blocked_reason]));
        for (const [at, person] of list.entries()) {
          const { verdict } = judgeBy(lasting, factsOf(definition, person), istFromMs(nowMs));
          const expected = verdict.kind === "never" ? verdict.because.code : null;
          const reason = states.get(contacts[at] as ContactId) ?? null;
          expect({ person, reason }).toEqual({ person, reason: expected });
          if (reason !== null) reasons.add(reason);
          if (reason !== null) blocked += 1;
        }
      }),
      { numRuns: 16 },
    );
    expect(blocked).toBeGreaterThan(60);
    for (const reason of reasons) expect(scrubReasons).toContain(reason);
    expect(reasons.size).toBeGreaterThan(7);
  });
});

type Person = Pick<GateFacts, "suppression" | "preference" | "scrubResult" | "consents" | "holds">;

function definitions(): fc.Arbitrary<DefinitionSource> {
  return fc
    .record({
      purpose: fc.constantFrom("promotional" as const, "promotional" as const, "service" as const, ...purposes),
      consent: fc.option(fc.constantFrom("inferred" as const, "explicit" as const, "enquiry" as const, "dca" as const), { nil: undefined }),
      category: fc.integer({ min: 1, max: 8 }),
      may_transfer: fc.boolean(),
    })
    .map(({ purpose, consent, category, may_transfer }) => {
      const { consent: _, ...base } = testDefinition();
      return { ...base, purpose, may_transfer, preference_category: category, ...(consent && { consent }) };
    });
}

function people(nowMs: number): fc.Arbitrary<Person> {
  const ago = (days: number) => fc.integer({ min: 1, max: days * 1_440 }).map((minutes) => nowMs - minutes * 60_000);
  const rarely = <T>(value: T, arb: fc.Arbitrary<T>) => fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: arb });
  return fc.record({
    suppression: rarely<Person["suppression"]>(null, fc.constantFrom("account" as const, "platform" as const).map((scope) => ({ scope, reason: "x", sinceMs: nowMs - 1 }))),
    preference: fc.option(
      fc.record({
        scheme: fc.constantFrom("partial" as const, "partial" as const, "none" as const, "full_block" as const, "block_promo" as const, "legacy" as const),
        categories: fc.subarray([1, 2, 3, 4, 5, 6, 7, 8], { maxLength: 3 }),
        modes: fc.subarray([10, 11, 12, 13, 14, 15], { maxLength: 2 }),
        bands: fc.constant([]),
        days: fc.constant([]),
        importId: fc.constant(null),
      }),
      { nil: null },
    ),
    scrubResult: fc.oneof({ weight: 6, arbitrary: fc.constant("clear" as const) }, { weight: 1, arbitrary: fc.constantFrom("blocked" as const, "not_covered" as const) }),
    consents: fc.array(
      fc.record({
        basis: fc.constantFrom("inferred" as const, "explicit" as const, "enquiry" as const, "dca" as const),
        reference: fc.option(fc.constant("C-1"), { nil: null }),
        registeredOnDlt: fc.boolean(),
        givenAtMs: fc.oneof(ago(8), ago(400)),
        endsAtMs: fc.option(fc.integer({ min: -20, max: 20 }).map((days) => nowMs + days * dayMs), { nil: null, freq: 1 }),
        revokedAtMs: rarely<number | null>(null, ago(50)),
      }),
      { maxLength: 3 },
    ),
    // One hold at most: of several the code names the first it meets.
    holds: fc.array(
      fc.record({
        kind: fc.constantFrom("complaint" as const, "dispute" as const, "hardship" as const, "bereavement" as const, "not_party" as const, "hours" as const),
        startsAtMs: ago(20),
        endsAtMs: fc.option(fc.constant(nowMs - 1), { nil: null, freq: 1 }),
        hours: fc.constant(null),
      }),
      { maxLength: 1 },
    ),
  });
}

function factsOf(definition: DefinitionSource, person: Person): GateFacts {
  const read = definitionSchema.parse(definition);
  const run = { provider: "p", reference: "r", listHash: "", category: null, scrubbedAtMs: 0, expiresAtMs: Infinity };
  return facts({
    purpose: read.purpose,
    sector: read.sector,
    consentBasis: read.consent ?? null,
    mayTransfer: read.may_transfer,
    preferenceCategory: read.preference_category ?? null,
    scrubRun: run,
    ...person,
  });
}

async function insertHold(account: AccountId, tail: number, more: Partial<Insertable<Tables["contact_holds"]>>): Promise<void> {
  const now = new Date(world.clock.nowMs() - 1_000);
  await world.db.insertInto("contact_holds").values({ id: freshId(), account_id: account, number_key: world.vault.numberKey(testNumber(tail)), kind: "dispute", detail: "{}", starts_at: now, created_at: now, ...more }).execute();
}

async function insertRun(account: AccountId, campaign: CampaignId): Promise<ScrubRunId> {
  const id = freshId() as ScrubRunId;
  const now = new Date(world.clock.nowMs());
  await world.db.insertInto("scrub_runs").values({ id, account_id: account, campaign_id: campaign, provider: "p", reference: id, category: null, scrubbed_at: now, expires_at: now, submitted_count: 0, blocked_count: 0, list_hash: "", created_at: now }).execute();
  return id;
}

async function writePerson({ account, campaign, runId, person }: { account: AccountId; campaign: CampaignId; runId: ScrubRunId; person: Person }): Promise<ContactId> {
  const now = new Date(world.clock.nowMs());
  tails += 1;
  const number = testNumber(1_000 + tails);
  const number_key = world.vault.numberKey(number);
  const date = (ms: number | null) => (ms === null ? null : new Date(ms));
  if (person.suppression !== null && person.suppression !== "unknown") {
    await world.db.insertInto("suppressions").values({ id: freshId(), account_id: person.suppression.scope === "account" ? account : null, number_key, number_sealed: null, reason: "x", source: "operator", created_at: now }).execute();
  }
  if (person.preference !== null && person.preference !== "unknown") {
    const { scheme, categories, modes } = person.preference;
    await world.db.insertInto("preferences").values({ account_id: account, number_key, scheme, categories: [...categories], modes: [...modes], updated_at: now, import_id: null }).execute();
  }
  if (person.scrubResult !== "not_covered") await world.db.insertInto("scrub_results").values({ run_id: runId, account_id: account, number_key, blocked: person.scrubResult === "blocked" }).execute();
  for (const consent of person.consents === "unknown" ? [] : person.consents) {
    await world.db
      .insertInto("consents")
      .values({ id: freshId(), account_id: account, number_key, basis: consent.basis, purpose: null, reference: consent.reference, registered_on_dlt: consent.registeredOnDlt, given_at: new Date(consent.givenAtMs), ends_at: date(consent.endsAtMs), revoked_at: date(consent.revokedAtMs), created_at: now })
      .execute();
  }
  for (const hold of person.holds === "unknown" ? [] : person.holds) {
    await world.db.insertInto("contact_holds").values({ id: freshId(), account_id: account, number_key, kind: hold.kind, detail: '{"mode":"only","from":"00:00","to":"24:00"}', starts_at: new Date(hold.startsAtMs), ends_at: date(hold.endsAtMs), created_at: now }).execute();
  }
  return world.rows.contact(account, campaign, number);
}

let tails = 0;
let ids = 0;
function freshId(): string {
  ids += 1;
  return `01900000-0000-7000-9000-${String(ids).padStart(12, "0")}`;
}
