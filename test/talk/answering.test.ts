import { describe, expect, test } from "vitest";
import { rehearse, type RehearsalOptions } from "./rehearsal.ts";

function pickedUp(options: RehearsalOptions = {}) {
  const call = rehearse(options);
  call.tell({ kind: "opened" });
  return call;
}
const voicemail = "You have reached the voicemail of the person. Please leave a message after the beep.";

describe("who picked up", () => {
  test("the agent greets at once, whatever the carrier may find out later", () => {
    const call = pickedUp();
    call.pass(500);
    expect(call.heard).toEqual(["hello"]);
  });

  test("a voicemail is known by two sentences that people do not say", () => {
    const call = pickedUp();
    call.say(voicemail);
    call.pass(500);
    expect(call.result()).toMatchObject({ endReason: "voicemail", answeredBy: "voicemail", disposition: "voicemail", hangupBy: "agent" });
    expect(call.requests).toHaveLength(0);
  });

  test("a carrier announcement is known in Hindi", () => {
    const call = pickedUp();
    call.say("जिस नंबर पर आप कॉल कर रहे हैं वह अभी स्विच ऑफ है");
    call.pass(500);
    expect(call.result()).toMatchObject({ endReason: "carrier_announcement", answeredBy: "carrier_announcement" });
  });

  test("the carrier's verdict alone ends nothing: the person with a long hello is kept", () => {
    const call = pickedUp();
    call.tell({ kind: "carrier_verdict", answeredBy: "voicemail" });
    call.say("Hello hello namaste ji who is calling please tell me your name");
    call.listen();
    call.pass(2_000);
    expect(call.result()).toBeUndefined();
    expect(call.state().closing).toBeNull();
  });

  test("one suspicious sentence alone ends nothing", () => {
    const call = pickedUp();
    call.say("you have reached Ravi what is it");
    call.listen();
    expect(call.state().closing).toBeNull();
  });

  test("the carrier's verdict and one such sentence do, in either order", () => {
    for (const order of ["verdict first", "sentence first"]) {
      const call = pickedUp();
      if (order === "verdict first") call.tell({ kind: "carrier_verdict", answeredBy: "voicemail" });
      call.say("Ravi here, please leave a message");
      if (order === "sentence first") call.tell({ kind: "carrier_verdict", answeredBy: "voicemail" });
      call.pass(500);
      expect(call.result()?.endReason).toBe("voicemail");
    }
  });

  test("the carrier's verdict and silence do", () => {
    const call = pickedUp();
    call.tell({ kind: "carrier_verdict", answeredBy: "voicemail" });
    call.pass(12_000);
    expect(call.result()).toMatchObject({ endReason: "voicemail", answeredBy: "voicemail" });
  });

  test("an announcement that comes round again does", () => {
    const call = pickedUp();
    call.say("your call is important, the number you are calling");
    call.listen();
    expect(call.state().closing).toBeNull();
    call.say("your call is important, the number you are calling");
    call.pass(500);
    expect(call.result()?.endReason).toBe("carrier_announcement");
  });

  test("a person who has answered is not hung up on for a single word of theirs", () => {
    const call = pickedUp();
    call.listen();
    call.say("yes this is Asha speaking");
    call.listen();
    call.tell({ kind: "carrier_verdict", answeredBy: "voicemail" });
    call.say("you can leave a message with my husband");
    call.listen();
    expect(call.state().closing).toBeNull();
  });

  test("a message is left after the beep, and only what anybody may hear", () => {
    const call = pickedUp({
      definition: {
        voicemail: "leave_message",
        voicemail_message: "Hello {{name}}, please call us back. {{amount_due}}",
        variables: { amount_due: { type: "money", sensitive: true } },
      },
      variables: { amount_due: 450_000 },
    });
    call.say(voicemail);
    expect(call.state().closing?.stage).toBe("waiting_for_beep");
    call.pass(1_400);
    expect(call.heard).not.toContain("please");
    call.pass(200);
    call.listen();
    call.pass(500);
    expect(call.heard.join(" ")).toContain("Hello Asha, please call us back.");
    expect(call.heard.join(" ")).not.toContain("thousand");
    expect(call.result()).toMatchObject({ endReason: "voicemail", disposition: "voicemail" });
  });
});
