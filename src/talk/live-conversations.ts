import { pause, type Timer } from "../domain/clock.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import type { PhoneLine } from "./ports.ts";
import { type PreparedConversation, prepareConversation } from "./prepare-conversation.ts";
import { type Conversation, startConversation, type TalkDeps } from "./start-conversation.ts";

/** The conversations of this process: those being prepared while a phone rings, and those under way. */
export interface LiveConversations {
  /** The phone rings: make ready. Returns at once; what fails is made good when somebody picks up. */
  prepare(input: { attemptId: AttemptId; accountId: AccountId }): void;
  /** The call came to nothing before anybody picked up. */
  forget(attemptId: AttemptId): void;
  /** Somebody picked up and the line is open; `resumed` when an earlier line of the same call was lost, here or elsewhere. */
  start(input: { attemptId: AttemptId; accountId: AccountId; line: PhoneLine; resumed?: boolean }): Conversation;
  /** How many are under way. */
  readonly live: number;
  /** Says goodbye in every conversation. */
  endAll(): void;
  /** Resolves when none is under way and everything is written; new ones that begin meanwhile are waited for too. */
  idle(): Promise<void>;
  /** Resolves when no phone rings any more whose call is to be talked here: each was answered, came to nothing, or has rung too long. */
  noneRinging(signal: AbortSignal): Promise<void>;
  /** Drops what was prepared; live conversations are not touched. */
  close(): void;
}

/** A phone rings no longer than this; what was prepared is dropped afterwards. */
const keepPreparedMs = 90_000;
const lookForRingingMs = 200;
/** How long a call that comes back waits for what was written of it before the line was lost. */
const waitForBeforeMs = 1_000;

export function liveConversations(deps: TalkDeps): LiveConversations {
  const live = new Map<AttemptId, Conversation>();
  const prepared = new Map<AttemptId, { making: Promise<PreparedConversation | undefined>; ready: PreparedConversation | undefined; timer: Timer }>();

  const forget = (attemptId: AttemptId): void => {
    const entry = prepared.get(attemptId);
    if (!entry) return;
    prepared.delete(attemptId);
    entry.timer.cancel();
    void entry.making.then((made) => made?.discard());
  };
  /** What is ready now; something still in the making is not waited for. */
  const take = (attemptId: AttemptId): PreparedConversation | undefined => {
    const ready = prepared.get(attemptId)?.ready;
    if (!ready) {
      forget(attemptId);
      return undefined;
    }
    prepared.get(attemptId)?.timer.cancel();
    prepared.delete(attemptId);
    return ready;
  };

  return {
    prepare(input) {
      if (prepared.has(input.attemptId) || live.has(input.attemptId)) return;
      const making = prepareConversation(deps, input).catch((error: unknown) => {
        deps.log.warn("conversation could not be prepared", { attemptId: input.attemptId, error });
        return undefined;
      });
      const entry = { making, ready: undefined as PreparedConversation | undefined, timer: deps.clock.setTimer(keepPreparedMs, () => forget(input.attemptId)) };
      prepared.set(input.attemptId, entry);
      void making.then((made) => void (entry.ready = made));
    },
    forget,
    start({ attemptId, accountId, line, resumed }) {
      const before = live.get(attemptId);
      if (before || resumed) forget(attemptId);
      before?.letGo();
      const after = before && Promise.race([before.ended, pause(deps.clock, waitForBeforeMs)]);
      const conversation = startConversation(deps, { attemptId, accountId, line, prepared: take(attemptId), ...(after ? { after } : {}) });
      live.set(attemptId, conversation);
      void conversation.ended.then(() => void (live.get(attemptId) === conversation && live.delete(attemptId)));
      return conversation;
    },
    get live() {
      return live.size;
    },
    endAll() {
      for (const conversation of live.values()) conversation.end();
    },
    async idle() {
      while (live.size > 0) await Promise.all([...live.values()].map((conversation) => conversation.ended));
    },
    async noneRinging(signal) {
      while (prepared.size > 0 && !signal.aborted) await pause(deps.clock, lookForRingingMs, signal);
    },
    close() {
      for (const attemptId of [...prepared.keys()]) forget(attemptId);
    },
  };
}
