import { DeepgramClient } from "@deepgram/sdk";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { runningClock } from "../../src/adapters/system/clock.ts";
import { type PhoneWorld, startPhoneWorld } from "../../src/simulator/phone-world.ts";
import { silence } from "../../src/simulator/mulaw.ts";
import { silentLog } from "../support/log.ts";
import { jsonOf } from "./services/service-world.ts";

let world: PhoneWorld;
beforeAll(async () => {
  // Every turn ends within the second of silence that is sent behind it.
  const services = { latencies: { endOfTurn: () => ({ eagerMs: 300, endMs: 700 }) } };
  world = await startPhoneWorld({ clock: runningClock({ rate: 20 }), log: silentLog, accountSid: "AC00000000000000000000000000000001", authToken: "token", services });
});
afterAll(() => world.close());

/** Has a text spoken by ElevenLabs' socket; answers its audio. */
function spoken(text: string): Promise<Uint8Array> {
  const query = "model_id=eleven_flash_v2_5&output_format=ulaw_8000";
  const socket = new WebSocket(`${world.origin.replace("http", "ws")}/v1/text-to-speech/anika/multi-stream-input?${query}`, { headers: { "xi-api-key": "k" } });
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => {
      socket.send(JSON.stringify({ context_id: "c", text: `${text} `, flush: true }));
      socket.send(JSON.stringify({ context_id: "c", close_context: true }));
    });
    socket.on("message", (data) => {
      const frame = jsonOf(data) as { audio: string | null; isFinal?: boolean | null; is_final?: boolean | null };
      if (frame.audio !== null) pieces.push(Buffer.from(frame.audio, "base64"));
      if (frame.isFinal !== true && frame.is_final !== true) return;
      socket.close();
      resolve(Buffer.concat(pieces));
    });
  });
}

/** Plays audio to Deepgram's Flux in telephone frames; answers the transcript of the turn. */
async function transcribed(audio: Uint8Array): Promise<string> {
  const ws = world.origin.replace("http", "ws");
  const client = new DeepgramClient({ apiKey: "k", environment: { base: world.origin, production: ws, agent: ws, agentRest: world.origin } });
  const socket = await client.listen.v2.connect({ model: "flux-general-multi", encoding: "mulaw", sample_rate: 8000, reconnectAttempts: 0 });
  const ended = new Promise<string>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (message) => {
      if (message.type === "TurnInfo" && message.event === "EndOfTurn") resolve(message.transcript);
    });
  });
  socket.connect();
  await socket.waitForOpen();
  const line = Buffer.concat([audio, silence(8_000)]);
  for (let at = 0; at < line.length; at += 160) socket.sendMedia(line.subarray(at, at + 160));
  const transcript = await ended;
  socket.close();
  return transcript;
}

describe("text → ElevenLabs → audio → Deepgram → text", () => {
  test.each([
    "Hello, this is Asha, the automated assistant of Sahayak Finance.",
    "नमस्ते दीपक जी, मैं सहायक फाइनेंस से आशा बोल रही हूँ।",
    "आपका ₹5,650 का भुगतान 6 December 2026 को देय है। आप यह भुगतान कब करेंगे?",
    "மன்னிக்கவும், சற்று நேரம் ஆகிறது.",
  ])("%s", async (text) => {
    expect(await transcribed(await spoken(text))).toBe(text);
  });

  test("any words of any script come back", async () => {
    const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((text) => /^[\p{L}\p{M}\p{N}]+$/u.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (words) => {
        expect(await transcribed(await spoken(words.join(" ")))).toBe(words.join(" "));
      }),
      { numRuns: 15 },
    );
    expect(world.ledger.errors).toEqual([]);
  });
});
