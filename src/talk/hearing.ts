import type { Clock, Timer } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import { isLoud } from "./speech-energy.ts";
import { bytesPerMs, frameBytes, frameMs, type HearingEvent, type Transcriber, type TranscriberConnection, type TranscriberOptions } from "./ports.ts";

/**
 * Keeps the agent able to hear. One transcriber connection at a time; while there is none the callee's audio waits in a
 * ring of ten seconds and is handed over afterwards, each sample once and in order. A turn that was cut by a lost
 * connection goes on in the next one.
 */
export interface Hearing {
  frame(frame: Uint8Array): void;
  /** Seconds of audio handed to transcribers. */
  secondsHeard(): number;
  close(): void;
}

const ringFrames = 500;
const reconnectMs = [0, 250, 500, 1_000] as const;
/** A connection that lasted less than this was never a good one. */
const quickFailureMs = 5_000;
const quickFailuresToSwitch = 3;
/** With nobody left to switch to, this many failures in a row are deafness. */
const quickFailuresToGiveUp = 6;
/** A connection that does not open within this is given up, for the next transcriber if there is one. */
const openWithinMs = 1_500;
/** So many loud frames without a sign from the transcriber, before and within a turn: it is up and does not hear. */
const unheardFrames = { quiet: 50, inTurn: 300 } as const;
/** What was handed over without an answer, kept so that the next transcriber can hear it. */
const unansweredFrames = 150;
/** A noisy street is loud and wordless too: that is believed only this often in a call. */
const mostUnheard = 2;
/** Audio that waited no longer than this is handed over at once; more is replayed at 1.25 times its speed. */
const burstFrames = 25;
const replayShare = 0.25;
/** A turn left open by a lost connection ends by itself when nothing more of it is heard. */
const orphanedTurnMs = 2_000;

