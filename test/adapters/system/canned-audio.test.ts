import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { cannedAudio } from "../../../src/adapters/system/canned-audio.ts";
import { VendorError } from "../../../src/domain/errors.ts";
import { frameBytes, silenceByte, type Voice } from "../../../src/talk/ports.ts";
import { manualClock } from "../../support/clock.ts";
import { recordingLog } from "../../support/log.ts";

async function rig(works: boolean) {
  const directory = await mkdtemp(join(tmpdir(), "canned-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const asked: string[] = [];
  const voice: Voice = {
    name: "scripted",
    open: (_, listener) => ({
      speak({ contextId, text }) {
        asked.push(text);
        queueMicrotask(() => {
          if (!works) return listener.onFailed(null, new VendorError("voice", "401", "no", false));
          listener.onAudio(contextId, new Uint8Array(1_000).fill(5), []);
          listener.onDone(contextId);
        });
      },
      cancel: () => undefined,
      close: () => undefined,
    }),
  };
  const log = recordingLog();
  const open = (voiceKey = "key") => cannedAudio({ voice, voiceKey, languages: ["en-IN"], directory, clock: manualClock("2026-12-01T10:00"), log });
  return { open, asked, log, directory };
}

test("the sentences are made once by the voice and kept for the next start", async () => {
  const { open, asked, directory } = await rig(true);
  const first = open();
  await first.ready;
  expect(first.sound("call_back_goodbye", "en-IN").text).toContain("call you back");
  expect(first.sound("one_moment", "en-IN").audio.length).toBe(1_000);
  expect(asked).toHaveLength(3);
  const second = open();
  await second.ready;
  expect(second.sound("one_moment", "en-IN")).toEqual(first.sound("one_moment", "en-IN"));
  expect(asked).toHaveLength(3);
  await open("another voice").ready;
  expect(asked).toHaveLength(6);
  expect((await readdir(directory)).every((name) => name.endsWith(".ulaw"))).toBe(true);
});

test("another language is recorded once, when a call in it is prepared", async () => {
  const { open, asked } = await rig(true);
  const canned = open();
  await canned.ready;
  expect(canned.sound("one_moment", "ta-IN").text).toBe("");
  canned.prepare(["en-IN", "ta-IN", "ta-IN"]);
  canned.prepare(["ta-IN"]);
  await vi.waitFor(() => expect(canned.sound("call_back_goodbye", "ta-IN").text).toContain("வணக்கம்"));
  expect(asked).toHaveLength(6);
});

test("a language that could not be recorded is tried again by the next call", async () => {
  const { open, asked } = await rig(false);
  const canned = open();
  await canned.ready;
  expect(asked).toHaveLength(3);
  canned.prepare(["en-IN"]);
  await vi.waitFor(() => expect(asked).toHaveLength(6));
});

test("without a voice a chime stands in, whole frames that begin and end in silence, and it is said", async () => {
  const { open, log } = await rig(false);
  const canned = open();
  expect(canned.sound("one_moment", "en-IN").text).toBe("");
  await canned.ready;
  const { audio, text } = canned.sound("sorry_trouble", "ta-IN");
  expect(text).toBe("");
  expect(audio.length % frameBytes).toBe(0);
  expect([audio.at(0), audio.at(-1)]).toEqual([silenceByte, silenceByte]);
  expect(audio.some((byte) => byte !== silenceByte)).toBe(true);
  expect(log.sentences("warn")).toHaveLength(3);
});
