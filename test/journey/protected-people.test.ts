import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JourneyWorld, journeyWorld, reminder, reminderHeader, reminderRow } from "./journey-world.ts";

/** A paying callee's number: the last two digits decide the persona. */
const payer = (tail: number): string => `+9160000${String(30_000 + tail * 100).padStart(5, "0")}`;
const optsOut = "+916000041009";

/** The witness is the carrier's ledger, never our own tables. */
describe("people who must not be called", () => {
  let world: JourneyWorld;
  beforeAll(async () => {
    world = await journeyWorld({ rate: 5 });
  }, 60_000);
  afterAll(() => world.close());

  const callsTo = (number: string) => world.phones.ledger.callsTo(number);
  const list = (...numbers: string[]): string => [reminderHeader, ...numbers.map((number) => reminderRow(number))].join("\n");

  test("a number on the suppression list is not dialed, by no campaign and not as a single call", async () => {
    const [suppressed, free] = [payer(1), payer(2)];
    await world.post("/v1/suppressions", { numbers: [suppressed], reason: "asked for it" });
    const id = await world.campaign(reminder, list(suppressed, free));
    await world.post(`/v1/campaigns/${id}/start`);
    await world.post("/v1/calls", { template: "appointment-reminder", to: suppressed, variables: { name: "Asha", appointment_at: "2026-12-03 11:30" } });
    await world.finished(id);
    expect(callsTo(suppressed)).toEqual([]);
    expect(callsTo(free)).toHaveLength(1);
    expect((await world.outcomes(id)).find((row) => row.phone === suppressed)).toMatchObject({ state: "blocked", blocked_reason: "suppressed" });
  }, 90_000);

  test("who says 'do not call' in one campaign is not dialed by another that had the number waiting", async () => {
    const first = await world.campaign(reminder, list(optsOut));
    const second = await world.campaign(reminder, list(optsOut));
    await world.post(`/v1/campaigns/${first}/start`);
    await world.finished(first);
    expect((await world.outcomes(first))[0]).toMatchObject({ disposition: "opted_out" });
    const refused = await world.ask("POST", `/v1/campaigns/${second}/start`, {});
    expect(refused.status).toBe(409);
    expect(callsTo(optsOut)).toHaveLength(1);
    expect((await world.outcomes(second))[0]).toMatchObject({ state: "blocked", blocked_reason: "suppressed" });
  }, 90_000);

  test("two campaigns with one number never ring it at the same time", async () => {
    const both = payer(3);
    const ids = await Promise.all([1, 2].map(() => world.campaign(reminder, list(both))));
    await Promise.all(ids.map((id) => world.post(`/v1/campaigns/${id}/start`)));
    await Promise.all(ids.map((id) => world.finished(id)));
    const calls = callsTo(both);
    expect(calls).toHaveLength(2);
    const [one, other] = calls.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
    expect(other?.createdAtMs).toBeGreaterThanOrEqual(one?.endedAtMs ?? Number.POSITIVE_INFINITY);
    expect(world.phones.ledger.errors.filter((error) => error.code === "second_live_call")).toEqual([]);
  }, 120_000);

  test("a paused campaign dials nobody until it is resumed", async () => {
    const number = payer(4);
    const id = await world.campaign(reminder, list(number, payer(5)));
    await world.post(`/v1/campaigns/${id}/start`);
    await world.post(`/v1/campaigns/${id}/pause`);
    const before = world.phones.ledger.calls().length;
    await new Promise<void>((resolve) => void world.clock.setTimer(10_000, resolve));
    const during = world.phones.ledger.calls().length;
    expect(during - before).toBeLessThanOrEqual(0);
    await world.post(`/v1/campaigns/${id}/resume`);
    await world.finished(id);
    expect(callsTo(number)).toHaveLength(1);
  }, 120_000);

  test("after the end of the window nobody is dialed until it opens again", async () => {
    const number = payer(6);
    world.clock.jumpTo(Date.parse("2026-12-01T19:40:00+05:30"));
    const id = await world.campaign(reminder, list(number));
    await world.post(`/v1/campaigns/${id}/start`);
    await new Promise<void>((resolve) => void world.clock.setTimer(8_000, resolve));
    expect(callsTo(number)).toEqual([]);
    expect((await world.progress(id)).not_dialing_because).toContainEqual(expect.objectContaining({ reason: "window", until: "2026-12-02T09:30:00.000+05:30" }));
    await world.finished(id, { skipIdleHours: true });
    const [call] = callsTo(number);
    expect(call?.createdAtMs).toBeGreaterThanOrEqual(Date.parse("2026-12-02T09:30:00+05:30"));
  }, 120_000);

  test("a promotional list is dialed only after its scrub of the day, and never where the register blocks", async () => {
    const [blocked, free] = [payer(7), payer(8)];
    const csv = ["phone,name,offer", `${blocked},Asha,ten percent`, `${free},Ravi,ten percent`].join("\n");
    const id = await world.campaign({ template: "festive-offer", overrides: { limits: { attempts: 1 } } }, csv);
    expect((await world.ask("POST", `/v1/campaigns/${id}/start`, {})).status).toBe(409);
    await world.post(`/v1/campaigns/${id}/scrub-runs`, { provider: "register", reference: "R-1", scrubbed_at: world.clock.now().toISO(), blocked: [blocked] });
    await world.post(`/v1/campaigns/${id}/start`);
    await world.finished(id, { skipIdleHours: true });
    expect(callsTo(blocked)).toEqual([]);
    expect(callsTo(free)).toHaveLength(1);
  }, 120_000);

  test("the phone world found nothing wrong with any of it", () => {
    expect(world.phones.ledger.errors.filter((error) => error.code !== "webhook_failed")).toEqual([]);
  });
});
