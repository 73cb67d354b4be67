import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { paiseFromRupees } from "../../src/domain/money.ts";
import { foldedWords } from "../../src/simulator/services/hearing/fold.ts";
import { spokenAmountPaise } from "../../src/simulator/services/hearing/spoken-amounts.ts";
import { spokenDate } from "../../src/simulator/services/hearing/spoken-dates.ts";
import { spokenInstant } from "../../src/simulator/services/hearing/spoken-times.ts";
import type { Intent } from "../../src/simulator/ledger-events.ts";
import { calleeFacts, tongues } from "../../src/simulator/personas/callee-facts.ts";
import { nextSix } from "../../src/simulator/personas/later.ts";
import { personaOf, personas, personaSlots } from "../../src/simulator/personas/persona-of.ts";
import { spokenDay, spokenHour, spokenRupees } from "../../src/simulator/personas/spoken.ts";
import { talk, type TableTalk } from "./support/table-talk.ts";

const hindi = {
  greeting: "नमस्ते आशा जी, मैं सहायक फाइनेंस से आशा, एक ऑटोमेटेड असिस्टेंट बोल रही हूँ।",
  verify: "कृपया अपना जन्म का साल बताइए?",
  ask: "आपकी 4500 रुपये की किस्त बाकी है। आप कब भुगतान करेंगे?",
  confirm: "तो मैंने लिख लिया है, क्या यह सही है?",
  goodbye: "धन्यवाद, आपका दिन शुभ हो।",
};
const english = {
  greeting: "Hello Asha, this is Asha, the automated assistant of Sahayak Finance.",
  verify: "Could you please tell me your year of birth?",
  ask: "Your instalment of 4500 rupees is due. When will you pay?",
  confirm: "I have noted that, is that right?",
  goodbye: "Thank you, have a good day.",
};
const all = (lines: typeof hindi): string[] => [lines.greeting, lines.verify, lines.ask, lines.confirm, lines.goodbye];
const intents = (result: TableTalk): Intent[] => result.ledger.intentsOf("CA");

