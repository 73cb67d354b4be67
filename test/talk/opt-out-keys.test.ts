import { describe, expect, test } from "vitest";
import { rehearse, type Rehearsal, type RehearsalOptions } from "./rehearsal.ts";

const asksBirthYear: RehearsalOptions = {
  definition: { variables: { amount_due: { type: "money", required: true, sensitive: true }, birth_year: { type: "number", required: true, sensitive: true } }, verify: { ask: ["birth_year"], attempts: 2 } },
  variables: { amount_due: 732_500, birth_year: 1999 },
};

function press(call: Rehearsal, keys: string, thenMs = 0): void {
  for (const digit of keys) call.tell({ kind: "digit", digit });
  call.pass(thenMs);
}

function talking(options?: RehearsalOptions): Rehearsal {
  const call = rehearse(options);
  call.tell({ kind: "opened" });
  call.listen();
  return call;
}

const isWritten = (call: Rehearsal): boolean => call.effects.some((effect) => effect.do === "write_opt_out" && effect.how === "pressed");
const said = (call: Rehearsal): readonly string[] => call.state().history.flatMap((entry) => (entry.kind === "callee" ? [entry.text] : []));

describe("key 9", () => {
  test("pressed just before the callee hangs up counts", () => {
    const call = talking();
    press(call, "9", 300);
    call.tell({ kind: "line_closed", how: "stopped" });
    expect(isWritten(call)).toBe(true);
    expect(call.result()).toMatchObject({ optedOut: true, disposition: "opted_out", endReason: "opted_out", hangupBy: "callee" });
  });

  test("pressed shortly before the agent ends the call counts, whoever is quicker", () => {
    for (const goodbye of ["Goodbye.", "Thank you for your time, have a good day and goodbye then."]) {
      const call = talking({ brain: () => ({ text: goodbye, calls: [{ name: "end_call", arguments: {} }], delayMs: 800 }) });
      call.say("no thank you I am fine");
      call.pass(500);
      press(call, "9", 20_000);
      expect(isWritten(call)).toBe(true);
      expect(call.result()).toMatchObject({ optedOut: true, disposition: "opted_out" });
    }
  });

  test("pressed before the carrier cuts the line, which it never reports, counts", () => {
    const call = talking({ brain: () => ({ text: "Bye.", calls: [{ name: "end_call", arguments: {} }] }) });
    call.say("that is all thank you");
    for (let waited = 0; waited < 20_000 && call.state().closing?.stage !== "hanging_up"; waited += 50) call.pass(50);
    press(call, "9");
    for (let waited = 0; waited < 30_000 && !call.result(); waited += 50) call.pass(50);
    expect(call.result()).toMatchObject({ optedOut: true });
  });

  test("pressed before the conversation begins counts when it begins, or when the line goes instead", () => {
    const early = rehearse();
    press(early, "9");
    early.tell({ kind: "opened" });
    early.pass(1_600);
    expect(isWritten(early)).toBe(true);

    const gone = rehearse();
    press(gone, "9");
    gone.tell({ kind: "line_closed", how: "stopped" });
    expect(gone.result()).toMatchObject({ optedOut: true });
  });

  test("pressed several times by an impatient person counts", () => {
    const call = talking();
    press(call, "99", 1_600);
    expect(isWritten(call)).toBe(true);
  });

  test("does not take the words of the sentence in which another key is pressed", () => {
    const call = talking();
    call.hear({ kind: "started" });
    call.hear({ kind: "words", text: "please do not call me" });
    press(call, "1", 1_600);
    call.tell({ kind: "line_closed", how: "stopped" });
    expect(call.result()).toMatchObject({ optedOut: true });
    expect(said(call)).toEqual(["1", "please do not call me"]);
  });
});

describe("key 9 while a number is asked for", () => {
  test("is part of a year that is pressed slowly", () => {
    const call = talking(asksBirthYear);
    for (const key of "198") press(call, key, 1_600);
    expect(call.state().optedOut).toBe(false);
    press(call, "5", 1_600);
    expect(said(call).at(-1)).toBe("1985");
    expect(call.state().optedOut).toBe(false);
  });

  test("ends a year that is pressed slowly, or in pairs", () => {
    for (const entries of [["1", "9", "7", "9"], ["197", "9"], ["19", "99"], ["19", "79"]]) {
      const call = talking(asksBirthYear);
      for (const entry of entries) press(call, entry, 1_600);
      call.pass(6_000);
      expect(said(call)).toContain(entries.join(""));
      expect(call.state().optedOut).toBe(false);
    }
  });

  test("is an opt-out when it stays alone, or is pressed again", () => {
    const alone = talking(asksBirthYear);
    press(alone, "1", 1_600);
    press(alone, "9", 6_600);
    expect(isWritten(alone)).toBe(true);

    const twice = talking(asksBirthYear);
    press(twice, "1", 1_600);
    press(twice, "9", 1_600);
    expect(twice.state().optedOut).toBe(false);
    press(twice, "9", 1_600);
    expect(isWritten(twice)).toBe(true);
  });

  test("is an opt-out at once when no other key was pressed before, or long ago", () => {
    const call = talking(asksBirthYear);
    press(call, "1", 1_600);
    call.pass(8_000);
    press(call, "9", 1_600);
    expect(isWritten(call)).toBe(true);
  });

  test("pressed twice at once may be a year by its last two digits", () => {
    const call = talking(asksBirthYear);
    press(call, "99", 1_600);
    expect(said(call)).toContain("99");
    expect(call.state().optedOut).toBe(false);
  });
});

describe("what a carrier's recording says", () => {
  test("about do-not-disturb is nobody's wish", () => {
    const call = talking();
    for (let times = 0; times < 2; times += 1) {
      call.say("the number you have dialed is on do not disturb");
      call.pass(3_000);
    }
    expect(call.effects.some((effect) => effect.do === "write_opt_out")).toBe(false);
    expect(call.result()).toMatchObject({ optedOut: false, disposition: "carrier_announcement" });
  });

  test("does not keep a person from being heard who speaks of the number", () => {
    const call = talking();
    call.say("you have reached the wrong number please do not call me again");
    expect(call.state().optedOut).toBe(true);
  });
});
