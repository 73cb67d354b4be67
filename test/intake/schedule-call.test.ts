import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { definitionSchema } from "../../src/domain/definition.ts";
import type { CampaignId } from "../../src/domain/ids.ts";
import { type CallRequest, scheduleCall } from "../../src/intake/schedule-call.ts";
import { intakeFixture, listDefinition } from "./intake-fixture.ts";

let world: Awaited<ReturnType<typeof intakeFixture>>;
let campaignId: CampaignId;
beforeAll(async () => {
  world = await intakeFixture();
  campaignId = await world.write.campaign(world.accountId, { kind: "single_calls", template: "emi-reminder", state: "running", definitionSource: listDefinition });
});
afterAll(() => world.close());

const definition = definitionSchema.parse(listDefinition);
const schedule = (call: Partial<CallRequest>, requestKey?: string) =>
  scheduleCall(world.deps, { accountId: world.accountId, campaignId, definition, call: { to: "98765 43210", variables: { amount_due: 4500 }, ...call }, ...(requestKey === undefined ? {} : { requestKey }) });

describe("scheduling one call", () => {
  it("makes a waiting contact, due now or at not_before", async () => {
    const now = await schedule({ name: "Asha", externalId: "CRM-7", language: "en-IN" });
    expect(now).toMatchObject({ state: "waiting", nextAttemptAt: new Date("2026-12-01T10:00:00+05:30") });
    const later = await schedule({ to: "9876543211", notBefore: "2026-12-02 11:00" });
    expect(later.nextAttemptAt).toEqual(new Date("2026-12-02T11:00:00+05:30"));
    expect((await world.contacts(campaignId)).find((contact) => contact.id === now.id)).toMatchObject({
      phone: "+919876543210",
      name: "Asha",
      externalId: "CRM-7",
      language: "en-IN",
      variables: { amount_due: 450_000 },
    });
  });

  it("refuses a second call to a number while the first is open, and allows it afterwards", async () => {
    const first = await schedule({ to: "9876543230" });
    await expect(schedule({ to: "+91 98765 43230" })).rejects.toMatchObject({ status: 409, code: "call_already_scheduled", extra: { call_id: first.id } });
    await world.deps.db.updateTable("contacts").set({ state: "done" }).where("id", "=", first.id).execute();
    const second = await schedule({ to: "9876543230" });
    expect(second.id).not.toBe(first.id);
  });

  it("50 equal requests at once schedule one call", async () => {
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => schedule({ to: "9876543240" })));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  });

  it("R1.7 the same request never schedules a second call, not even after the first one was made", async () => {
    const first = await schedule({ to: "9876543260" }, "order-7");
    expect(await schedule({ to: "9876543260" }, "order-7")).toEqual(first);
    await world.deps.db.updateTable("contacts").set({ state: "done" }).where("id", "=", first.id).execute();
    expect((await schedule({ to: "9876543260" }, "order-7")).id).toBe(first.id);
    const atOnce = await Promise.all(Array.from({ length: 20 }, () => schedule({ to: "9876543261" }, "order-8")));
    expect(new Set(atOnce.map((call) => call.id)).size).toBe(1);
    await expect(schedule({ to: "9876543262" }, "order-7")).rejects.toMatchObject({ status: 422, code: "idempotency_key_reused" });
    expect(JSON.stringify(await world.deps.db.selectFrom("contacts").select("request_key").execute())).not.toContain("order-7");
  });

  it("a request of more than a week ago does not stand in the way of one with the same key", async () => {
    const first = await schedule({ to: "9876543270" }, "weekly");
    await world.deps.db.updateTable("contacts").set({ state: "done", added_at: new Date(world.clock.nowMs() - 7 * 86_400_000) }).where("id", "=", first.id).execute();
    const second = await schedule({ to: "9876543270" }, "weekly");
    expect(second.id).not.toBe(first.id);
    expect((await schedule({ to: "9876543270" }, "weekly")).id).toBe(second.id);
  });

  it("names every wrong field", async () => {
    await expect(schedule({ to: "1800 123 456", variables: { amount_due: "lots", due_date: "soon" }, language: "Klingon", notAfter: "2020-01-01" })).rejects.toMatchObject({
      status: 422,
      code: "invalid_call",
      errors: [{ path: "to" }, { path: "language" }, { path: "not_after" }, { path: "variables.amount_due" }, { path: "variables.due_date" }],
    });
    await expect(schedule({ variables: {} })).rejects.toMatchObject({ errors: [{ path: "variables.amount_due" }] });
  });

  it("names an unknown variable where it stands, together with what is missing, and lets none stand in for the number", async () => {
    await expect(schedule({ to: "9876543250", variables: { zzz: "red", phone: "9876543251" } })).rejects.toMatchObject({
      code: "invalid_call",
      errors: [{ path: "variables.amount_due" }, { path: "variables.zzz", message: expect.stringContaining("amount_due") }, { path: "variables.phone" }],
    });
    await expect(schedule({ to: "12", variables: { zzz: 1 } })).rejects.toMatchObject({ errors: [{ path: "to" }, { path: "variables.amount_due" }, { path: "variables.zzz" }] });
  });

  it("answers the first instant at which it may ring, and the window it waits for", async () => {
    const night = await schedule({ to: "9876543280", notBefore: "2026-12-01 21:30" });
    expect(night).toMatchObject({ nextAttemptAt: new Date("2026-12-02T09:00:00+05:30"), waitingBecause: "outside_service_window" });
    expect(await world.deps.db.selectFrom("contacts").select(["next_attempt_at", "waiting_because"]).where("id", "=", night.id).executeTakeFirst()).toEqual({
      next_attempt_at: new Date("2026-12-02T09:00:00+05:30"),
      waiting_because: "outside_service_window",
    });
    const narrow = definitionSchema.parse({ ...listDefinition, window: { from: "11:00", to: "12:00" } });
    const call = { to: "9876543281", variables: { amount_due: 1 } };
    expect(await scheduleCall(world.deps, { accountId: world.accountId, campaignId, definition: narrow, call })).toMatchObject({
      nextAttemptAt: new Date("2026-12-01T11:00:00+05:30"),
      waitingBecause: "outside_campaign_window",
    });
    expect(await schedule({ to: "9876543282" })).toMatchObject({ nextAttemptAt: new Date("2026-12-01T10:00:00+05:30"), waitingBecause: null });
  });
});