describe("the callees", () => {
  it("are at least a dozen kinds, and every slot names one", () => {
    expect(personas.size).toBeGreaterThanOrEqual(20);
    expect(new Set(personaSlots).size).toBe(personas.size);
    expect(personaOf("+916000001057").name).toBe("busy");
    expect(calleeFacts("+916000001057")).toMatchObject({ birthYear: 1960 + 17, tongue: "english" });
  });

  it.each([
    ["Hindi", hindi, "+916000001025", ["हेलो?", "हाँ जी, बोलिए।", "मेरा जन्म 1985 का है।", "मैं तीस तारीख को चार हज़ार पाँच सौ रुपये दे दूँगा।", "हाँ, सही है।", "ठीक है, धन्यवाद।"]],
    ["Hindi in Latin letters", hindi, "+916000001000", ["Hello?", "Haan ji, boliye.", "Mera janm 1960 ka hai.", "Main 25 tareekh ko 4500 rupaye de doonga.", "Haan, sahi hai.", "Theek hai, dhanyavaad."]],
    ["English", english, "+916000001025", ["हेलो?", "Yes, go ahead.", "I was born in 1985.", "I will pay 4500 rupees on 30 November.", "Yes, that is correct.", "Okay, thank you."]],
  ])("pay in %s", (_, lines, number, said) => {
    const result = talk("pays", all(lines), { number });
    expect(result.said).toEqual(said);
    expect(result.heardText).toBe(all(lines).join(" "));
  });

  it.each([
    ["pays", { kind: "promise_to_pay", amountPaise: 450_000, date: "2026-11-25" }],
    ["pays_part", { kind: "promise_to_pay", amountPaise: 225_000, date: "2026-11-25" }],
    ["already_paid", { kind: "already_paid", amountPaise: 450_000, date: "2026-11-21" }],
    ["disputes", { kind: "dispute" }],
    ["opts_out", { kind: "opt_out" }],
    ["wrong_number", { kind: "wrong_number" }],
    ["lost_job", { kind: "hardship" }],
    ["call_at_six", { kind: "callback", at: "2026-11-23T18:00:00.000+05:30" }],
    ["relative", { kind: "callback", at: "2026-11-24T11:00:00.000+05:30" }],
    ["wrong_birth_year", { kind: "not_verified" }],
    ["slow_talker", { kind: "promise_to_pay", amountPaise: 450_000, date: "2026-11-25" }],
    ["backchannels", { kind: "promise_to_pay", amountPaise: 450_000, date: "2026-11-25" }],
    ["interrupts", { kind: "promise_to_pay", amountPaise: 450_000, date: "2026-11-25" }],
    ["asks_if_robot", { kind: "promise_to_pay", amountPaise: 450_000, date: "2026-11-25" }],
    ["says_nothing", { kind: "no_words" }],
  ] as const)("%s means what it says, in Hindi and in English", (name, intent) => {
    for (const lines of [hindi, english]) {
      const result = talk(name, [lines.greeting, lines.verify, lines.verify, lines.ask, lines.ask, lines.goodbye]);
      expect(intents(result), result.said.join(" | ")).toContainEqual(intent);
    }
  });

  it("wrong_birth_year gives two different years, neither its own", () => {
    const { said } = talk("wrong_birth_year", [english.greeting, english.verify, english.verify]);
    expect(said).toEqual(["Hello?", "Yes, go ahead.", "I was born in 1967.", "I was born in 1963."]);
  });

  it("interrupts cuts into the second utterance while it is being spoken", () => {
    const { ledger } = talk("interrupts", [english.greeting, english.verify, english.ask]);
    const heard = ledger.heardUtterances("CA");
    const cut = ledger.saidBy("CA").find((one) => one.text.startsWith("Wait"));
    const second = heard.find((one) => one.text.startsWith("Could"));
    expect(cut?.startSample).toBeGreaterThan(second?.startSample ?? 0);
    expect(cut?.startSample).toBeLessThan(second?.endSample ?? 0);
  });

  it("interrupts waits for what the agent says to that, instead of answering half a sentence", () => {
    const { said } = talk("interrupts", [english.greeting, english.verify, english.verify], { yields: true });
    expect(said).toEqual(["Hello?", "Yes, go ahead.", "Wait, wait a minute, please be quick.", "I was born in 1960."]);
  });

  it("keep silent when the agent goes on after a breath, and answer the whole", () => {
    const { said } = talk("pays", [`${english.greeting}||${english.verify}`]);
    expect(said).toEqual(["Hello?", "I was born in 1960."]);
  });

  it("backchannels speaks a single word into the agent's sentence and lets it go on", () => {
    const { ledger } = talk("backchannels", [english.greeting]);
    const [first] = ledger.heardUtterances("CA");
    expect(ledger.saidBy("CA").filter((one) => one.startSample > (first?.startSample ?? 0) && one.endSample < (first?.endSample ?? 0)).map((one) => one.text)).toEqual(["haan"]);
    expect(first?.text).toBe(english.greeting);
  });

  it("hangs up in the middle of a sentence", () => {
    const result = talk("hangs_up_mid_sentence", [english.greeting, english.verify]);
    expect(result.hungUp).toBe(true);
    expect(result.heardText).toMatch(/Could you please tell\b/);
    expect(result.heardText).not.toContain("birth");
  });

  it("asks for the other language, and then promises in it", () => {
    const number = "+916000001001";
    expect(talk("switches_language", [english.greeting, hindi.verify, hindi.ask], { number }).said).toEqual(["Hello?", "Mujhe English nahi aati. Hindi mein boliye.", "Mera janm 1961 ka hai.", "Main 26 tareekh ko 4500 rupaye de doonga."]);
    expect(talk("switches_language", [hindi.greeting, english.verify]).said).toEqual(["Hello?", "Sorry, I do not understand Hindi. Please speak in English.", "I was born in 1960."]);
  });

  it("thinks in the middle of a sentence when it talks slowly", () => {
    const { ledger } = talk("slow_talker", [english.ask]);
    const [well, promise] = ledger.saidBy("CA").slice(-2);
    expect((promise?.startSample ?? 0) - (well?.endSample ?? 0)).toBeGreaterThanOrEqual(700 * 8);
  });

  it("answers a voicemail's greeting with nothing, and beeps before it records", () => {
    const { said, seconds } = talk("voicemail", [], { lingerMs: 60_000 });
    expect(said.join(" ")).toMatch(/leave a message after the beep/);
    expect(seconds).toBeGreaterThan(35);
  });

  it("announces in two languages that a phone is switched off, and hangs up", () => {
    const { said, hungUp } = talk("switched_off", [], { lingerMs: 60_000 });
    expect(said).toHaveLength(3);
    expect(hungUp).toBe(true);
  });

  it("never speaks as says_nothing, and hangs up after a minute", () => {
    const { said, hungUp, seconds } = talk("says_nothing", [english.greeting], { lingerMs: 90_000 });
    expect(said).toEqual([]);
    expect(hungUp).toBe(true);
    expect(seconds).toBeGreaterThan(60);
  });

  it("asks whether anybody is there, and hangs up on a dead line", () => {
    const { said, hungUp } = talk("pays", [], { lingerMs: 60_000 });
    expect(said).toEqual(["Hello?", "Hello? Aap sun rahe hain?", "Hello? Aap sun rahe hain?", "Hello? Aap sun rahe hain?"]);
    expect(hungUp).toBe(true);
  });

  it("answers the recording question by voice or by key", () => {
    const notice = "This call may be recorded. Say yes or press one to agree, say no or press two if you do not.";
    expect(talk("pays", [notice]).ledger.eventsOf("recording_answer", "CA")).toMatchObject([{ answer: "yes" }]);
    expect(talk("opts_out", [notice]).ledger.eventsOf("recording_answer", "CA")).toMatchObject([{ answer: "no" }]);
    expect(talk("pays_part", [notice])).toMatchObject({ pressed: "1" });
    expect(talk("wrong_number", [notice]).ledger.eventsOf("recording_answer", "CA")).toEqual([]);
  });

  it("does the same for the same seed and something else in time for another", () => {
    const starts = (seed: number): number[] => talk("pays", all(english), { seed }).ledger.saidBy("CA").map((one) => one.startSample);
    expect(starts(5)).toEqual(starts(5));
    expect(starts(5)).not.toEqual(starts(6));
  });

  it("reacts like a person: after the agent's end, within a second and a half", () => {
    const { ledger } = talk("pays", all(english));
    const ends = ledger.heardUtterances("CA").map((one) => one.endSample);
    for (const [index, reply] of ledger.saidBy("CA").slice(1).entries()) {
      const afterMs = (reply.startSample - (ends[index] ?? 0)) / 8;
      expect(afterMs).toBeGreaterThan(700);
      expect(afterMs).toBeLessThan(1_500);
    }
  });

  it("speak amounts, days and hours that the ear turns back into the same, in every tongue", () => {
    const today = DateTime.fromISO("2026-11-23T11:00", { zone: "Asia/Kolkata" }) as DateTime<true>;
    for (const tongue of tongues) {
      for (let rupees = 50; rupees < 12_000; rupees += rupees < 3_000 ? 7 : 650) {
        const spoken = spokenRupees(rupees * 100, tongue);
        expect(spokenAmountPaise(foldedWords(spoken)), spoken).toBe(paiseFromRupees(String(rupees)));
      }
      for (let days = 2; days <= 27; days += 1) {
        const spoken = spokenDay(today.startOf("day").plus({ days }), tongue);
        expect(spokenDate(foldedWords(spoken), today)?.toISODate(), spoken).toBe(today.plus({ days }).toISODate());
      }
      for (const hour of [9, 17, 20]) {
        const now = today.set({ hour });
        const at = nextSix(now);
        const spoken = spokenHour(at, now, tongue);
        expect(spokenInstant(foldedWords(spoken), now)?.toISO(), spoken).toBe(at.toISO());
      }
    }
  });
});
