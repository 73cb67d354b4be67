import { describe, expect, test } from "vitest";
import { transcriptionSession } from "../../../src/adapters/openai/transcription-session.ts";
import { transcriptionPatch, transcriptionSettings } from "../../../src/simulator/services/realtime/transcription-settings.ts";

const wanted = { languages: ["hi-IN", "en-IN"] as const, keyterms: ["Asha Mehta", "Sahayak Finance"] };
const inputOf = (model: string, options: Parameters<typeof transcriptionSession>[1] = wanted) => transcriptionSession(model, options).audio?.input;

describe("the settings of a transcription session", () => {
  test("a streaming model is told the languages and the words worth hearing, and leaves turns to us", () => {
    expect(transcriptionSession("gpt-live-transcribe", wanted)).toEqual({
      type: "transcription",
      audio: {
        input: {
          format: { type: "audio/pcmu" },
          transcription: { model: "gpt-live-transcribe", languages: ["hi", "en"], keywords: ["Asha Mehta", "Sahayak Finance"] },
          turn_detection: null,
        },
      },
    });
    expect(inputOf("gpt-live-transcribe-2026-08-01")?.turn_detection).toBeNull();
    expect(inputOf("gpt-live-transcribe", { languages: [], keyterms: [] })?.transcription).toEqual({ model: "gpt-live-transcribe" });
  });

  test("an older model detects turns itself and takes one language and a prompt", () => {
    expect(inputOf("gpt-4o-transcribe")).toMatchObject({ transcription: { model: "gpt-4o-transcribe", prompt: "Asha Mehta, Sahayak Finance" }, turn_detection: { type: "server_vad" } });
    expect(inputOf("gpt-4o-transcribe")?.transcription).not.toHaveProperty("language");
    expect(inputOf("gpt-4o-mini-transcribe", { languages: ["ta-IN"], keyterms: [] })?.transcription).toEqual({ model: "gpt-4o-mini-transcribe", language: "ta" });
  });

  test("a model nobody knows is asked for nothing that it might refuse", () => {
    expect(inputOf("some-new-model")).toEqual({ format: { type: "audio/pcmu" }, transcription: { model: "some-new-model" }, turn_detection: null });
  });

  test.each(["gpt-live-transcribe", "gpt-transcribe", "gpt-realtime-whisper", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "whisper-1"])("%s is asked only for what it takes", (model) => {
    for (const languages of [["hi-IN"], ["hi-IN", "en-IN"], []] as const) {
      const patch = transcriptionPatch.parse(transcriptionSession(model, { languages, keyterms: ["Asha"] }));
      expect(transcriptionSettings(patch)).toMatchObject({ model });
    }
  });
});
