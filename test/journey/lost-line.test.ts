import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { personaSlots } from "../../src/simulator/personas/persona-of.ts";
import { samplesPerMs } from "../../src/simulator/mulaw.ts";
import { type JourneyWorld, journeyWorld, reminder, reminderHeader, reminderRow } from "./journey-world.ts";

const slot = personaSlots.indexOf("pays") + 25;
const number = `+9160000610${slot}`;
/** From the loss of the line to the next word of the agent. */
const silenceBarMs = 5_000;

/** The carrier's stream breaks in the middle of a call while the process that talks in it lives on. */
describe("a line that is lost", () => {
  let world: JourneyWorld;
  beforeAll(async () => {
    world = await journeyWorld({ rate: 2 });
    world.phones.faults.onNumber(number, { cutStreamAfterMs: 6_000 });
    const id = await world.campaign(reminder, [reminderHeader, reminderRow(number)].join("\n"));
    await world.post(`/v1/campaigns/${id}/start`);
    await world.quiet(id);
    rows = await world.outcomes(id);
  }, 120_000);
  afterAll(() => world.close());
  let rows: Awaited<ReturnType<JourneyWorld["outcomes"]>> = [];

  const callSid = (): string => world.phones.ledger.callsTo(number)[0]?.callSid ?? "";
  const streams = () => world.phones.ledger.eventsOf("stream").filter((event) => event.callSid === callSid());

  test("comes back in a new stream, and the agent is heard again in time", () => {
    expect(streams().filter((event) => event.change === "started")).toHaveLength(2);
    const call = world.phones.ledger.callsTo(number)[0];
    const cutAtMs = streams().find((event) => event.change === "cut")?.atMs ?? 0;
    const heardAtMs = world.phones.ledger
      .eventsOf("heard")
      .filter((event) => event.callSid === callSid())
      .map((event) => (call?.answeredAtMs ?? 0) + event.startSample / samplesPerMs);
    const gapMs = Math.min(...heardAtMs.filter((atMs) => atMs > cutAtMs)) - cutAtMs;
    expect(gapMs).toBeLessThanOrEqual(silenceBarMs);
  });

  test("leaves one conversation, with what was said before and after, and its outcome", async () => {
    const [row] = rows;
    expect(row).toMatchObject({ attempts: 1, disposition: "promise_to_pay", failure_class: null });
    const { attempts } = await world.get<{ attempts: { transcript: { speaker: string; text: string }[] }[] }>(`/v1/calls/${row?.contact_id}`);
    const heard = attempts.flatMap((attempt) => attempt.transcript).filter((turn) => turn.speaker === "callee").map((turn) => turn.text).join(" ");
    const said = world.phones.ledger.saidBy(callSid()).filter((one) => one.finished);
    expect(heard).toContain(said[0]?.text.split(" ")[0]);
    expect(heard).toContain(said.at(-1)?.text.split(" ").at(-1));
  });

  test("the phone world found nothing wrong with any of it", () => {
    expect(world.phones.ledger.errors.filter((error) => error.code !== "webhook_failed")).toEqual([]);
  });
});
