import type { AnsweredBy } from "../domain/attempt.ts";
import { pause, type Timer } from "../domain/clock.ts";
import type { ConversationResult } from "../domain/conversation.ts";
import type { Log } from "../domain/log.ts";
import { type ConversationState, progressOf } from "./conversation-state.ts";
import type { LoadedCall } from "./conversation-store.ts";
import type { PhoneLine } from "./ports.ts";
import type { RunnerEvents, RunningConversation } from "./run-conversation.ts";
import type { TalkDeps } from "./start-conversation.ts";

const optOutRetryMs = [200, 500, 1_000, 2_000] as const;
const writeRetryMs = [200, 500, 1_000, 2_000, 5_000, 10_000, 20_000] as const;
/** After the end the line is closed by then, whether the row is written or not. */
const closeLineWithinMs = 2_000;
/** How often the row says that the conversation lives; often at first, when the carrier finds out who picked up. */
const earlyBeatMs = 2_000;
const lateBeatMs = 10_000;
const earlyForMs = 30_000;

/**
 * Stands between a running conversation and what must not make it wait: the database and the carrier's REST side.
 * Writes in the background, one thing after the other; nothing here is ever awaited between ear and mouth.
 */
export function keepConversation(deps: TalkDeps, input: { call: LoadedCall; line: PhoneLine; log: Log; onEnded: (result: ConversationResult) => void }): RunnerEvents {
  const { clock, store, actions } = deps;
  const { call, line, log } = input;
  const startedAtMs = clock.nowMs();
  let writing: Promise<void> = Promise.resolve();
  let hasBegun = false;
  let latest: ConversationState | undefined;
  let running: RunningConversation | undefined;
  let beat: Timer | undefined;
  let known: AnsweredBy = call.answeredBy;
  let isOver = false;

  const now = (): Date => new Date(clock.nowMs());
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    writing = writing.then(task).catch((error: unknown) => log.error("conversation could not be written", { error }));
    return writing;
  };
  const ensureBegun = async (): Promise<void> => {
    if (hasBegun) return;
    await store.begin(call, new Date(startedAtMs));
    hasBegun = true;
  };
  const stillOurs = (ours: boolean): void => {
    if (ours || isOver) return;
    log.warn("conversation was taken over by another process");
    line.close();
  };
  const retrying = async (delaysMs: readonly number[], what: string, task: () => Promise<void>): Promise<boolean> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await task();
        return true;
      } catch (error) {
        const delayMs = delaysMs[attempt];
        log.error("a write of the conversation failed", { what, error, retried: delayMs !== undefined });
        if (delayMs === undefined) return false;
        await pause(clock, delayMs);
      }
    }
  };

  const nextBeat = (): void => {
    if (isOver) return;
    beat = clock.setTimer(clock.nowMs() - startedAtMs < earlyForMs ? earlyBeatMs : lateBeatMs, () => {
      void inTurn(async () => {
        await ensureBegun();
        const verdict = await store.alive(call, now());
        stillOurs(verdict !== undefined);
        if (verdict === undefined || verdict === known) return;
        known = verdict;
        running?.tell({ kind: "carrier_verdict", answeredBy: verdict });
      });
      nextBeat();
    });
  };

  const writeEnd = async (result: ConversationResult, last: RunningConversation): Promise<void> => {
    await retrying(writeRetryMs, "writing the end of the conversation", async () => {
      await ensureBegun();
      const recording = { version: 1 as const, plan: call.plan, earlier: call.earlier ?? null, events: last.events };
      const written = await store.finish(call, { result, progress: progressOf(last.state), firstSoundMs: last.state.firstSoundMs ?? null, recording });
      if (!written) log.warn("end of the conversation was written already, or by another process");
    });
  };

  return {
    attach(conversation) {
      running = conversation;
      void inTurn(ensureBegun);
      nextBeat();
    },
    onCheckpoint(state) {
      const isWaiting = latest !== undefined;
      latest = state;
      if (isWaiting) return;
      void inTurn(async () => {
        await ensureBegun();
        const snapshot = latest;
        latest = undefined;
        if (snapshot && !isOver) stillOurs(await store.checkpoint(call, snapshot, now()));
      });
    },
    onOptOut(how, tell) {
      const write = (): Promise<void> => actions.optOut({ accountId: call.accountId, attemptId: call.attemptId, how });
      void retrying(optOutRetryMs, "writing the opt-out", write).then((ok) => {
        tell({ kind: "opt_out_written", ok });
        if (!ok) void retrying(writeRetryMs, "writing the opt-out, which the callee was not promised", write);
      });
    },
    onHangUp() {
      void retrying([200], "hanging up", () => actions.hangUp(call.attemptId)).then((ok) => void (ok || line.close()));
    },
    onFinished(result, last) {
      isOver = true;
      beat?.cancel();
      const closeTimer = clock.setTimer(closeLineWithinMs, () => line.close());
      void inTurn(() => writeEnd(result, last))
        .then(async () => {
          closeTimer.cancel();
          line.close();
          await retrying(writeRetryMs, "reporting the end of the conversation", () => actions.onEnded(call.attemptId));
        })
        .then(() => input.onEnded(result));
    },
  };
}
