import type { Timer } from "../domain/clock.ts";
import type { ConversationResult } from "../domain/conversation.ts";
import { assertNever } from "../domain/exhaustive.ts";
import type { Log } from "../domain/log.ts";
import type { CallVendors } from "./call-vendors.ts";
import { reduce } from "./conversation.ts";
import type { ConversationEvent, Effect, TimerName } from "./conversation-events.ts";
import { keytermsOf } from "./conversation-plan.ts";
import { resultOf } from "./conversation-result.ts";
import { type ConversationState, waitingState } from "./conversation-state.ts";
import type { LoadedCall } from "./conversation-store.ts";
import { startHearing } from "./hearing.ts";
import { isSoundMark, startPlayer } from "./player.ts";
import type { BrainEvent, PhoneLine } from "./ports.ts";
import { eventLog } from "./recording.ts";
import { type PreparedSpeech, startSpeaking } from "./speaking.ts";
import type { TalkDeps } from "./start-conversation.ts";
import { startThinking } from "./thinking.ts";

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
const endMark = ":end";
/** An event without its time: the runner stamps it. */
export type Happening = DistributiveOmit<ConversationEvent, "atMs">;

export interface RunningConversation {
  /** Something happened; safe to call at any moment, also from within an effect. */
  tell(happening: Happening): void;
  readonly state: ConversationState;
  readonly events: readonly ConversationEvent[];
}

export interface RunnerEvents {
  /** Said once, before anything else. */
  attach(running: RunningConversation): void;
  onCheckpoint(state: ConversationState): void;
  onOptOut(how: "said" | "pressed", tell: RunningConversation["tell"]): void;
  onHangUp(): void;
  /** Said once, last: everything is stopped, no timer and no connection of ours is left. */
  onFinished(result: ConversationResult, last: RunningConversation): void;
}

/**
 * Carries out what the reducer decides: owns the timers and the connections of one call, and records every event. Events
 * that come while effects are carried out wait in line, so the reducer sees one thing after the other.
 */
