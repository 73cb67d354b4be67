import { describe, expect, test } from "vitest";
import { paiseFromPrice } from "../../../src/adapters/twilio/price.ts";
import { answerTwiml } from "../../../src/adapters/twilio/twiml.ts";

const context = { publicUrl: "http://127.0.0.1:3000", token: "token" };

describe("the TwiML of an answer", () => {
  test("asks for consent by voice or key before any stream, and goes on when nothing is said", () => {
    const twiml = answerTwiml({ kind: "ask_consent", notice: { text: "रिकॉर्ड करें? & बोलिए", language: "hi-IN" } }, context);
    expect(twiml).toContain('<Gather input="dtmf speech" numDigits="1"');
    expect(twiml).toContain('actionOnEmptyResult="true"');
    expect(twiml).toContain('<Say language="hi-IN" voice="Google.hi-IN-Neural2-A">रिकॉर्ड करें? &amp; बोलिए</Say><Gather');
    expect(twiml).toContain('/><Redirect method="POST">http://127.0.0.1:3000/twilio/consent?t=token');
    expect(twiml).not.toMatch(/Stream|Recording/);
  });

  test("records only when the plan says so, after the notice and before the stream", () => {
    const announced = answerTwiml({ kind: "converse", streamToken: "s", record: true, notice: { text: "recorded", language: "en-IN" } }, context);
    expect(announced).toMatch(/<Say [^>]*>recorded<\/Say><Start><Recording [^>]*recordingStatusCallbackEvent="in-progress completed absent"[^>]*\/><\/Start><Connect><Stream url="ws:\/\/127\.0\.0\.1:3000\/media">/);
    expect(answerTwiml({ kind: "converse", streamToken: "s", record: false, notice: null }, context)).not.toContain("Recording");
  });

  test("ends a call that is over, with or without a word", () => {
    expect(answerTwiml({ kind: "hang_up", farewell: null }, context)).toContain("<Response><Hangup/></Response>");
    expect(answerTwiml({ kind: "hang_up", farewell: { text: "sorry", language: "ta-IN" } }, context)).toContain('<Say language="ta-IN">sorry</Say><Hangup/>');
  });
});

test("a price becomes paise, rounded up; without price or rate there is none", () => {
  const rates = { USD: 8_800 };
  expect(paiseFromPrice("-0.0140", "USD", rates)).toBe(124);
  expect(paiseFromPrice("-0.01", "usd", rates)).toBe(88);
  expect(paiseFromPrice(null, "USD", rates)).toBeNull();
  expect(paiseFromPrice("-0.01", "EUR", rates)).toBeNull();
});
