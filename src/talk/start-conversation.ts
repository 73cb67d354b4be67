import type { Clock } from "../domain/clock.ts";
import type { ConversationResult } from "../domain/conversation.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import type { Log } from "../domain/log.ts";
import { callVendors } from "./call-vendors.ts";
import { keepConversation } from "./keep-conversation.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { Actions, Brain, CannedAudio, PhoneLine, SpeechModel, Transcriber, Voice } from "./ports.ts";
import type { PreparedConversation } from "./prepare-conversation.ts";
import { type RunningConversation, runConversation } from "./run-conversation.ts";

/** What conversations need. Of each kind of vendor the first is used; the others stand by. */
export interface TalkDeps {
  clock: Clock;
  log: Log;
  store: ConversationStore;
  transcribers: readonly Transcriber[];
  brains: readonly Brain[];
  voices: readonly Voice[];
  /** For campaigns of the realtime pipeline; without one they are talked over the three others. */
  speechModel?: SpeechModel;
  canned: CannedAudio;
  actions: Actions;
}

/** A conversation under way. */
export interface Conversation {
  readonly attemptId: AttemptId;
  /** Ends it politely: a goodbye, then the call is cut. */
  end(): void;
  /** Lets go of the line as if it were lost: the call goes on elsewhere. */
  letGo(): void;
  /** Resolves when it is over and written down; undefined when there was nothing to talk about. Never rejects. */
  readonly ended: Promise<ConversationResult | undefined>;
}

export interface ConversationStart {
  attemptId: AttemptId;
  accountId: AccountId;
  line: PhoneLine;
  prepared?: PreparedConversation | undefined;
  /** Resolves when what an earlier conversation of this call wrote can be read. */
  after?: Promise<unknown>;
}

/**
 * Holds the conversation of one answered call over its phone line, from the greeting to the written result. A
 * conversation that another process began is taken over where it stopped.
 */
export function startConversation(deps: TalkDeps, input: ConversationStart): Conversation {
  const log = deps.log.child({ attemptId: input.attemptId });
  const waiting: ((running: RunningConversation) => void)[] = [];
  let running: RunningConversation | undefined;
  const whenRunning = (act: (running: RunningConversation) => void): void => void (running ? act(running) : waiting.push(act));

  const hold = async (): Promise<ConversationResult | undefined> => {
    await input.after;
    const loaded = input.prepared?.call ?? (await deps.store.load(input));
    if (!loaded) {
      log.error("no such attempt to talk about");
      input.line.close();
      return undefined;
    }
    const vendors = callVendors(deps, loaded.plan);
    const call = { ...loaded, plan: { ...loaded.plan, providers: { brains: vendors.brains.length, voices: vendors.voices.length, speechModel: vendors.hasSpeechModel } } };
    return new Promise((resolve) => {
      const keeper = keepConversation(deps, { call, line: input.line, log, onEnded: resolve });
      running = runConversation(deps, { call, vendors, line: input.line, speech: input.prepared?.speech, log, events: keeper });
      if (call.answeredBy !== "unknown") running.tell({ kind: "carrier_verdict", answeredBy: call.answeredBy });
      for (const act of waiting.splice(0)) act(running);
    });
  };
  const ended = hold().catch((error: unknown) => {
    log.error("conversation could not begin", { error });
    input.line.close();
    return undefined;
  });
  return {
    attemptId: input.attemptId,
    ended,
    letGo: () => whenRunning((conversation) => conversation.tell({ kind: "line_closed", how: "lost" })),
    end: () => whenRunning((conversation) => conversation.tell({ kind: "operator_end" })),
  };
}
