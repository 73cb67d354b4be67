import { describe, expect, it } from "vitest";
import { asksForKey, mentionsRecording, soundsEnglish, topicOf } from "../../src/simulator/callee-understanding.ts";
import { phrasebookOf } from "../../src/simulator/services/brain/phrasebook.ts";

describe("what a callee makes of an agent's words", () => {
  it.each([
    ["नमस्ते Ravi जी, मैं सहायक फाइनेंस से आशा, एक ऑटोमेटेड असिस्टेंट बोल रही हूँ।", "identity"],
    ["Hello Ravi, this is Asha, the automated assistant of Sahayak Finance.", "identity"],
    ["Kya meri baat Ravi ji se ho rahi hai?", "identity"],
    ["Kripya apna janm ka saal bata dijiye.", "birth_year"],
    ["Thank you. For verification, what is your year of birth?", "birth_year"],
    ["Aapki 4500 rupaye ki kist 5 tareekh ko due hai. Aap kab pay karenge?", "payment"],
    ["Theek hai, 25 tareekh ko 4500 rupaye. Kya yeh sahi hai?", "confirm"],
    ["यह कॉल रिकॉर्ड की जा सकती है। सहमत हों तो हाँ कहें या एक दबाएँ, नहीं तो नहीं कहें या दो दबाएँ।", "recording"],
    ["This call may be recorded. Say yes or press one to agree, say no or press two if you do not.", "recording"],
    ["This call is recorded. Am I speaking with Ravi?", "recording"],
    ["Sorry, could you say that again?", "repeat"],
    ["धन्यवाद, आपका दिन शुभ हो।", "goodbye"],
    ["Theek hai, dhanyavaad.", "goodbye"],
    ["Thank you. When will you pay?", "payment"],
    ["", "other"],
  ] as const)("%s → %s", (text, topic) => {
    expect(topicOf(text)).toBe(topic);
  });

  it.each(["hindi", "english"] as const)("understands every question of the scripted agent in %s", (tongue) => {
    const book = phrasebookOf(tongue);
    const [birthYear, ask] = ["the year of birth", book.goal.payment];
    expect([
      topicOf(book.askIdentity("Ravi")),
      topicOf(book.askIdentity(undefined)),
      topicOf(book.askAnswers([birthYear])),
      topicOf(`${book.notMatching} ${book.askAnswers([birthYear])}`),
      topicOf(`${book.thanks} ${book.payable("₹4,500", "5 December 2026", false)} ${ask}`),
      topicOf(`${book.again} ${ask}`),
      topicOf(book.field.pay_day),
      topicOf(book.field.pay_amount),
      topicOf(book.field.paid_day),
      topicOf(book.field.callback_time),
      topicOf(book.field.reason),
      topicOf(book.goal.attendance),
      topicOf(book.goal.interest),
      topicOf(`${book.promised("₹4,500", "5 December 2026")} ${book.goodbye}`),
      topicOf(`${book.noMoreCalls} ${book.goodbye}`),
      topicOf(`${book.cannotGoOn} ${book.goodbye}`),
      topicOf(`${book.willCall("24 November 2026, 6:00 PM")} ${book.goodbye}`),
    ]).toEqual([
      "identity", "identity", "birth_year", "birth_year", "payment", "payment", "payment", "payment", "payment",
      "callback_when", "reason", "attendance", "interest", "goodbye", "goodbye", "goodbye", "goodbye",
    ]);
    expect(soundsEnglish(ask)).toBe(tongue === "english");
  });

  it("tells a request for a key and a notice of recording", () => {
    expect(asksForKey("सहमत हों तो एक दबाएँ")).toBe(true);
    expect(asksForKey("Say yes.")).toBe(false);
    expect(mentionsRecording("यह कॉल रिकॉर्ड की जा सकती है।")).toBe(true);
    expect(mentionsRecording("Kya aap sun rahe hain?")).toBe(false);
  });
});
