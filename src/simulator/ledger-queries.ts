import type { CallStatus, EventOf, HungUpBy, LedgerEvent } from "./ledger-events.ts";
import { samplesPerMs } from "./mulaw.ts";

/** What became of one call, folded from its lines. Instants are epoch milliseconds, null when it never came to that. */
export interface CallStory {
  callSid: string;
  to: string;
  from: string;
  persona: string;
  /** The form it was created with. */
  form: Readonly<Record<string, string | string[]>>;
  status: CallStatus;
  createdAtMs: number;
  dialedAtMs: number | null;
  ringingAtMs: number | null;
  answeredAtMs: number | null;
  endedAtMs: number | null;
  durationSeconds: number | null;
  hungUpBy: HungUpBy | null;
  answeredBy: string | null;
}

/** Folds the lines of one call; undefined when it was never created. */
export function callStory(callSid: string, events: readonly LedgerEvent[]): CallStory | undefined {
  const created = events.find((event) => event.kind === "created");
  if (created?.kind !== "created") return undefined;
  const story: CallStory = {
    callSid,
    to: created.to,
    from: created.from,
    persona: created.persona,
    form: created.form,
    status: "queued",
    createdAtMs: created.atMs,
    dialedAtMs: null,
    ringingAtMs: null,
    answeredAtMs: null,
    endedAtMs: null,
    durationSeconds: null,
    hungUpBy: null,
    answeredBy: null,
  };
  for (const event of events) tell(story, event);
  return story;
}

function tell(story: CallStory, event: LedgerEvent): void {
  if (event.kind === "status") {
    story.status = event.status;
    if (event.status === "initiated") story.dialedAtMs = event.atMs;
    if (event.status === "ringing") story.ringingAtMs = event.atMs;
    if (event.status === "in-progress") story.answeredAtMs = event.atMs;
  } else if (event.kind === "ended") {
    story.status = event.status;
    story.endedAtMs = event.atMs;
    story.durationSeconds = event.durationSeconds;
    story.hungUpBy = event.hungUpBy;
  } else if (event.kind === "answered_by") story.answeredBy = event.answeredBy;
}

/** A run of words heard without a longer pause; sample numbers count from the moment the call was answered. */
export interface Utterance {
  text: string;
  startSample: number;
  endSample: number;
}

export function utterancesOf(words: readonly EventOf<"heard">[], pauseMs: number): Utterance[] {
  const utterances: Utterance[] = [];
  let last: Utterance | undefined;
  for (const { word, startSample, endSample } of words) {
    if (last && startSample - last.endSample < pauseMs * samplesPerMs) {
      last.text += ` ${word}`;
      last.endSample = endSample;
    } else {
      last = { text: word, startSample, endSample };
      utterances.push(last);
    }
  }
  return utterances;
}
