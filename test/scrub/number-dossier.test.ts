import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordConsents } from "../../src/scrub/consents.ts";
import { addHold } from "../../src/scrub/holds.ts";
import { dossierText, numberDossier } from "../../src/scrub/number-dossier.ts";
import { recordOptOut } from "../../src/scrub/record-opt-out.ts";
import { importPreferences } from "../../src/scrub/import-preferences.ts";
import { testNumber } from "../support/rows.ts";
import { file, scrubWorld } from "./scrub-fixture.ts";

let world: Awaited<ReturnType<typeof scrubWorld>>;
beforeAll(async () => {
  world = await scrubWorld();
});
afterAll(() => world.close());

describe("a question about one number", () => {
  it("is answered with everything the account knows and did, and nothing of another account", async () => {
    const account = await world.rows.account();
    const number = testNumber(1);
    const contact = await world.rows.contact(account, await world.rows.campaign(account), number, { state: "planned", next_attempt_at: null });
    const attemptId = await world.rows.attempt(contact, { state: "in_progress", sent_at: new Date(world.clock.nowMs()), from_number: "+911600123456" });
    await importPreferences(world.deps, { accountId: account, bytes: file(`number,preference\n${number},"1,24"\n`) });
    await recordConsents(world.deps, { accountId: account, consents: [{ number, basis: "inferred", reference: "LOAN-1", givenAt: new Date("2025-01-01T00:00:00+05:30") }] });
    await addHold(world.deps, { accountId: account, number, kind: "dispute" });
    await recordOptOut(world.deps, { accountId: account, attemptId, how: "said" });

    const dossier = await numberDossier(world.deps, { accountId: account, number });
    expect(dossier).toMatchObject({
      number_key: world.vault.numberKey(number),
      suppressions: [{ scope: "account", reason: "opted out", source: "call", lifted_at: null }],
      preference: { scheme: "partial", categories: [1], bands: [24] },
      consents: [{ basis: "inferred", reference: "LOAN-1" }],
      holds: [{ kind: "dispute", ends_at: null }],
      calls: [{ attempt_id: attemptId, purpose: "reminder", sent_at: "2026-11-23T12:00:00.000+05:30", caller_number: "+911600123456" }],
      evidence: [{ code: "consent_recorded" }, { code: "hold_dispute" }, { code: "opted_out" }],
    });
    const text = dossierText(number, dossier);
    for (const words of ["opted out (call)", "partial: categories 1; bands 24", "inferred LOAN-1", "dispute, open", "(reminder) from +911600123456", "never: opted_out", "not sealed yet"]) expect(text).toContain(words);

    const stranger = await numberDossier(world.deps, { accountId: await world.rows.account("Other"), number });
    expect(stranger).toMatchObject({ suppressions: [], preference: null, consents: [], holds: [], calls: [], evidence: [] });
    expect(dossierText(number, stranger).match(/ {2}none/g)).toHaveLength(6);
    await expect(numberDossier(world.deps, { accountId: account, number: "12" })).rejects.toMatchObject({ code: "invalid_number" });
  });
});
