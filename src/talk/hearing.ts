import type { Clock, Timer } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import { bytesPerMs, frameBytes, type HearingEvent, type Transcriber, type TranscriberConnection, type TranscriberOptions } from "./ports.ts";

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
/** A connection that does not open within this is given up. */
const openWithinMs = 5_000;
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
  /** The turn under way: words kept from a connection that was lost, and the words of this one. */
  let turn: { before: string; text: string } | undefined;

  const fullText = (text: string): string => [turn?.before ?? "", text].filter((part) => part !== "").join(" ");

  const onHearing = (event: HearingEvent): void => {
    orphanTimer?.cancel();
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
        return deps.onHearing({ ...event, text });
      }
    }
  };

  const open = (): void => {
    const transcriber = deps.transcribers[provider];
    if (isClosed || !transcriber) return;
    const mine = ++generation;
    isOpen = false;
    timer = clock.setTimer(openWithinMs, () => mine === generation && !isOpen && lose(mine, "open_timeout", true));
    connection = transcriber.open(deps.options, {
      onOpen() {
        if (mine !== generation || isClosed) return;
        timer?.cancel();
        isOpen = true;
        openedAtMs = clock.nowMs();
        isReplaying = ring.length > burstFrames;
        handOver();
      },
      onHearing: (event) => void (mine === generation && !isClosed && onHearing(event)),
      onClosed: (error) => void (mine === generation && !isClosed && lose(mine, error?.code ?? "closed", error?.retryable ?? true)),
    });
  };

  const lose = (mine: number, code: string, retryable: boolean): void => {
    log.warn("transcriber connection lost", { transcriber: deps.transcribers[provider]?.name, code });
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
    if (isReplaying) replayCredit += 1 + replayShare;
    while (ring.length >= framesPerMessage && (!isReplaying || replayCredit >= framesPerMessage)) {
      if (!connection.send(joined(ring, framesPerMessage))) return;
      ring.splice(0, framesPerMessage);
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
