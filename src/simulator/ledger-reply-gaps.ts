import type { EventOf } from "./ledger-events.ts";
import { samplesPerMs } from "./mulaw.ts";

/** One pause between the callee's words and the agent's, as the callee felt it. */
export interface ReplyGap {
  /** What the callee had said. */
  after: string;
  gapMs: number;
}

/**
 * From the end of each finished utterance of the callee to the first word it heard after it, unless the callee spoke
 * again in between. Utterances that the agent was speaking over have no gap.
 */
export function replyGaps(said: readonly EventOf<"said">[], heard: readonly EventOf<"heard">[]): ReplyGap[] {
  const gaps: ReplyGap[] = [];
  for (const [index, utterance] of said.entries()) {
    if (!utterance.finished) continue;
    const end = utterance.endSample;
    const speaksAgainAt = said[index + 1]?.startSample ?? Number.POSITIVE_INFINITY;
    if (heard.some((word) => word.startSample < end && word.endSample > end)) continue;
    const reply = heard.find((word) => word.startSample >= end);
    if (reply && reply.startSample < speaksAgainAt) gaps.push({ after: utterance.text, gapMs: (reply.startSample - end) / samplesPerMs });
  }
  return gaps;
}
