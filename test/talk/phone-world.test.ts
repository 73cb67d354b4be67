import { describe, expect, test } from "vitest";
import { believedText, phoneRig } from "./phone-rig.ts";

const number = (lastTwo: string): string => `+9160000010${lastTwo}`;

describe("a call in the phone world", () => {
  test("a person who pays: verified, promise written as said, goodbye heard to the end", async () => {
    const rig = await phoneRig({ rate: 5, world: { assign: () => "pays" } });
    const { result, callSid, firstSoundMs } = await rig.talk(number("00"));
    console.log(JSON.stringify(result, null, 1), firstSoundMs, rig.world.ledger.heardText(callSid), rig.world.ledger.saidText(callSid), rig.world.ledger.errors, rig.world.ledger.replyGaps(callSid), rig.world.services);
    expect(believedText(result)).toBe(rig.world.ledger.heardText(callSid));
  });
});