export function runConversation(deps: TalkDeps, input: { call: LoadedCall; vendors: CallVendors; line: PhoneLine; speech: PreparedSpeech | undefined; log: Log; events: RunnerEvents }): RunningConversation {
  const { clock } = deps;
  const { call, vendors, line, log, events } = input;
  const { plan } = call;
  const recorded = eventLog();
  const timers = new Map<TimerName, Timer>();
  const inLine: ConversationEvent[] = [];
  let state = waitingState(plan, call.earlier);
  let isBusy = false;
  let isOver = false;

  const tell = (happening: Happening): void => {
    if (isOver) return;
    inLine.push({ ...happening, atMs: Math.round(clock.nowMs()) });
    if (isBusy) return;
    isBusy = true;
    try {
      for (let event = inLine.shift(); event !== undefined && !isOver; event = inLine.shift()) take(event);
    } catch (error) {
      log.error("conversation broke", { error });
      finish(resultOf(state, { reason: "technical_failure", hangupBy: "platform", atMs: Math.round(clock.nowMs()) }));
    } finally {
      isBusy = false;
    }
  };
  const take = (event: ConversationEvent): void => {
    recorded.add(event);
    const step = reduce(state, event);
    state = step.state;
    for (const effect of step.effects) carryOut(effect);
  };

  const player = startPlayer({
    clock,
    line,
    events: {
      onFirstFrame: (utteranceId) => tell({ kind: "first_frame", utteranceId }),
      onSoundDone: (utteranceId, playedInMs) => tell({ kind: "sound_done", utteranceId, playedInMs: Math.round(playedInMs) }),
      onStarved: (utteranceId) => void (speaking.owesSound(utteranceId) && tell({ kind: "sound_failed", utteranceId, code: "stalled" })),
    },
  });
  const speaking = startSpeaking({
    voices: vendors.voices,
    voiceNames: plan.definition.agent.voice,
    language: state.language.current,
    canned: deps.canned,
    player,
    prepared: input.speech,
    log,
    events: {
      onSound: (utteranceId, words) => tell({ kind: "sound", utteranceId, words }),
      onCannedSound: (utteranceId, text) => tell({ kind: "canned_sound", utteranceId, text }),
      onFailed: (utteranceId, code) => tell({ kind: "sound_failed", utteranceId, code }),
    },
  });
  const thinking = startThinking({
    brains: vendors.brains,
    log,
    events: {
      onBrain: (replyId, event) => tell(brainHappening(replyId, event)),
      onFailed: (replyId, failure) => tell({ kind: "brain_failed", replyId, ...failure }),
    },
  });
  const hearing = startHearing({
    clock,
    log,
    transcribers: vendors.transcribers,
    options: { languages: [...new Set([state.language.current, ...plan.definition.languages])], keyterms: keytermsOf(plan) },
    onHearing: (event) => tell({ kind: "hearing", hearing: event }),
    onDeaf: () => tell({ kind: "deaf" }),
  });

  /** Sound without word times was heard: its words are estimated. */
  const tellHeard = (mark: string): void => {
    const heard = player.soundHeard(mark);
    if (heard) tell({ kind: "mark", name: `${heard.utteranceId}:${speaking.wordsHeard(heard.utteranceId, heard.bytes)}` });
  };

  const carryOut = (effect: Effect): void => {
    switch (effect.do) {
      case "speak":
        return speaking.speak(effect);
      case "play":
        return player.release(effect.utteranceId, effect.ahead);
      case "play_canned":
        return speaking.playCanned(effect);
      case "end_sound":
        speaking.cancel(effect.utteranceId, Number.POSITIVE_INFINITY);
        return player.finish(effect.utteranceId);
      case "clear":
        effect.utteranceIds.forEach((id, index) => speaking.cancel(id, effect.heardWords[index] ?? 0));
        return player.clear(effect.utteranceIds);
      case "pause":
        return player.pause(effect.utteranceIds);
      case "forget":
        effect.utteranceIds.forEach((id, index) => {
          speaking.cancel(id, effect.heardWords[index] ?? 0);
          player.discard(id);
        });
        return;
      case "replay":
        player.replay(effect.utteranceId, effect.of, effect.fromWord);
        return speaking.replay(effect.utteranceId, effect.of, effect.fromWord);
      case "discard":
        speaking.cancel(effect.utteranceId, 0);
        return player.discard(effect.utteranceId);
      case "think":
        return thinking.think(effect);
      case "stop_thinking":
        return thinking.stop(effect.replyId);
      case "set_timer":
        timers.get(effect.timer)?.cancel();
        return void timers.set(effect.timer, clock.setTimer(effect.delayMs, () => tell({ kind: "timer", timer: effect.timer })));
      case "cancel_timer":
        return timers.get(effect.timer)?.cancel();
      case "write_opt_out":
        return events.onOptOut(effect.how, tell);
      case "checkpoint":
        return events.onCheckpoint(state);
      case "hang_up":
        return events.onHangUp();
      case "finish":
        return finish(effect.result);
      default:
        return assertNever(effect, "effect");
    }
  };

  /** Played to its end it cannot go on any more. Of a paused utterance the end mark comes back too: a cleared line returns them all. */
  const releaseSound = (utteranceId: string): void => {
    if (state.interruption?.paused.includes(utteranceId) !== true) player.discard(utteranceId);
  };

  const finish = (result: ConversationResult): void => {
    if (isOver) return;
    isOver = true;
    for (const timer of timers.values()) timer.cancel();
    thinking.close();
    hearing.close();
    player.close();
    speaking.close();
    vendors.close();
    events.onFinished({ ...result, usage: { ...result.usage, transcriberSeconds: result.usage.transcriberSeconds + hearing.secondsHeard() } }, self);
  };
  const self: RunningConversation = {
    tell,
    get state() {
      return state;
    },
    get events() {
      return recorded.events;
    },
  };
  events.attach(self);

  line.listen({
    onFrame: (frame) => hearing.frame(frame),
    onMark(name) {
      if (isSoundMark(name)) return tellHeard(name);
      tell({ kind: "mark", name });
      if (name.endsWith(endMark)) releaseSound(name.slice(0, -endMark.length));
    },
    onDigit: (digit) => tell({ kind: "digit", digit }),
    onClosed: (how) => tell({ kind: "line_closed", how }),
  });
  tell({ kind: "opened" });
  return self;
}

function brainHappening(replyId: string, event: BrainEvent): Happening {
  switch (event.kind) {
    case "text":
      return { kind: "brain_text", replyId, delta: event.delta };
    case "tool_call":
      return { kind: "brain_call", replyId, call: event.call };
    case "done":
      return { kind: "brain_done", replyId, inputTokens: event.inputTokens, outputTokens: event.outputTokens };
  }
}
