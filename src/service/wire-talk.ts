import type { Server } from "node:http";
import { join } from "node:path";
import { elevenLabsVoice } from "../adapters/elevenlabs/voice.ts";
import { openAiSpeechModel } from "../adapters/openai/speech-model.ts";
import { cannedAudio } from "../adapters/system/canned-audio.ts";
import { acceptMediaStream } from "../adapters/twilio/media-stream.ts";
import { upgradeSignatureChecker } from "../adapters/twilio/signature.ts";
import type { Config } from "../config.ts";
import { hangUp } from "../dial/hang-up.ts";
import { closeStream, openStream } from "../dial/open-stream.ts";
import type { DialDeps } from "../dial/ports.ts";
import type { AttemptId } from "../domain/ids.ts";
import type { Log } from "../domain/log.ts";
import { type MediaSocket, mediaSocket } from "../http/media-socket.ts";
import { recordOptOut } from "../scrub/record-opt-out.ts";
import type { ScrubDeps } from "../scrub/ports.ts";
import { conversationStore } from "../talk/conversation-store.ts";
import { type LiveConversations, liveConversations } from "../talk/live-conversations.ts";
import type { SpeechModel } from "../talk/ports.ts";
import type { TalkDeps } from "../talk/start-conversation.ts";
import type { Storage } from "./open-storage.ts";
import type { VendorAccounts } from "./vendor-accounts.ts";
import { wireBrains } from "./wire-brains.ts";
import { wireEars } from "./wire-ears.ts";

export interface TalkParts {
  config: Config;
  storage: Storage;
  accounts: VendorAccounts;
  dial: DialDeps;
  scrub: ScrubDeps;
  /** Settles an attempt whose conversation is written down. */
  settle(attemptId: AttemptId): Promise<void>;
  log: Log;
}

/** The talk stage of one process: its conversations, and the door their audio comes in by. */
export interface Talking {
  live: LiveConversations;
  /** Opens the door on the given server; `isStopping` keeps new calls out while old ones go on. */
  openDoor(server: Server, isStopping: () => boolean): MediaSocket;
}

export function wireTalk(parts: TalkParts): Talking {
  const log = parts.log.child({ part: "talk" });
  const deps = talkDeps(parts, log);
  const live = liveConversations(deps);
  return {
    live,
    openDoor: (server, isStopping) =>
      mediaSocket({
        server,
        log,
        verifyUpgrade: upgradeSignatureChecker(parts.accounts.carrier),
        acceptStream: (socket, withinMs) => acceptMediaStream(socket, { clock: parts.storage.clock, log }, withinMs),
        openStream: (input) => openStream(parts.dial, input),
        startConversation: (input) => void live.start(input),
        onStreamClosed: (attemptId) => {
          closeStream(parts.dial, { attemptId }).catch((error: unknown) => log.error("the end of a stream could not be noted; the sweep finds it", { attemptId, error }));
        },
        hasRoom: () => !isStopping() && live.live < parts.config.maxMediaStreams,
      }),
  };
}

function talkDeps(parts: TalkParts, log: Log): TalkDeps {
  const { config, storage, accounts, dial } = parts;
  const { models } = config;
  const { clock, vault } = storage;
  const transcribers = wireEars({ config, accounts, clock, log });
  const brains = wireBrains({ config, accounts });
  const voice = elevenLabsVoice({ ...accounts.voice, clock, model: models.voice, defaultVoiceId: models.voiceId });
  const voices = [voice];
  const canned = cannedAudio({
    voice,
    voiceKey: `${models.voice} ${models.voiceId} ${accounts.world ? "phone world" : (accounts.voice.baseUrl ?? "")}`,
    languages: ["hi-IN", "en-IN"],
    directory: join(config.dataDir, "canned-audio"),
    clock,
    log,
  });
  return {
    clock,
    log,
    store: conversationStore({ db: storage.database.db, vault, owner: config.processName }),
    transcribers,
    brains,
    voices,
    ...(accounts.world && accounts.world.certificatePem === undefined ? {} : { speechModel: speechModel(parts, log) }),
    canned,
    actions: {
      optOut: (input) => recordOptOut(parts.scrub, input),
      hangUp: (attemptId) => hangUp(dial, { attemptId, by: "agent" }),
      onEnded: parts.settle,
    },
  };
}

function speechModel({ config, accounts, storage }: TalkParts, log: Log): SpeechModel {
  const { realtime: model, realtimeVoice: voice, realtimeTranscription: transcriptionModel } = config.models;
  const certificatePem = accounts.world?.certificatePem;
  return openAiSpeechModel({ ...accounts.brain, model, voice, transcriptionModel, clock: storage.clock, log, ...(certificatePem === undefined ? {} : { certificatePem }) });
}
