import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wordsOf } from "../../src/talk/clauses.ts";
import { replay } from "../../src/talk/replay.ts";
import { believedText, phoneRig, type PhoneRig, type RiggedCall } from "./phone-rig.ts";

const personas = ["pays", "interrupts", "backchannels", "opts_out", "voicemail", "hangs_up_mid_sentence", "wrong_birth_year"] as const;
type Name = (typeof personas)[number];
const numberOf = (name: Name): string => `+9160000010${String(personas.indexOf(name)).padStart(2, "0")}`;

/** Whether the words stand in the others, in their order. */
function isPartOf(words: readonly string[], others: readonly string[]): boolean {
  let at = 0;
  for (const other of others) if (words[at] === other) at += 1;
  return at === words.length;
}

/** Real adapters, real wires, a callee at the other end; all calls at once, at four times the speed of life. */
describe("a call over the real wires", () => {
  let rig: PhoneRig;
  let calls: Readonly<Record<Name, RiggedCall>>;
  beforeAll(async () => {
    rig = await phoneRig({ rate: 4, world: { assign: (number) => personas[Number(number.slice(-2))] } });
    const talked = await Promise.all(personas.map(async (name) => [name, await rig.talk(numberOf(name))] as const));
    calls = Object.fromEntries(talked) as Record<Name, RiggedCall>;
  }, 120_000);

  afterAll(() => rig.close());

  // A mark is on its way back when the agent is stopped: at this speed, on a busy machine, that can be a word or two.
  test.each(personas)("%s: the agent believes nothing that the callee did not hear, and misses no more than was in flight", (name) => {
    const { result, callSid } = calls[name];
    const heard = rig.world.ledger.heardBy(callSid).map((one) => one.word);
    const believed = wordsOf(believedText(result));
    expect(isPartOf(believed, heard)).toBe(true);
    expect(heard.length - believed.length).toBeLessThanOrEqual(2 * Math.max(1, result.turns.filter((turn) => turn.interrupted).length));
  });

  test("the carrier and the services found nothing to complain of", () => {
    expect(rig.world.ledger.errors).toEqual([]);
  });

  test("one who pays: verified, the promise as said, the goodbye heard to its end", () => {
    const { result, callSid, firstSoundMs } = calls.pays;
    const facts = rig.facts(numberOf("pays"));
    expect(result).toMatchObject({ endReason: "agent_goodbye", hangupBy: "agent", answeredBy: "person", verified: true, disposition: "promise_to_pay" });
    expect(rig.world.ledger.intentsOf(callSid)).toContainEqual({ kind: "promise_to_pay", amountPaise: facts.amountPaise, date: result.fields["date"] });
    expect(result.fields["amount"]).toBe(facts.amountPaise);
    expect(rig.world.ledger.heardText(callSid)).toMatch(/नमस्ते।$/);
    expect(firstSoundMs).toBeLessThan(500);
    expect(result.turns.every((turn) => turn.speaker === "callee" || turn.text !== "")).toBe(true);
  });

  test("one who interrupts: the agent stopped in mid-sentence, and the call went on to its promise", () => {
    const { result, callSid } = calls.interrupts;
    expect(result.turns.some((turn) => turn.interrupted === true && turn.intended !== undefined && turn.intended.startsWith(turn.text))).toBe(true);
    expect(rig.world.ledger.sentText(callSid).length).toBeGreaterThanOrEqual(rig.world.ledger.heardText(callSid).length);
    expect(result.disposition).toBe("promise_to_pay");
  });

  test("one who says haan and hmm all the time stops the agent for a moment only, and hears its goodbye", () => {
    const { result, recording } = calls.backchannels;
    expect(replay(recording).effects.filter((effect) => effect.do === "replay").length).toBeGreaterThan(0);
    expect(result.endReason).toBe("agent_goodbye");
    expect(believedText(result)).toContain("नमस्ते।");
  });

  test("one who wants no calls: written during the call, confirmed, not argued with", () => {
    const { result } = calls.opts_out;
    expect(rig.optOuts).toHaveLength(1);
    expect(result).toMatchObject({ endReason: "opted_out", optedOut: true, disposition: "opted_out", verified: false });
    expect(believedText(result)).toContain("अब हम आपको कॉल नहीं करेंगे।");
  });

  test("a voicemail: no message, no secret, and soon over", () => {
    const { result } = calls.voicemail;
    expect(result).toMatchObject({ endReason: "voicemail", answeredBy: "voicemail", disposition: "voicemail" });
    expect(believedText(result)).not.toMatch(/रुपये/);
  });

  test("one who hangs up in mid-sentence", () => {
    expect(calls.hangs_up_mid_sentence.result).toMatchObject({ endReason: "callee_hung_up", hangupBy: "callee" });
  });

  test("one who cannot be verified hears nothing of the matter", () => {
    const { result } = calls.wrong_birth_year;
    expect(result).toMatchObject({ verified: false, disposition: "not_verified" });
    expect(believedText(result)).not.toMatch(/रुपये|दिसंबर/);
  });

  test.each(personas)("%s: the recording replays to the same turns", (name) => {
    const { result, recording } = calls[name];
    const finish = replay(recording).effects.find((effect) => effect.do === "finish");
    expect(finish?.do === "finish" && finish.result.turns).toEqual(result.turns);
  });

  test("every conversation was reported over", () => {
    expect(rig.ended).toHaveLength(personas.length);
    expect(rig.live.live).toBe(0);
  });
});
