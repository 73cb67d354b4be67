import type { Clock, Timer } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import { audioWindow, lateFrames } from "./audio-window.ts";
import { joinHeard } from "./join-heard.ts";
import { isLoud } from "./speech-energy.ts";
import { bytesPerMs, frameBytes, frameMs, type HearingEvent, type Transcriber, type TranscriberConnection, type TranscriberOptions } from "./ports.ts";

/**
 * Keeps the agent able to hear. One transcriber connection at a time; while there is none the callee's audio waits in a
 * window of ten seconds and is handed over afterwards, in order. A turn that was cut by a lost connection goes on in the
 * next one, which is given once more what the lost one may not have put into words: from a pause a little before the
 * last change of its text. Words that are heard twice that way are told once. All other audio is handed over once.
 *
 * A transcriber answers with words only: one that is given speech and tells no more than beginnings and ends of turns
 * hears nothing, and is left for the next.
 */
export interface Hearing {
  frame(frame: Uint8Array): void;
  /** Seconds of audio handed to transcribers, what was heard again counted again. */
  secondsHeard(): number;
  close(): void;
}

const reconnectMs = [0, 250, 500, 1_000] as const;
/** A connection that lasted less than this was never a good one. */
const quickFailureMs = 5_000;
const quickFailuresToSwitch = 3;
/** With nobody left to switch to, this many failures in a row are deafness. */
const quickFailuresToGiveUp = 6;
/** A connection that does not open within this is given up, for the next transcriber if there is one. */
const openWithinMs = 1_500;
/**
 * So many loud frames without a word from the transcriber: it is up and does not hear. One that has told of a turn without
 * words may be right, it was a cough or a horn; one within a turn may still bring them.
 */
const unheardFrames = { quiet: 50, emptyTurn: 150, inTurn: 300 } as const;
/** A noisy street is loud and wordless too: that is believed only this often in a call. */
const mostUnheard = 2;
/** A second and a half of waiting audio is handed over at once; more, after an outage, at 1.25 times its speed. */
const burstFrames = 75;
const replayShare = 0.25;
/** So little waiting audio does not make a transcriber later than it is anyway. */
const fewFrames = 4;
/** A turn left open by a lost connection ends by itself when nothing more of it is heard. */
const orphanedTurnMs = 2_000;
/** While there is audio of it to be heard again, so long is waited for a connection that could. */
const hearAgainWithinMs = 3_500;

