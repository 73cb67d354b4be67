import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../domain/clock.ts";
import type { Language } from "../../domain/definition.ts";
import type { Log } from "../../domain/log.ts";
import { phrasesIn } from "../../talk/phrases.ts";
import { type CannedAudio, type CannedName, cannedNames, type Voice } from "../../talk/ports.ts";
import { chime } from "./chime.ts";
import { synthesiseOnce } from "./synthesise-once.ts";

export interface CannedAudioOptions {
  voice: Voice;
  /** What the sound depends on beside the text: model, voice and address of the vendor. Another one means other files. */
  voiceKey: string;
  /** Made at once; others when a call in them is prepared. */
  languages: readonly Language[];
  /** Where sound made once is kept. */
  directory: string;
  clock: Clock;
  log: Log;
}

/**
 * The sentences that must be heard when every vendor is away. They are made once by the voice itself, when the service
 * starts or before the first call in a language, and kept as raw μ-law files; until there is one, and where the voice cannot
 * be reached, a chime stands in. `ready` resolves when everything that was to be made at the start has been, or failed.
 */
export function cannedAudio(options: CannedAudioOptions): CannedAudio & { readonly ready: Promise<void> } {
  const sounds = new Map<string, { audio: Uint8Array; text: string }>();
  const fallback = { audio: chime(), text: "" };

  const prepare = async (name: CannedName, language: Language): Promise<void> => {
    const text = cannedText(name, language);
    const path = join(options.directory, `${fileName(options.voiceKey, language, text)}.ulaw`);
    const kept = await readFile(path).catch(() => undefined);
    const audio = kept ?? (await make(text, language, path));
    sounds.set(`${name} ${language}`, { audio, text });
  };
  const make = async (text: string, language: Language, path: string): Promise<Uint8Array> => {
    const audio = await synthesiseOnce({ voice: options.voice, clock: options.clock }, { text, language });
    await mkdir(options.directory, { recursive: true });
    const unfinished = `${path}.${options.clock.nowMs()}.part`;
    await writeFile(unfinished, audio);
    await rename(unfinished, path);
    return audio;
  };
  const asked = new Set<Language>();
  let making: Promise<void> = Promise.resolve();
  const prepareOne = async (language: Language): Promise<void> => {
    for (const name of cannedNames) {
      await prepare(name, language).catch((error: unknown) => {
        // The next call in this language has it tried again.
        asked.delete(language);
        options.log.warn("canned sound could not be made, a chime stands in", { canned: name, language, error });
      });
    }
  };
  const prepareAll = (languages: readonly Language[]): Promise<void> => {
    for (const language of languages) {
      if (asked.has(language)) continue;
      asked.add(language);
      making = making.then(() => prepareOne(language));
    }
    return making;
  };
  return {
    ready: prepareAll(options.languages),
    prepare: (languages) => void prepareAll(languages),
    sound: (name, language) => sounds.get(`${name} ${language}`) ?? fallback,
  };
}

function cannedText(name: CannedName, language: Language): string {
  const phrases = phrasesIn(language);
  return name === "one_moment" ? phrases.oneMoment : name === "sorry_trouble" ? phrases.sorryTrouble : phrases.callBackGoodbye;
}

function fileName(voiceKey: string, language: Language, text: string): string {
  return createHash("sha256").update(`${voiceKey}\n${language}\n${text}`).digest("hex").slice(0, 32);
}
