import type { HearingEvent } from "../../talk/ports.ts";

/** One message of Nova, as far as turns are made of it. Times are on the connection's own audio axis. */
export type NovaMessage =
  | { kind: "speech_started" }
  | { kind: "results"; text: string; isFinal: boolean; speechFinal: boolean; languages: readonly string[]; lastWordEndMs: number | null }
  | { kind: "utterance_end" }
  /** The pause after `speech_final` has lasted long enough. */
  | { kind: "pause_over" }
  /** No word has come since the turn began, for long enough. */
  | { kind: "words_overdue" };

export interface NovaTurns {
  /**
   * Takes a message; answers the turn events it makes. `awaitPause` says whether the caller is to send `pause_over`
   * after the pause, or to forget about it; `awaitWords` says the same of `words_overdue`.
   */
  take(message: NovaMessage, audioSentMs: number): { events: readonly HearingEvent[]; awaitPause: boolean; awaitWords: boolean };
}

/**
 * Puts Nova's results together into turns like those of Flux: finals are joined until the speech ends. `speech_final`
 * only means a short pause, so it makes an eager end; the turn is over when the pause lasts, or at `UtteranceEnd`, which
 * also comes when noise keeps `speech_final` away. Finals with empty text are normal. `UtteranceEnd` follows words only,
 * so a turn that noise has begun ends at an empty `speech_final`, or when its words are overdue.
 */
export function novaTurns(): NovaTurns {
  let finals: string[] = [];
  let interim = "";
  let languages: readonly string[] = [];
  let lastWordEndMs: number | null = null;
  let isOpen = false;
  let isEager = false;

  const text = (): string => [...finals, interim].filter((part) => part !== "").join(" ");
  const end = (audioSentMs: number): HearingEvent[] => {
    if (!isOpen) return [];
    const silentForMs = lastWordEndMs === null ? null : Math.max(0, audioSentMs - lastWordEndMs);
    const ended: HearingEvent = { kind: "ended", text: text(), languages, silentForMs };
    finals = [];
    interim = "";
    languages = [];
    lastWordEndMs = null;
    isOpen = false;
    isEager = false;
    return [ended];
  };
  const open = (): HearingEvent[] => {
    if (isOpen) return [];
    isOpen = true;
    return [{ kind: "started" }];
  };
  const takeResults = (results: Extract<NovaMessage, { kind: "results" }>, audioSentMs: number): HearingEvent[] => {
    const events: HearingEvent[] = [];
    if (results.text !== "") {
      events.push(...open());
      if (isEager) events.push({ kind: "resumed" });
      isEager = false;
      if (results.isFinal) finals.push(results.text);
      interim = results.isFinal ? "" : results.text;
      if (results.languages.length > 0) languages = results.languages;
      lastWordEndMs = results.lastWordEndMs ?? lastWordEndMs;
      events.push({ kind: "words", text: text() });
    }
    if (results.speechFinal && text() === "") events.push(...end(audioSentMs));
    else if (results.speechFinal && !isEager) {
      isEager = true;
      events.push({ kind: "eager_end", text: text() });
    }
    return events;
  };

  const eventsOf = (message: NovaMessage, audioSentMs: number): readonly HearingEvent[] => {
    switch (message.kind) {
      case "speech_started": {
        // Without words so far the sound before was noise: this is a new beginning.
        if (text() === "") isOpen = false;
        const resumed: HearingEvent[] = isEager ? [{ kind: "resumed" }] : [];
        isEager = false;
        return [...open(), ...resumed];
      }
      case "results":
        return takeResults(message, audioSentMs);
      case "utterance_end":
        return end(audioSentMs);
      case "pause_over":
        return isEager ? end(audioSentMs) : [];
      case "words_overdue":
        return text() === "" ? end(audioSentMs) : [];
    }
  };

  return {
    take(message, audioSentMs) {
      const events = eventsOf(message, audioSentMs);
      return { events, awaitPause: isEager, awaitWords: isOpen && text() === "" };
    },
  };
}
