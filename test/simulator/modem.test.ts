import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { demodulator, modulate, modulateSound, modulateWords, spokenMs } from "../../src/simulator/modem.ts";
import { linearFromMuLaw, muLawFromLinear, silence } from "../../src/simulator/mulaw.ts";

const word = fc.oneof(
  fc.constantFrom("हाँ", "बीस", "तारीख़", "को", "पैसे", "दूँगा।", "haan", "kal", "₹4,500.50", "pay", "promise?", "👩‍👩‍👧", "x".repeat(400)),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 24 }).map((text) => text.replaceAll(/\s/gu, "_")),
);
const phrase = fc.array(word, { maxLength: 8 });

function hear(portions: Iterable<Uint8Array>): { words: string[]; ends: number[]; unintelligible: number } {
  const words: string[] = [];
  const ends: number[] = [];
  const ear = demodulator((heard, endSample) => {
    words.push(heard);
    ends.push(endSample);
  });
  for (const portion of portions) ear.push(portion);
  return { words, ends, unintelligible: ear.unintelligible };
}

function* cutInto(audio: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < audio.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 160;
    yield audio.subarray(at, at + size);
    at += size;
  }
}

describe("the modem", () => {
  it("carries any text through portions of any size after any silence", () => {
    fc.assert(
      fc.property(phrase, fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }), fc.nat(400), (words, sizes, lead) => {
        const audio = Buffer.concat([silence(lead), modulate(words.join(" "))]);
        expect(hear(cutInto(audio, sizes))).toMatchObject({ words, unintelligible: 0 });
      }),
    );
  });

  it("tells for every word the sample after which it has been heard", () => {
    fc.assert(
      fc.property(phrase, (words) => {
        const speech = modulateWords(words.join(" "));
        expect(hear([speech.audio]).ends).toEqual(speech.words.map((spoken) => spoken.endSample));
        expect(speech.words.map((spoken) => words.join(" ").slice(spoken.charStart, spoken.charEnd))).toEqual(words);
      }),
    );
  });

  it("loses only the words that a missing piece touches", () => {
    fc.assert(
      fc.property(phrase, fc.nat(), fc.integer({ min: 1, max: 3_000 }), (words, place, length) => {
        const { audio, words: spoken } = modulateWords(words.join(" "));
        const from = audio.length === 0 ? 0 : place % audio.length;
        const to = Math.min(audio.length, from + length);
        const left = spoken.filter((one) => one.endSample <= from || one.startSample >= to).map((one) => one.text);
        expect(hear([audio.subarray(0, from), audio.subarray(to)]).words).toEqual(left);
      }),
    );
  });

  it("does not understand a word whose frames came in the wrong order, and understands the next", () => {
    const { audio, words } = modulateWords("pehla doosra");
    const swapped = Buffer.concat([audio.subarray(160, 320), audio.subarray(0, 160), audio.subarray(320)]);
    expect(words[0]?.endSample).toBeGreaterThan(320);
    const heard = hear([swapped]);
    expect(heard.words).toEqual(["doosra"]);
    expect(heard.unintelligible).toBeGreaterThan(0);
  });

  it("does not understand a word whose whole symbols changed places", () => {
    const audio = modulate("hazaar");
    for (const at of [81, 97, 401, 673]) {
      const swapped = Buffer.concat([audio.subarray(0, at), audio.subarray(at + 16, at + 32), audio.subarray(at, at + 16), audio.subarray(at + 32)]);
      if (!swapped.equals(audio)) expect(hear([swapped])).toMatchObject({ words: [], unintelligible: 1 });
    }
    expect.hasAssertions();
  });

  it("does not understand a word in which silence stands for a lost frame", () => {
    const { audio } = modulateWords("kal paise");
    const damaged = Buffer.from(audio).fill(0xff, 160, 320);
    expect(hear([damaged]).words).toEqual(["paise"]);
  });

  it("understands the next word when a cleared one is followed by it without any silence", () => {
    const first = modulate("namaste").subarray(0, 500);
    expect(hear([first, modulate("sunaiye")])).toMatchObject({ words: ["sunaiye"], unintelligible: 1 });
  });

  it("keeps sounds apart from words", () => {
    const sounds: string[] = [];
    const words: string[] = [];
    const ear = demodulator((heard) => words.push(heard), { onSound: (name) => sounds.push(name) });
    ear.push(Buffer.concat([modulate("leave a message"), modulateSound("beep", 400), modulate("ok")]));
    expect({ sounds, words }).toEqual({ sounds: ["beep"], words: ["leave", "a", "message", "ok"] });
  });

  it("speaks English at three to five words a second", () => {
    const text = "I will pay four thousand five hundred rupees on Friday because my salary comes late this month";
    const wordsPerSecond = (text.split(" ").length * 1_000) / spokenMs(text);
    expect(wordsPerSecond).toBeGreaterThan(3);
    expect(wordsPerSecond).toBeLessThan(5);
  });

  it("hears three minutes of speech in less than two seconds of one core", () => {
    const audio = modulate("please tell me how much is due and when ".repeat(20));
    const before = process.cpuUsage();
    let samples = 0;
    while (samples < 8_000 * 180) {
      hear(cutInto(audio, [160]));
      samples += audio.length;
    }
    const used = process.cpuUsage(before);
    expect((used.user + used.system) / 1_000).toBeLessThan(2_000);
  });

  it("encodes μ-law so that decoding and encoding again changes nothing", () => {
    for (let byte = 0; byte < 256; byte += 1) {
      if (byte === 0x7f) continue;
      expect(muLawFromLinear(linearFromMuLaw(byte))).toBe(byte);
    }
  });
});
