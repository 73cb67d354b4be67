import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deepgramTranscriber } from "../../src/adapters/deepgram/transcriber.ts";
import { openAiTranscriber } from "../../src/adapters/openai/transcriber.ts";
import { type RunningClock, runningClock } from "../../src/adapters/system/clock.ts";
import { pause } from "../../src/domain/clock.ts";
import type { Language } from "../../src/domain/definition.ts";
import type { VendorError } from "../../src/domain/errors.ts";
import { modulate } from "../../src/simulator/modem.ts";
import { silence } from "../../src/simulator/mulaw.ts";
import { type PhoneWorld, startPhoneWorld } from "../../src/simulator/phone-world.ts";
import type { ServiceName } from "../../src/simulator/services/service-deps.ts";
import { frameBytes, type HearingEvent, type Transcriber, type TranscriberConnection } from "../../src/talk/ports.ts";
import { silentLog } from "../support/log.ts";
import { heardList } from "../support/scripted-socket-server.ts";

interface Kind {
  name: string;
  service: ServiceName;
  languages: readonly Language[];
  transcriber(world: PhoneWorld, clock: RunningClock): Transcriber;
}

const deepgram = (world: PhoneWorld, clock: RunningClock): Transcriber =>
  deepgramTranscriber({ apiKey: "deepgram-key", baseUrl: world.origin, clock, model: "flux-general-multi", fallbackModel: "nova-3" });
const openAi = (model: string): Omit<Kind, "name"> => ({
  service: "openai_transcription",
  languages: ["hi-IN", "en-IN"],
  transcriber: (world, clock) => openAiTranscriber({ apiKey: "openai-key", baseUrl: `${world.origin}/v1`, clock, log: silentLog, model, certificatePem: world.certificatePem }),
});

const kinds: readonly Kind[] = [
  { name: "Deepgram Flux", service: "deepgram", languages: ["hi-IN", "en-IN"], transcriber: deepgram },
  { name: "Deepgram Nova", service: "deepgram", languages: ["ta-IN", "en-IN"], transcriber: deepgram },
  { name: "OpenAI, words as they are spoken", ...openAi("gpt-live-transcribe") },
  { name: "OpenAI, words of what was committed", ...openAi("gpt-transcribe") },
  { name: "OpenAI, turns by its own detection", ...openAi("gpt-4o-transcribe") },
];

type Told = { kind: "open" } | { kind: "closed"; error: VendorError | undefined } | HearingEvent;

