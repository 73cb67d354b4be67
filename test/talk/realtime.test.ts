import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAiSpeechModel } from "../../src/adapters/openai/speech-model.ts";
import { recordingLog } from "../support/log.ts";
import { believedText, phoneRig, type PhoneRig, type RiggedCall, shippedDefinition } from "./phone-rig.ts";

const personas = ["pays", "interrupts", "opts_out"] as const;
type Name = (typeof personas)[number];
const numberOf = (name: Name): string => `+9160000010${String(personas.indexOf(name)).padStart(2, "0")}`;
const log = recordingLog();

/** Speech to speech: the model hears and speaks the telephone's own audio, our rules decide the rest. */
describe("the realtime pipeline", () => {
  let rig: PhoneRig;
  let calls: Readonly<Record<Name, RiggedCall>>;
  beforeAll(async () => {
    rig = await phoneRig({
      rate: 3,
      log,
      definition: { ...shippedDefinition("emi-reminder"), pipeline: "realtime" },
      world: { assign: (number) => personas[Number(number.slice(-2))] },
      deps: (deps, { world, clock }) => ({
        ...deps,
        speechModel: openAiSpeechModel({ apiKey: "openai-key", baseUrl: `${world.origin}/v1`, model: "gpt-realtime-2.1", voice: "marin", transcriptionModel: "gpt-live-transcribe", clock, log, certificatePem: world.certificatePem }),
      }),
    });
    const talked = await Promise.all(personas.map(async (name) => [name, await rig.talk(numberOf(name))] as const));
    calls = Object.fromEntries(talked) as Record<Name, RiggedCall>;
  }, 120_000);
  afterAll(() => rig.close());

  test("one who pays: the promise as said, the goodbye to its end", () => {
    const { result } = calls.pays;
    expect(result).toMatchObject({ endReason: "agent_goodbye", verified: true, disposition: "promise_to_pay" });
    expect(result.fields["amount"]).toBe(rig.facts(numberOf("pays")).amountPaise);
  });

  test("an opt-out is heard by our rule before the model can answer", () => {
    expect(calls.opts_out.result).toMatchObject({ endReason: "opted_out", optedOut: true });
    expect(rig.optOuts).toHaveLength(1);
  });

  test("an interrupted answer is cut off, and the call goes on", () => {
    const { result } = calls.interrupts;
    expect(result.turns.some((turn) => turn.interrupted === true)).toBe(true);
    expect(result.disposition).toBe("promise_to_pay");
  });

  test("sentences by rule are said word for word, the model's own as the model wrote them", () => {
    const { result, callSid } = calls.pays;
    expect(believedText(result)).toBe(rig.world.ledger.heardText(callSid));
    expect(believedText(result)).toMatch(/^नमस्ते Asha जी, मैं सहायक फाइनेंस से आशा, एक ऑटोमेटेड असिस्टेंट बोल रही हूँ।/);
    expect(believedText(result)).toContain("₹1,200");
  });

  test("the services found nothing to complain of, and no stand-in was needed", () => {
    expect(rig.world.ledger.errors).toEqual([]);
    expect(log.sentences("warn")).toEqual([]);
  });
});
