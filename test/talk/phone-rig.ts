import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import twilio from "twilio";
import { parse } from "yaml";
import { deepgramTranscriber } from "../../src/adapters/deepgram/transcriber.ts";
import { elevenLabsVoice } from "../../src/adapters/elevenlabs/voice.ts";
import { openAiBrain } from "../../src/adapters/openai/brain.ts";
import { chime } from "../../src/adapters/system/chime.ts";
import { type RunningClock, runningClock } from "../../src/adapters/system/clock.ts";
import { acceptMediaStream } from "../../src/adapters/twilio/media-stream.ts";
import { upgradeSignatureChecker } from "../../src/adapters/twilio/signature.ts";
import type { ConversationResult } from "../../src/domain/conversation.ts";
import { type Definition, definitionSchema, type Language } from "../../src/domain/definition.ts";
import { Refusal } from "../../src/domain/errors.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../../src/domain/ids.ts";
import type { Log } from "../../src/domain/log.ts";
import { mediaSocket } from "../../src/http/media-socket.ts";
import type { CalleeFacts } from "../../src/simulator/personas/callee-facts.ts";
import { type PhoneWorld, type PhoneWorldOptions, startPhoneWorld } from "../../src/simulator/phone-world.ts";
import { type ConversationPlan, defaultTimings, type Timings } from "../../src/talk/conversation-plan.ts";
import type { ConversationStore, LoadedCall } from "../../src/talk/conversation-store.ts";
import { type LiveConversations, liveConversations } from "../../src/talk/live-conversations.ts";
import type { CannedName } from "../../src/talk/ports.ts";
import type { Recording } from "../../src/talk/recording.ts";
import type { TalkDeps } from "../../src/talk/start-conversation.ts";
import type { VariableValue } from "../../src/talk/variable-values.ts";
import { modulateWords } from "../../src/simulator/modem.ts";
import { silentLog } from "../support/log.ts";

const accountSid = `AC${"0".repeat(31)}1`;
const authToken = "a token of the phone world";
const accountId = "00000000-0000-7000-8000-00000000000a" as AccountId;

export interface RiggedCall {
  callSid: string;
  result: ConversationResult;
  recording: Recording;
  firstSoundMs: number | null;
}

export interface PhoneRig {
  world: PhoneWorld;
  clock: RunningClock;
  live: LiveConversations;
  optOuts: AttemptId[];
  ended: AttemptId[];
  facts(to: string): CalleeFacts;
  close(): Promise<void>;
  /** Places a call, lets it be talked to its end, and answers what came of it. */
  talk(to: string, options?: { language?: Language; prepared?: boolean; variables?: Record<string, VariableValue>; onStart?: (attemptId: AttemptId) => void }): Promise<RiggedCall>;
}

export interface RigOptions {
  definition?: Definition;
  rate?: number;
  world?: Partial<PhoneWorldOptions>;
  timings?: Partial<Timings>;
  log?: Log;
  deps?: (deps: TalkDeps, parts: { world: PhoneWorld; clock: RunningClock }) => TalkDeps;
}

export function shippedDefinition(name: string): Definition {
  return definitionSchema.parse(parse(readFileSync(new URL(`../../campaigns/${name}.yaml`, import.meta.url), "utf8")));
}