describe.each(kinds)("a transcriber: $name", ({ service, languages, transcriber }) => {
  let world: PhoneWorld;
  let clock: RunningClock;
  beforeEach(async () => {
    clock = runningClock({ startMs: Date.parse("2026-11-23T11:05:00+05:30"), rate: 5 });
    // Every turn ends within the silence that is handed over behind it.
    const services = { latencies: { endOfTurn: () => ({ eagerMs: 300, endMs: 700 }) } };
    world = await startPhoneWorld({ clock, log: silentLog, accountSid: "AC0", authToken: "t", services });
  });
  afterEach(() => world.close());

  function open() {
    const told = heardList<Told>();
    const connection = transcriber(world, clock).open(
      { languages, keyterms: ["Asha Mehta"] },
      { onOpen: () => told.push({ kind: "open" }), onHearing: (event) => told.push(event), onClosed: (error) => told.push({ kind: "closed", error }) },
    );
    return { told, connection, isOpen: () => told.until((event) => event.kind === "open") };
  }
  const endedIn = (told: { all: readonly Told[] }) => told.all.filter((event) => event.kind === "ended");
  /** One turn of the callee, and the silence after it. */
  async function say(call: ReturnType<typeof open>, ...parts: readonly (string | number)[]): Promise<void> {
    const before = endedIn(call.told).length;
    hand(call.connection, ...parts, 2_000);
    await call.told.until(() => endedIn(call.told).length > before);
  }

  test("makes one turn of a sentence: it begins, has words, and ends with all of them", async () => {
    const call = open();
    await call.isOpen();
    await say(call, "Haan boliye main sun raha hoon.");
    const [, ...events] = call.told.all;
    expectTurns(events);
    expect(events.at(0)).toEqual({ kind: "started" });
    const ended = endedIn(call.told)[0];
    expect(ended?.text).toBe("Haan boliye main sun raha hoon.");
    expect(ended?.silentForMs === null || (ended !== undefined && ended.silentForMs >= 0 && ended.silentForMs <= 2_500)).toBe(true);
    expect(events.some((event) => event.kind === "words")).toBe(true);
    expect(world.ledger.errors).toEqual([]);
  });

  test("hears everything once and in order, however the callee pauses", async () => {
    const call = open();
    await call.isOpen();
    await say(call, "I can pay", 280, "five hundred rupees,", 450, "on the tenth.");
    await say(call, "No.");
    await say(call, "Goodbye", 100, "then.");
    // What a pause divides in two turns may still be on its way.
    await call.told.until(() => heardText(call.told.all).endsWith("then."));
    expectTurns(call.told.all.slice(1));
    expect(heardText(call.told.all)).toBe("I can pay five hundred rupees, on the tenth. No. Goodbye then.");
  });

  test("takes noise for no words", async () => {
    const call = open();
    await call.isOpen();
    const noise = Uint8Array.from({ length: 800 * 8 }, (_, at) => (at % 2 === 0 ? 0x20 : 0xa0));
    handAudio(call.connection, Buffer.concat([noise, silence(2_000 * 8)]));
    hand(call.connection, "Hello?", 2_000);
    await call.told.until((event) => event.kind === "ended" && event.text !== "");
    expect(heardText(call.told.all)).toBe("Hello?");
    expectTurns(call.told.all.slice(1));
  });

  test("may be handed the same bytes again and again", async () => {
    const call = open();
    await call.isOpen();
    const audio = Buffer.concat([modulate("theek hai ji"), silence(2_000 * 8)]);
    const message = new Uint8Array(call.connection.framesPerMessage * frameBytes);
    for (let at = 0; at + message.length <= audio.length; at += message.length) {
      message.set(audio.subarray(at, at + message.length));
      expect(call.connection.send(message)).toBe(true);
      message.fill(0x20);
    }
    await call.told.until((event) => event.kind === "ended" && event.text === "theek hai ji");
  });

  test("closed by us it says so once, without an error, and takes and tells no more", async () => {
    const call = open();
    await call.isOpen();
    hand(call.connection, "and another thing");
    call.connection.close();
    call.connection.close();
    const told = call.told.all.length;
    expect(call.told.all.at(-1)).toEqual({ kind: "closed", error: undefined });
    expect(call.connection.send(new Uint8Array(frameBytes))).toBe(false);
    const next = open();
    await next.isOpen();
    expect(call.told.all.length).toBe(told);
    next.connection.close();
  });

  test("closed while it still opens it never opens", async () => {
    const call = open();
    call.connection.close();
    const next = open();
    await next.isOpen();
    expect(call.told.all).toEqual([{ kind: "closed", error: undefined }]);
    next.connection.close();
  });

  test.each([
    [401, false],
    [429, true],
    [503, true],
  ] as const)("a handshake refused with %i may be tried again: %s", async (status, retryable) => {
    world.services.faults.set(service, { kind: "always", fault: { kind: "status", status } });
    const call = open();
    expect(await call.told.until((event) => event.kind === "closed")).toMatchObject({ error: { kind: "transcriber", code: String(status), retryable } });
    expect(call.told.all).toHaveLength(1);
    expect(call.connection.send(new Uint8Array(frameBytes))).toBe(false);
  });

  test("a connection that is reset or cut may be tried again, and says so once", async () => {
    world.services.faults.set(service, { kind: "always", fault: { kind: "reset" } });
    const refused = open();
    expect(await refused.told.until((event) => event.kind === "closed")).toMatchObject({ error: { retryable: true } });
    world.services.faults.set(service, { kind: "none" });
    const call = open();
    await call.isOpen();
    hand(call.connection, "I was saying");
    world.services.cut(service);
    expect(await call.told.until((event) => event.kind === "closed")).toMatchObject({ error: { retryable: true } });
    expect(call.connection.send(new Uint8Array(frameBytes))).toBe(false);
    const next = open();
    await next.isOpen();
    await say(next, "as I said");
    expect(call.told.all.filter((event) => event.kind === "closed")).toHaveLength(1);
    expect(refused.told.all).toHaveLength(1);
  });

  test("a refusal in mid-call cannot be tried again", async () => {
    world.services.faults.set(service, { kind: "always", fault: { kind: "close_1008", afterMs: 300 } });
    const call = open();
    expect(await call.told.until((event) => event.kind === "closed")).toMatchObject({ error: { code: "1008", retryable: false } });
  });

  test("success without words is told as no words", async () => {
    world.services.faults.set(service, { kind: "always", fault: { kind: "empty" } });
    const call = open();
    await call.isOpen();
    hand(call.connection, "is anybody there?", 2_000);
    await pause(clock, 1_500);
    expect(heardText(call.told.all)).toBe("");
    expectTurns(call.told.all.slice(1).filter((event) => event.kind !== "closed"));
    call.connection.close();
  });
});

/** Hands over speech, and silence of so many ms, in messages of the size the vendor wants. */
function hand(connection: TranscriberConnection, ...parts: readonly (string | number)[]): void {
  handAudio(connection, Buffer.concat(parts.map((part) => (typeof part === "string" ? modulate(part) : silence(part * 8)))));
}

function handAudio(connection: TranscriberConnection, audio: Uint8Array): void {
  const size = connection.framesPerMessage * frameBytes;
  for (let at = 0; at + size <= audio.length; at += size) connection.send(audio.subarray(at, at + size));
}

function heardText(told: readonly Told[]): string {
  return told.flatMap((event) => (event.kind === "ended" && event.text !== "" ? [event.text] : [])).join(" ");
}

/** Turns follow each other: each begins (again, as long as it has no words), then has words, and what may be its end is taken back only after it was told. */
function expectTurns(events: readonly Told[]): void {
  let turn: { words: boolean; eager: boolean } | undefined;
  for (const event of events) {
    switch (event.kind) {
      case "started":
        expect(turn?.words ?? false).toBe(false);
        turn = { words: false, eager: false };
        break;
      case "words":
        expect(turn).toBeDefined();
        if (turn) turn.words = true;
        break;
      case "eager_end":
        expect(event.text === "" || turn?.words).toBe(true);
        if (turn) turn.eager = true;
        break;
      case "resumed":
        expect(turn?.eager).toBe(true);
        if (turn) turn.eager = false;
        break;
      case "ended":
        expect(turn).toBeDefined();
        turn = undefined;
        break;
      case "open":
      case "closed":
        expect.unreachable(`expected turns only, got ${event.kind}`);
    }
  }
}
