import { describe, expect, test } from "vitest";
import { joinHeard } from "../../src/talk/join-heard.ts";

describe("two hearings of the same words become one text", () => {
  test.each([
    ["main paanch", "hazaar dunga", "main paanch hazaar dunga"],
    ["main paanch", "paanch hazaar", "main paanch hazaar"],
    ["main, paanch sau", "Paanch sau. rupaye", "main, Paanch sau. rupaye"],
    ["main paanch haz", "paanch hazaar", "main paanch hazaar"],
    ["पाँच ह", "हज़ार रुपये", "पाँच हज़ार रुपये"],
    ["nau aath nau", "aath nau do", "nau aath nau do"],
    ["haan", "haan", "haan"],
    ["", "haan", "haan"],
    ["haan", "", "haan"],
    ["haan -", "- nahin", "haan - - nahin"],
    ["kal nahin", "kal", "kal nahin kal"],
  ])("%j and %j: %j", (kept, again, whole) => expect(joinHeard(kept, again, "whole")).toBe(whole));

  test.each([
    ["main paanch sau", "paanch", "main paanch sau"],
    ["main paanch sau", "paan", "main paanch sau"],
    ["main paanch sau", "paanch sau", "main paanch sau"],
    ["main paanch sau", "paanch sau rupaye", "main paanch sau rupaye"],
    ["main paanch sau", "rupaye", "main paanch sau rupaye"],
  ])("%j and, so far, %j: %j", (kept, again, whole) => expect(joinHeard(kept, again, "so_far")).toBe(whole));
});
