import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutcomeRow } from "../../src/report/outcome-columns.ts";
import { personaSlots } from "../../src/simulator/personas/persona-of.ts";
import type { ServiceName } from "../../src/simulator/services/service-deps.ts";
import { type JourneyOptions, type JourneyWorld, journeyWorld, reminder, reminderHeader, reminderRow } from "./journey-world.ts";

const names = ["pays", "disputes", "interrupts"] as const;
type Name = (typeof names)[number];
const numberOf = (name: Name): string => `+9160000600${personaSlots.indexOf(name) + 25}`;

interface Stage {
  options: JourneyOptions;
  /** The most words that a call may miss: those that were on their way when the ears failed. */
  mostMissing: number;
  happens?(world: JourneyWorld): void;
}

const stages = {
  "Deepgram dead from the first second": {
    options: { phones: { services: { faults: { deepgram: { kind: "always", fault: { kind: "blackhole" } } } } } },
    mostMissing: 0,
  },
  "Deepgram dead from second 20": {
    options: {},
    mostMissing: 3,
    happens({ phones, clock }) {
      const answered = phones.ledger.until((event) => event.kind === "status" && event.status === "in-progress");
      void answered.then(() =>
        clock.setTimer(20_000, () => {
          phones.services.faults.set("deepgram", { kind: "always", fault: { kind: "reset" } });
          phones.services.cut("deepgram");
        }),
      );
    },
  },
  "OpenAI alone": { options: { environment: { STT_PROVIDERS: "openai" } }, mostMissing: 0 },
} satisfies Record<string, Stage>;
type StageName = keyof typeof stages;
const stageNames = Object.keys(stages) as StageName[];

interface Call {
  row: OutcomeRow;
  /** What the callee said, by the phone world's ledger, and what our side heard: word by word. */
  said: readonly string[];
  heard: readonly string[];
  intents: readonly { kind: string }[];
}
const wordsOf = (texts: readonly string[]): string[] => texts.flatMap((text) => text.split(/\s+/)).filter((word) => word !== "");

/** R4.3: whatever happens to the first vendor of ears, the second hears the call to its end. */
describe("ears that fail", () => {
  const worlds = new Map<StageName, JourneyWorld>();
  const calls = new Map<string, Call>();

  beforeAll(async () => {
    await Promise.all(stageNames.map((stage) => run(stage, stages[stage])));
  }, 240_000);
  afterAll(() => Promise.all([...worlds.values()].map((world) => world.close())));

  async function run(stage: StageName, { options, happens }: Stage): Promise<void> {
    // Slow enough that a busy machine still opens a session in time.
    const world = await journeyWorld({ rate: 2, ...options });
    worlds.set(stage, world);
    happens?.(world);
    const id = await world.campaign(reminder, [reminderHeader, ...names.map((name) => reminderRow(numberOf(name)))].join("\n"));
    await world.post(`/v1/campaigns/${id}/start`);
    await world.quiet(id);
    const { ledger } = world.phones;
    for (const row of await world.outcomes(id)) {
      const name = names.find((one) => numberOf(one) === row.phone) ?? "";
      const callSid = ledger.callsTo(String(row.phone))[0]?.callSid ?? "";
      const { attempts } = await world.get<{ attempts: { transcript: { speaker: string; text: string }[] }[] }>(`/v1/calls/${row.contact_id}`);
      const turns = attempts.flatMap((attempt) => attempt.transcript).filter((turn) => turn.speaker === "callee");
      const said = ledger.saidBy(callSid).filter((one) => one.finished);
      calls.set(`${stage} ${name}`, { row, said: wordsOf(said.map((one) => one.text)), heard: wordsOf(turns.map((turn) => turn.text)), intents: ledger.intentsOf(callSid) });
    }
  }
  const callOf = (stage: StageName, name: Name): Call => {
    const call = calls.get(`${stage} ${name}`);
    if (!call) throw new Error(`expected a call to ${name}`);
    return call;
  };
  const secondsOf = (stage: StageName, service: ServiceName): number =>
    (worlds.get(stage)?.phones.ledger.eventsOf("service") ?? []).filter((event) => event.service === service).reduce((sum, event) => sum + Number(event.fields["seconds"] ?? 0), 0);

  const each = stageNames.flatMap((stage) => names.map((name) => [stage, name] as const));
  test.each(each)("%s: of %s every sentence is heard, once and in order", (stage, name) => {
    const { said, heard } = callOf(stage, name);
    const missing = said.length - heard.length;
    expect(missing, `${said.join(" ")} | ${heard.join(" ")}`).toBeLessThanOrEqual(stages[stage].mostMissing);
    // What is missing is missing in one place.
    const from = said.findIndex((word, at) => word !== heard[at]);
    expect(heard).toEqual(missing === 0 ? said : [...said.slice(0, from), ...said.slice(from + missing)]);
  });

  test.each(each)("%s: the row of %s is what it said", (stage, name) => {
    const { row, intents } = callOf(stage, name);
    const intent = intents.findLast((one) => one.kind === "promise_to_pay" || one.kind === "dispute");
    expect(row).toMatchObject({ attempts: 1, disposition: intent?.kind, failure_class: null });
  });

  test("each vendor heard what was its to hear", () => {
    expect(secondsOf("Deepgram dead from the first second", "deepgram")).toBe(0);
    expect(secondsOf("OpenAI alone", "deepgram")).toBe(0);
    expect(secondsOf("Deepgram dead from second 20", "deepgram")).toBeGreaterThan(0);
    for (const stage of stageNames) expect(secondsOf(stage, "openai_transcription"), stage).toBeGreaterThan(10);
  });

  test("the phone world found nothing wrong with any of it", () => {
    for (const world of worlds.values()) expect(world.phones.ledger.errors.filter((error) => error.code !== "webhook_failed")).toEqual([]);
  });
});
