import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutcomeRow } from "../../src/report/outcome-columns.ts";
import type { Intent } from "../../src/simulator/ledger-events.ts";
import { personaSlots } from "../../src/simulator/personas/persona-of.ts";
import { type JourneyWorld, journeyWorld, reminder, reminderHeader, reminderRow } from "./journey-world.ts";

/** One number for each kind of callee; every third speaks Hindi, every third English. */
const slots = [...new Map(personaSlots.map((name, slot) => [name, slot])).entries()];
const numberOf = new Map(slots.map(([name, slot]) => [name, `+91600002${String(slot).padStart(2, "0")}${String(slot + 25 * (slot % 3)).padStart(2, "0")}`]));

/** What the row must say when the person said nothing we could compare with. */
const withoutWords: Readonly<Record<string, { state: string; disposition: string }>> = {
  voicemail: { state: "exhausted", disposition: "voicemail" },
  switched_off: { state: "exhausted", disposition: "carrier_announcement" },
  busy: { state: "exhausted", disposition: "busy" },
  no_answer: { state: "exhausted", disposition: "no_answer" },
  not_reachable: { state: "exhausted", disposition: "unreachable" },
  not_in_service: { state: "exhausted", disposition: "invalid_number" },
};

function rowFor(intent: Intent): Record<string, unknown> | undefined {
  switch (intent.kind) {
    case "promise_to_pay":
      return { state: "done", disposition: "promise_to_pay", disposition_fields: { amount: intent.amountPaise / 100, date: intent.date } };
    case "already_paid":
      return { state: "done", disposition: "already_paid", disposition_fields: { date: intent.date } };
    case "callback":
      return { state: "waiting", disposition: "callback_requested" };
    case "dispute":
      return { state: "held", disposition: "dispute" };
    case "hardship":
      return { state: "held", disposition: "hardship" };
    case "opt_out":
      return { state: "done", disposition: "opted_out" };
    case "wrong_number":
      return { state: "done", disposition: "wrong_number" };
    case "not_verified":
      return { state: "done", disposition: "not_verified" };
    case "no_words":
      return { state: "exhausted", disposition: "abandoned" };
    default:
      return undefined;
  }
}

describe("a list with every kind of callee", () => {
  let world: JourneyWorld;
  let rows: Map<string, OutcomeRow>;

  beforeAll(async () => {
    // Hardly faster than life: a mark on its way back must not be a word late.
    world = await journeyWorld({ rate: 1.5 });
    const csv = [reminderHeader, ...[...numberOf.values()].map((number) => reminderRow(number))].join("\n");
    const id = await world.campaign(reminder, csv);
    await world.post(`/v1/campaigns/${id}/start`);
    await world.quiet(id);
    rows = new Map((await world.outcomes(id)).map((row) => [String(row.phone), row]));
  }, 240_000);
  afterAll(() => world.close());

  const story = (name: (typeof personaSlots)[number]) => {
    const number = numberOf.get(name) ?? "";
    const [call, ...more] = world.phones.ledger.callsTo(number);
    return { row: rows.get(number), call, more, intents: call ? world.phones.ledger.intentsOf(call.callSid) : [] };
  };

  test.each(slots.map(([name]) => name))("%s: the row is what that callee said", (name) => {
    const { row, call, more, intents } = story(name);
    expect(call?.persona).toBe(name);
    expect(more).toEqual([]);
    const said = intents.map(rowFor).findLast((expected) => expected !== undefined);
    expect(row).toMatchObject(withoutWords[name] ?? said ?? { attempts: 1 });
    expect(row).toMatchObject({ attempts: 1, blocked_reason: null });
  });

  test("the callback is promised for the instant that the person named", () => {
    const { row, intents } = story("call_at_six");
    const at = intents.find((intent) => intent.kind === "callback")?.at ?? "";
    expect(Date.parse(String(row?.next_attempt_at))).toBe(Date.parse(at));
    expect(Date.parse(String(row?.disposition_fields["at"]))).toBe(Date.parse(at));
  });

  test("who opted out is on the suppression list before the call ended", async () => {
    const { items } = await world.get<{ items: { number: string; source: string }[] }>("/v1/suppressions");
    expect(items).toContainEqual(expect.objectContaining({ number: numberOf.get("opts_out"), source: "call" }));
  });

  test("nothing of the loan was said to anybody who had not given the birth year", () => {
    for (const name of ["wrong_number", "relative", "wrong_birth_year", "voicemail", "says_nothing"] as const) {
      const { call } = story(name);
      const heard = world.phones.ledger.heardText(call?.callSid ?? "");
      expect(heard, name).not.toMatch(/4500|4,500|four thousand|चार हज़ार|20 December|बीस दिसंबर/i);
    }
  });

  test("what the interrupted agent believes it said is what the callee heard, but for the word at which it was cut", async () => {
    const { row, call } = story("interrupts");
    const detail = await world.get<{ attempts: { transcript: { speaker: string; text: string; interrupted: boolean }[] }[] }>(`/v1/calls/${row?.contact_id}`);
    const turns = (detail.attempts[0]?.transcript ?? []).filter((turn) => turn.speaker === "agent");
    expect(turns.some((turn) => turn.interrupted)).toBe(true);
    const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");
    const heard = words(world.phones.ledger.heardText(call?.callSid ?? ""));
    let at = 0;
    for (const [index, turn] of turns.entries()) {
      const believed = words(turn.text);
      expect(heard.slice(at, at + believed.length)).toEqual(believed);
      at += believed.length;
      // A mark that comes back with the clear proves nothing: that word may have been heard, and is not believed.
      if (turn.interrupted && heard[at] !== words(turns[index + 1]?.text ?? "")[0]) at += 1;
    }
    expect(heard.slice(at)).toEqual([]);
  });

  test("the phone world found nothing wrong with any of it", () => {
    // A callback that a busy machine answered 503 is sent again: late, but not a mistake.
    expect(world.phones.ledger.errors.filter((error) => error.code !== "webhook_failed")).toEqual([]);
  });
});
