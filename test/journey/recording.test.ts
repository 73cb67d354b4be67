import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JourneyWorld, journeyWorld } from "./journey-world.ts";

/** Callees who say "Hello?" over the first words of the notice, as people do. */
const payer = "+916000050000";
const keyPresser = "+916000050017";
const disputer = "+916000050001";

describe("recording with consent", () => {
  let world: JourneyWorld;
  let attempts: Map<string, { recording_consent: string | null; disposition: string | null }>;

  beforeAll(async () => {
    world = await journeyWorld();
    const rows = [payer, keyPresser, disputer].map((number) => `${number},Asha,en-IN,ref,4500,2026-11-20,${1960 + (Number(number.slice(-2)) % 40)}`);
    const csv = ["phone,name,language,external_id,amount_due,due_date,birth_year", ...rows].join("\n");
    const id = await world.campaign({ template: "loan-collection", overrides: { limits: { attempts: 1, cps: 5 } } }, csv);
    await world.post(`/v1/campaigns/${id}/start`);
    await world.finished(id);
    attempts = new Map((await world.outcomes(id)).map((row) => [String(row.phone), { recording_consent: row.recording_consent as string | null, disposition: row.disposition as string | null }]));
  }, 120_000);
  afterAll(() => world.close());

  const ledgerOf = (number: string) => {
    const callSid = world.phones.ledger.callsTo(number)[0]?.callSid ?? "";
    return {
      answers: world.phones.ledger.eventsOf("recording_answer", callSid).map((event) => event.answer),
      recorded: world.phones.ledger.eventsOf("recording", callSid).some((event) => event.change === "started"),
    };
  };

  test.each([payer, keyPresser, disputer])("%s is recorded exactly when it said yes after hearing the notice, and is talked to either way", (number) => {
    const { answers, recorded } = ledgerOf(number);
    expect(recorded).toBe(answers.at(-1) === "yes");
    expect(attempts.get(number)?.recording_consent).toBe(answers.at(-1) === "yes" ? "given" : "refused");
    expect(attempts.get(number)?.disposition).toMatch(/promise_to_pay|dispute/);
  });

  test("somebody said yes, and nothing was recorded of anybody who had not", () => {
    expect([payer, keyPresser, disputer].some((number) => ledgerOf(number).recorded)).toBe(true);
    expect(world.phones.ledger.errors.filter((error) => error.code !== "webhook_failed")).toEqual([]);
  });
});
