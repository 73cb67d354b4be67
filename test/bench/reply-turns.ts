import type { ReplyGap } from "../../src/simulator/ledger-reply-gaps.ts";
import { chatDeltas, tokensOf } from "../../src/simulator/services/openai/chat-pieces.ts";
import { replay } from "../../src/talk/replay.ts";
import type { ToolCall } from "../../src/talk/ports.ts";
import type { Recording } from "../../src/talk/recording.ts";

/** One answer of the model to something a callee said. */
export interface AnsweredTurn {
  /** As the callee felt it: the last sample of its speech to the first of the reply. */
  heardMs: number;
  /** As we count it for reports. */
  countedMs: number | null;
  /** The tools the model called before it spoke, in the answers they came in. */
  rounds: readonly (readonly ToolCall[])[];
  /** What it then wrote. */
  text: string;
}

/** The vendors of a bench: each always takes so long, in milliseconds. */
export interface SteadyVendors {
  eagerSilenceMs: number;
  endSilenceMs: number;
  listeningMs: number;
  firstTokenMs: number;
  tokenGapMs: number;
  firstSoundMs: number;
}

/**
 * What these vendors take of a reply, whoever asks them: from the eager end of the turn every answer of the model, one
 * after the other, up to the first whole word of the last one, and that word's sound; but not before the end of the turn.
 * Waiting for more than one word, gathering audio, and every hand-over are ours; answers asked for side by side are our gain.
 */
export function vendorPathMs(turn: AnsweredTurn, vendors: SteadyVendors): number {
  const { eagerSilenceMs, endSilenceMs, listeningMs, firstTokenMs, tokenGapMs, firstSoundMs } = vendors;
  const toolsMs = turn.rounds.reduce((sum, toolCalls) => sum + firstTokenMs + chatDeltas({ text: "", toolCalls: [...toolCalls] }, () => "").length * tokenGapMs, 0);
  const [firstWord = ""] = turn.text.trim().split(/\s/);
  const preparedMs = eagerSilenceMs + listeningMs + toolsMs + firstTokenMs + tokensOf(firstWord).length * tokenGapMs + firstSoundMs;
  return Math.max(endSilenceMs + listeningMs, preparedMs);
}

/** The turns of a recorded call that the model answered and whose gap the callee's ear has measured. */
export function answeredTurns(recording: Recording, gaps: readonly ReplyGap[]): AnsweredTurn[] {
  const { history, utterances } = replay(recording).state;
  const written = writtenBy(recording);
  const unused = [...gaps];
  const turns: AnsweredTurn[] = [];
  for (const [index, entry] of history.entries()) {
    if (entry.kind !== "callee") continue;
    const gapIndex = unused.findIndex((gap) => gap.after === entry.text);
    const [gap] = gapIndex < 0 ? [] : unused.splice(0, gapIndex + 1).slice(-1);
    const calls: ToolCall[] = [];
    for (const next of history.slice(index + 1)) {
      if (next.kind === "tool") calls.push(next.call);
      if (next.kind === "callee" || next.kind === "earlier") break;
      if (next.kind !== "agent") continue;
      const reply = utterances.find((utterance) => utterance.id === next.utteranceId);
      if (gap && reply?.purpose === "reply" && reply.replyId !== null) {
        turns.push({ heardMs: gap.gapMs, countedMs: reply.latency?.replyMs ?? null, rounds: inRounds(calls, written), text: written.texts.get(reply.replyId) ?? "" });
      }
      break;
    }
  }
  return turns;
}

interface Written {
  texts: Map<string, string>;
  replyOfCall: Map<string, string>;
}

/** What the model wrote, by the name of its answer. */
function writtenBy(recording: Recording): Written {
  const texts = new Map<string, string>();
  const replyOfCall = new Map<string, string>();
  for (const event of recording.events) {
    if (event.kind === "brain_text") texts.set(event.replyId, (texts.get(event.replyId) ?? "") + event.delta);
    if (event.kind === "brain_call") replyOfCall.set(event.call.id, event.replyId);
  }
  return { texts, replyOfCall };
}

function inRounds(calls: readonly ToolCall[], { replyOfCall }: Written): ToolCall[][] {
  const rounds = new Map<string, ToolCall[]>();
  for (const call of calls) {
    const replyId = replyOfCall.get(call.id) ?? call.id;
    rounds.set(replyId, [...(rounds.get(replyId) ?? []), call]);
  }
  return [...rounds.values()];
}
