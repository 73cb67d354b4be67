import type { Language } from "../domain/definition.ts";
import type { Log } from "../domain/log.ts";
import type { Effect } from "./conversation-events.ts";
import type { Player, WordEnd } from "./player.ts";
import { bytesPerMs, type CannedAudio, type Voice, type VoiceListener, type VoiceSession } from "./ports.ts";
import { wordAlignment, type WordAlignment } from "./word-alignment.ts";

/** Sound of the greeting made while the phone rang. */
export interface PreparedSpeech {
  text: string;
  language: Language;
  /** Delivers what has come so far and everything still to come, in order. */
  attach(listener: Pick<VoiceListener, "onAudio" | "onDone" | "onFailed">): void;
  /** The session that makes it, to be used for everything after it too. */
  readonly session: VoiceSession;
}

export interface SpeakingEvents {
  /** Sound of an utterance is ready up to so many of its words. */
  onSound(utteranceId: string, words: number): void;
  onCannedSound(utteranceId: string, text: string): void;
  onFailed(utteranceId: string, code: string): void;
}

/** Turns utterances into sound on the player, over as many voices as there are. */
export interface Speaking {
  speak(effect: Extract<Effect, { do: "speak" }>): void;
  playCanned(effect: Extract<Effect, { do: "play_canned" }>): void;
  /** Stops making sound for an utterance of which so many words were heard; what the player has of it is the player's business. */
  cancel(utteranceId: string, heardWords: number): void;
  /** The player has nothing left of an unfinished utterance: true when the voice owes it sound. */
  owesSound(utteranceId: string): boolean;
  close(): void;
}

interface Track {
  readonly alignment: WordAlignment;
  readonly provider: number;
  readonly wordEnds: WordEnd[];
  bytes: number;
  over: boolean;
}

export function startSpeaking(deps: {
  voices: readonly Voice[];
  voiceNames: Readonly<Partial<Record<Language, string>>>;
  language: Language;
  canned: CannedAudio;
  player: Player;
  events: SpeakingEvents;
  prepared: PreparedSpeech | undefined;
  log: Log;
}): Speaking {
  const { player, events } = deps;
  const tracks = new Map<string, Track>();
  const sessions = new Map<number, VoiceSession>();
  let prepared = deps.prepared;
  if (prepared) sessions.set(0, prepared.session);

  const liveTrack = (id: string): Track | undefined => {
    const track = tracks.get(id);
    return track && !track.over ? track : undefined;
  };

  const listenerFor = (provider: number): VoiceListener => ({
    onAudio(contextId, audio, words) {
      const track = liveTrack(contextId);
      if (track?.provider !== provider) return;
      track.bytes += audio.length;
      const wordEnds = track.alignment.spoken(words);
      track.wordEnds.push(...wordEnds);
      events.onSound(contextId, track.alignment.wordsSpoken);
      player.add(contextId, audio, wordEnds);
    },
    onDone(contextId) {
      const track = liveTrack(contextId);
      if (track?.provider !== provider) return;
      track.over = true;
      if (track.bytes === 0 && track.alignment.wordsGiven > 0) return events.onFailed(contextId, "no_sound");
      events.onSound(contextId, track.alignment.wordsGiven);
      if (!track.alignment.isTimed) {
        track.wordEnds.push(...track.alignment.proportional(track.bytes));
        player.add(contextId, new Uint8Array(0), track.wordEnds);
      }
      player.finish(contextId);
    },
    onFailed(contextId, error) {
      deps.log.warn("voice failed", { voice: deps.voices[provider]?.name, code: error.code, context: contextId });
      if (contextId === null) sessions.delete(provider);
      for (const [id, track] of tracks) {
        if (track.over || track.provider !== provider || (contextId !== null && contextId !== id)) continue;
        track.over = true;
        events.onFailed(id, error.code);
      }
    },
  });

  const sessionOf = (provider: number): VoiceSession | undefined => {
    const known = sessions.get(provider);
    if (known) return known;
    const session = deps.voices[provider]?.open({ voices: deps.voiceNames, language: deps.language }, listenerFor(provider));
    if (session) sessions.set(provider, session);
    return session;
  };

  /** The greeting's sound may be there already, under the name it was prepared by. */
  const attachPrepared = (speech: PreparedSpeech, utteranceId: string): void => {
    const listener = listenerFor(0);
    speech.attach({
      onAudio: (contextId, audio, words) => listener.onAudio(contextId === preparedContext ? utteranceId : contextId, audio, words),
      onDone: (contextId) => listener.onDone(contextId === preparedContext ? utteranceId : contextId),
      onFailed: (contextId, error) => listener.onFailed(contextId === preparedContext ? utteranceId : contextId, error),
    });
  };

  return {
    speak(effect) {
      const track = tracks.get(effect.utteranceId) ?? { alignment: wordAlignment(), provider: effect.provider, wordEnds: [], bytes: 0, over: false };
      tracks.set(effect.utteranceId, track);
      track.alignment.give(effect.text);
      if (prepared) {
        const speech = prepared;
        prepared = undefined;
        const isIt = speech.text === effect.text && speech.language === effect.language && effect.last;
        if (!isIt) speech.session.cancel(preparedContext, 0);
        attachPrepared(speech, isIt ? effect.utteranceId : preparedContext);
        if (isIt) return;
      }
      sessionOf(effect.provider)?.speak({
        contextId: effect.utteranceId,
        text: effect.text,
        language: effect.language,
        last: effect.last,
        ...(effect.replyId === null ? {} : { replyId: effect.replyId }),
      });
    },
    playCanned(effect) {
      const { audio, text } = deps.canned.sound(effect.name, effect.language);
      const alignment = wordAlignment();
      alignment.give(text);
      events.onCannedSound(effect.utteranceId, text);
      player.add(effect.utteranceId, audio, alignment.proportional(audio.length));
      player.finish(effect.utteranceId);
    },
    cancel(utteranceId, heardWords) {
      const track = tracks.get(utteranceId);
      if (!track) return;
      track.over = true;
      const heardBytes = track.wordEnds.findLast((end) => end.words <= heardWords)?.atByte ?? 0;
      sessions.get(track.provider)?.cancel(utteranceId, heardBytes / bytesPerMs);
    },
    owesSound(utteranceId) {
      const track = liveTrack(utteranceId);
      return track !== undefined && track.alignment.wordsSpoken < track.alignment.wordsGiven;
    },
    close() {
      for (const session of sessions.values()) session.close();
      sessions.clear();
    },
  };
}

/** The context name under which a greeting is prepared; utterances are called u1, u2 … and never this. */
export const preparedContext = "prepared";