export function startHearing(deps: {
  clock: Clock;
  log: Log;
  transcribers: readonly Transcriber[];
  options: TranscriberOptions;
  onHearing: (event: HearingEvent) => void;
  onDeaf: () => void;
}): Hearing {
  const { clock, log } = deps;
  const ring: Uint8Array[] = [];
  const unanswered: Uint8Array[] = [];
  let provider = 0;
  let connection: TranscriberConnection | undefined;
  let isOpen = false;
  let generation = 0;
  let openedAtMs = 0;
  let failures = 0;
  let timer: Timer | undefined;
  let orphanTimer: Timer | undefined;
  let framesSent = 0;
  let isReplaying = false;
  let replayCredit = 0;
  let isClosed = false;
  let loudFrames = 0;
  let timesUnheard = 0;
  /** The turn under way: words kept from a connection that was lost, and the words of this one. */
  let turn: { before: string; text: string } | undefined;

  const fullText = (text: string): string => [turn?.before ?? "", text].filter((part) => part !== "").join(" ");

  const onHearing = (event: HearingEvent): void => {
    orphanTimer?.cancel();
    loudFrames = 0;
    unanswered.length = 0;
    switch (event.kind) {
      case "started":
        if (turn && fullText(turn.text) !== "") return;
        turn = { before: "", text: "" };
        return deps.onHearing(event);
      case "words":
        turn = { before: turn?.before ?? "", text: event.text };
        return deps.onHearing({ kind: "words", text: fullText(event.text) });
      case "eager_end":
        turn = { before: turn?.before ?? "", text: event.text };
        return deps.onHearing({ kind: "eager_end", text: fullText(event.text) });
      case "resumed":
        return deps.onHearing(event);
      case "ended": {
        const text = fullText(event.text);
        turn = undefined;
        // The vendor counts by the audio it was given; what still waits for a whole message is silence too.
        const silentForMs = event.silentForMs === null ? null : event.silentForMs + ring.length * frameMs;
        return deps.onHearing({ ...event, text, silentForMs });
      }
    }
  };

  const open = (): void => {
    const transcriber = deps.transcribers[provider];
    if (isClosed || !transcriber) return;
    const mine = ++generation;
    isOpen = false;
    timer = clock.setTimer(openWithinMs, () => mine === generation && !isOpen && lose(mine, "open_timeout", deps.transcribers.length === provider + 1));
    connection = transcriber.open(deps.options, {
      onOpen() {
        if (mine !== generation || isClosed) return;
        timer?.cancel();
        isOpen = true;
        openedAtMs = clock.nowMs();
        handOver();
      },
      onHearing: (event) => void (mine === generation && !isClosed && onHearing(event)),
      onClosed: (error) => void (mine === generation && !isClosed && lose(mine, error?.code ?? "closed", error?.retryable ?? true)),
    });
  };

  const lose = (mine: number, code: string, retryable: boolean): void => {
    log.warn("transcriber connection lost", { transcriber: deps.transcribers[provider]?.name, code });
    unanswered.length = 0;
    const lasted = isOpen ? clock.nowMs() - openedAtMs : 0;
    generation = mine + 1;
    isOpen = false;
    timer?.cancel();
    connection?.close();
    connection = undefined;
    failures = lasted >= quickFailureMs ? 1 : failures + 1;
    if (turn) {
      turn = { before: fullText(turn.text), text: "" };
      orphanTimer?.cancel();
      orphanTimer = clock.setTimer(orphanedTurnMs, endOrphanedTurn);
    }
    const hasNext = provider + 1 < deps.transcribers.length;
    if (hasNext && (!retryable || failures >= quickFailuresToSwitch)) {
      provider += 1;
      failures = 0;
      return open();
    }
    if (!retryable || failures >= quickFailuresToGiveUp) return deps.onDeaf();
    const waitMs = reconnectMs[Math.min(failures - 1, reconnectMs.length - 1)] ?? 0;
    timer = clock.setTimer(waitMs, open);
  };

  /** Speech goes in and nothing comes out. */
  const listenForDeafness = (frame: Uint8Array): void => {
    if (!isOpen || timesUnheard >= mostUnheard || !isLoud(frame)) return;
    loudFrames += 1;
    if (loudFrames < (turn ? unheardFrames.inTurn : unheardFrames.quiet)) return;
    loudFrames = 0;
    timesUnheard += 1;
    ring.unshift(...unanswered.splice(0));
    lose(generation, "hears_nothing", deps.transcribers.length === provider + 1);
  };

  const endOrphanedTurn = (): void => {
    if (isClosed || !turn) return;
    const text = fullText(turn.text);
    turn = undefined;
    deps.onHearing({ kind: "ended", text, languages: [], silentForMs: null });
  };

  /** Sends what waits, in whole messages; after an outage no faster than the vendor can follow. */
  const handOver = (): void => {
    if (!isOpen || !connection) return;
    const { framesPerMessage } = connection;
    isReplaying ||= ring.length > burstFrames;
    if (isReplaying) replayCredit = Math.min(replayCredit, framesPerMessage) + 1 + replayShare;
    while (ring.length >= framesPerMessage && (!isReplaying || replayCredit >= framesPerMessage)) {
      if (!connection.send(joined(ring, framesPerMessage))) return;
      unanswered.push(...ring.splice(0, framesPerMessage));
      while (unanswered.length > Math.min(unansweredFrames, ringFrames - ring.length)) unanswered.shift();
      framesSent += framesPerMessage;
      if (!isReplaying) continue;
      replayCredit -= framesPerMessage;
      isReplaying = ring.length > framesPerMessage;
    }
  };

  open();
  return {
    frame(frame) {
      if (isClosed) return;
      listenForDeafness(frame);
      ring.push(frame.slice());
      if (ring.length > ringFrames) ring.shift();
      handOver();
    },
    secondsHeard: () => (framesSent * frameBytes) / bytesPerMs / 1_000,
    close() {
      isClosed = true;
      timer?.cancel();
      orphanTimer?.cancel();
      connection?.close();
      ring.length = 0;
    },
  };
}

/** The oldest frames as one message. */
function joined(ring: readonly Uint8Array[], frames: number): Uint8Array {
  const [only] = ring;
  if (frames === 1 && only) return only;
  return Buffer.concat(ring.slice(0, frames));
}