export function startHearing(deps: {
  clock: Clock;
  log: Log;
  transcribers: readonly Transcriber[];
  options: TranscriberOptions;
  onHearing: (event: HearingEvent) => void;
  onDeaf: () => void;
}): Hearing {
  const { clock, log } = deps;
  const audio = audioWindow();
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
  /** Until then the connection may still be busy with what it was given at once. */
  let caughtUpAtMs = 0;
  let isClosed = false;
  let loudFrames = 0;
  let hasToldTurn = false;
  let timesUnheard = 0;
  /** The turn under way: words kept from a connection that was lost, and the words of this one. */
  let turn: { before: string; text: string } | undefined;

  const fullText = (text: string, hearing: "so_far" | "whole" = "so_far"): string => joinHeard(turn?.before ?? "", text, hearing);

  const onWords = (text: string): string => {
    const told = fullText(turn?.text ?? "");
    turn = { before: turn?.before ?? "", text: text === "" ? (turn?.text ?? "") : text };
    const full = fullText(turn.text);
    if (full !== told && clock.nowMs() >= caughtUpAtMs) audio.textChanged();
    return full;
  };

  const onHearing = (event: HearingEvent): void => {
    cancelOrphan();
    const hasWords = "text" in event && event.text.trim() !== "";
    if (hasWords) loudFrames = 0;
    hasToldTurn = !hasWords && (hasToldTurn || event.kind === "started");
    switch (event.kind) {
      case "started":
        if (turn && fullText(turn.text) !== "") return;
        turn = { before: "", text: "" };
        return deps.onHearing(event);
      case "words":
      case "eager_end":
        return deps.onHearing({ kind: event.kind, text: onWords(event.text) });
      case "resumed":
        return deps.onHearing(event);
      case "ended": {
        const text = fullText(event.text, "whole");
        turn = undefined;
        if (hasWords) audio.turnEnded(event.silentForMs);
        else if (text !== "") audio.turnGivenUp();
        // The vendor counts by the audio it was given; what still waits for a whole message is silence too.
        const silentForMs = event.silentForMs === null ? null : event.silentForMs + audio.waiting * frameMs;
        deps.onHearing({ ...event, text, silentForMs });
        return text === "" ? loseIfDeaf() : undefined;
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
        isReplaying = audio.waiting > burstFrames;
        caughtUpAtMs = isReplaying || audio.waiting <= fewFrames ? openedAtMs : openedAtMs + (audio.waiting + lateFrames) * frameMs;
        if (orphanTimer) awaitOrphan(orphanedTurnMs);
        handOver();
      },
      onHearing: (event) => void (mine === generation && !isClosed && onHearing(event)),
      onClosed: (error) => void (mine === generation && !isClosed && lose(mine, error?.code ?? "closed", error?.retryable ?? true)),
    });
  };

  const lose = (mine: number, code: string, retryable: boolean): void => {
    log.warn("transcriber connection lost", { transcriber: deps.transcribers[provider]?.name, code });
    const toHearAgain = audio.takeBack(clock.nowMs() >= caughtUpAtMs);
    loudFrames = 0;
    hasToldTurn = false;
    const lasted = isOpen ? clock.nowMs() - openedAtMs : 0;
    generation = mine + 1;
    isOpen = false;
    timer?.cancel();
    connection?.close();
    connection = undefined;
    failures = lasted >= quickFailureMs ? 1 : failures + 1;
    if (turn) {
      turn = { before: fullText(turn.text), text: "" };
      if (!orphanTimer) awaitOrphan(toHearAgain > 0 ? hearAgainWithinMs : orphanedTurnMs);
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
    loseIfDeaf();
  };
  const loseIfDeaf = (): void => {
    const allowed = turn ? unheardFrames.inTurn : hasToldTurn ? unheardFrames.emptyTurn : unheardFrames.quiet;
    if (isClosed || timesUnheard >= mostUnheard || loudFrames < allowed) return;
    timesUnheard += 1;
    lose(generation, "hears_nothing", deps.transcribers.length === provider + 1);
  };

  const awaitOrphan = (withinMs: number): void => {
    cancelOrphan();
    orphanTimer = clock.setTimer(withinMs, endOrphanedTurn);
  };
  const cancelOrphan = (): void => {
    orphanTimer?.cancel();
    orphanTimer = undefined;
  };
  const endOrphanedTurn = (): void => {
    orphanTimer = undefined;
    if (isClosed || !turn) return;
    const text = fullText(turn.text);
    turn = undefined;
    audio.turnGivenUp();
    deps.onHearing({ kind: "ended", text, languages: [], silentForMs: null });
  };

  /** Sends what waits, in whole messages; after an outage no faster than the vendor can follow. */
  const handOver = (): void => {
    if (!isOpen || !connection) return;
    const mine = generation;
    const { framesPerMessage } = connection;
    isReplaying ||= audio.waiting > burstFrames;
    if (isReplaying) replayCredit = Math.min(replayCredit, framesPerMessage) + 1 + replayShare;
    while (audio.waiting >= framesPerMessage && (!isReplaying || replayCredit >= framesPerMessage)) {
      if (!connection.send(audio.message(framesPerMessage)) || mine !== generation) return;
      audio.handedOver(framesPerMessage, turn !== undefined);
      framesSent += framesPerMessage;
      if (!isReplaying) continue;
      replayCredit -= framesPerMessage;
      isReplaying = audio.waiting > framesPerMessage;
    }
  };

  open();
  return {
    frame(frame) {
      if (isClosed) return;
      listenForDeafness(frame);
      audio.push(frame);
      handOver();
    },
    secondsHeard: () => (framesSent * frameBytes) / bytesPerMs / 1_000,
    close() {
      isClosed = true;
      timer?.cancel();
      cancelOrphan();
      connection?.close();
      audio.clear();
    },
  };
}