/** Talk alone, on the real adapters and wires: the phone world calls, its services hear, think and speak. No database. */
export async function phoneRig(options: RigOptions = {}): Promise<PhoneRig> {
  const clock = runningClock({ startMs: Date.parse("2026-11-23T11:00:00+05:30"), rate: options.rate ?? 10 });
  const log = options.log ?? silentLog;
  const world = await startPhoneWorld({ clock, log: silentLog, accountSid, authToken, callsPerSecond: 50, ...options.world });
  const definition = options.definition ?? shippedDefinition("emi-reminder");
  const calls = new Map<AttemptId, { call: LoadedCall; callSid: string; finish: (call: RiggedCall) => void; onStart: ((attemptId: AttemptId) => void) | undefined }>();
  const optOuts: AttemptId[] = [];
  const ended: AttemptId[] = [];

  const store: ConversationStore = {
    load: ({ attemptId }) => Promise.resolve(calls.get(attemptId)?.call),
    begin: () => Promise.resolve(),
    checkpoint: () => Promise.resolve(true),
    alive: () => Promise.resolve("unknown"),
    finish(call, { result, firstSoundMs, recording }) {
      const entry = calls.get(call.attemptId);
      entry?.finish({ callSid: entry.callSid, result, firstSoundMs, recording });
      return Promise.resolve(true);
    },
  };
  const client = twilio(accountSid, authToken, { env: {} });
  client.api.baseUrl = world.origin;
  const base: TalkDeps = {
    clock,
    log,
    store,
    transcribers: [deepgramTranscriber({ apiKey: "deepgram-key", baseUrl: world.origin, clock, model: "flux-general-multi", fallbackModel: "nova-3" })],
    brains: [openAiBrain({ apiKey: "openai-key", baseUrl: `${world.origin}/v1`, model: "gpt-5.6-luna", reasoningEffort: "none" })],
    voices: [elevenLabsVoice({ apiKey: "elevenlabs-key", baseUrl: world.origin, model: "eleven_flash_v2_5", defaultVoiceId: "voice-1", clock })],
    canned: { sound: cannedSound, prepare: () => undefined },
    actions: {
      optOut: ({ attemptId }) => Promise.resolve(void optOuts.push(attemptId)),
      async hangUp(attemptId) {
        await client.calls(calls.get(attemptId)?.callSid ?? "").update({ status: "completed" });
      },
      onEnded: (attemptId) => Promise.resolve(void ended.push(attemptId)),
    },
  };
  const live = liveConversations(options.deps?.(base, { world, clock }) ?? base);

  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/xml" }).end("<Response/>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const door = mediaSocket({
    server,
    log,
    verifyUpgrade: upgradeSignatureChecker({ publicUrl, authTokens: [authToken] }),
    acceptStream: (socket, withinMs) => acceptMediaStream(socket, { clock, log }, withinMs),
    openStream({ token, callSid }) {
      const entry = calls.get(token as AttemptId);
      if (!entry || entry.callSid !== callSid) throw new Refusal(403, "stream_refused", "expected a token of this rig");
      return Promise.resolve({ attemptId: entry.call.attemptId, accountId, resumed: false });
    },
    startConversation(input) {
      live.start(input);
      calls.get(input.attemptId)?.onStart?.(input.attemptId);
    },
    onStreamClosed: () => undefined,
    hasRoom: () => true,
  });
  let made = 0;
  return {
    async close() {
      live.close();
      await world.close();
      door.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    world,
    clock,
    live,
    optOuts,
    ended,
    facts: (to) => world.world.factsOf(to),
    async talk(to, talking = {}) {
      made += 1;
      const attemptId = `00000000-0000-7000-8000-${String(made).padStart(12, "0")}` as AttemptId;
      const facts = world.world.factsOf(to);
      const language = talking.language ?? (facts.tongue === "english" ? "en-IN" : "hi-IN");
      const plan: ConversationPlan = {
        definition,
        contact: {
          name: facts.name,
          language,
          variables: talking.variables ?? { amount_due: facts.amountPaise, due_date: "2026-12-06", birth_year: facts.birthYear, loan_type: "two-wheeler" },
        },
        timings: { ...defaultTimings, ...options.timings },
        providers: { brains: base.brains.length, voices: base.voices.length },
      };
      const call: LoadedCall = { attemptId, accountId, campaignId: "c" as CampaignId, contactId: "k" as ContactId, plan, earlier: undefined, answeredBy: "unknown", owner: "rig" };
      const finished = new Promise<RiggedCall>((finish) => calls.set(attemptId, { call, callSid: "", finish, onStart: talking.onStart }));
      if (talking.prepared !== false) live.prepare({ attemptId, accountId });
      const placed = await client.calls.create({
        to,
        from: "+14155550100",
        twiml: `<Response><Connect><Stream url="${publicUrl.replace("http", "ws")}/media"><Parameter name="token" value="${attemptId}"/></Stream></Connect></Response>`,
      });
      const entry = calls.get(attemptId);
      if (entry) entry.callSid = placed.sid;
      const done = await finished;
      await world.ledger.untilEnded(placed.sid);
      return done;
    },
  };
}

const cannedTexts: Readonly<Record<CannedName, string>> = { one_moment: "One moment please.", sorry_trouble: "Sorry for the delay.", call_back_goodbye: "We will call you back. Goodbye." };

/** Canned sentences in the phone world's own speech; the chime where a test wants no speech. */
export function cannedSound(name: CannedName): { audio: Uint8Array; text: string } {
  return { audio: modulateWords(cannedTexts[name]).audio, text: cannedTexts[name] };
}

export const chimeSound = (): { audio: Uint8Array; text: string } => ({ audio: chime(), text: "" });

/** The agent's words that the conversation believes were heard. */
export function believedText(result: ConversationResult): string {
  return result.turns.filter((turn) => turn.speaker === "agent").map((turn) => turn.text).join(" ");
}
