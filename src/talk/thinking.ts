import { VendorError } from "../domain/errors.ts";
import type { Log } from "../domain/log.ts";
import type { Effect } from "./conversation-events.ts";
import type { Brain, BrainEvent } from "./ports.ts";

export interface ThinkingEvents {
  onBrain(replyId: string, event: BrainEvent): void;
  onFailed(replyId: string, failure: { code: string; retryable: boolean }): void;
}

/** Asks the models; each answer can be stopped by its name. */
export interface Thinking {
  think(effect: Extract<Effect, { do: "think" }>): void;
  stop(replyId: string): void;
  close(): void;
}

export function startThinking(deps: { brains: readonly Brain[]; events: ThinkingEvents; log: Log }): Thinking {
  const running = new Map<string, AbortController>();

  const run = async (effect: Extract<Effect, { do: "think" }>, abort: AbortController): Promise<void> => {
    const { replyId } = effect;
    const brain = deps.brains[effect.provider];
    try {
      if (!brain) throw new VendorError("brain", "no_brain", `expected a brain number ${effect.provider}`, false);
      let isDone = false;
      for await (const event of brain.reply(effect.request, abort.signal)) {
        if (abort.signal.aborted) return;
        isDone ||= event.kind === "done";
        deps.events.onBrain(replyId, event);
      }
      if (!isDone && !abort.signal.aborted) deps.events.onFailed(replyId, { code: "ended_early", retryable: true });
    } catch (error) {
      if (abort.signal.aborted) return;
      const failure = error instanceof VendorError ? { code: error.code, retryable: error.retryable } : { code: "unexpected", retryable: true };
      deps.log.warn("brain failed", { brain: brain?.name, code: failure.code, error });
      deps.events.onFailed(replyId, failure);
    } finally {
      running.delete(replyId);
    }
  };

  return {
    think(effect) {
      const abort = new AbortController();
      running.set(effect.replyId, abort);
      void run(effect, abort);
    },
    stop(replyId) {
      running.get(replyId)?.abort();
      running.delete(replyId);
    },
    close() {
      for (const abort of running.values()) abort.abort();
      running.clear();
    },
  };
}
