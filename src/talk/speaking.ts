import type { Language } from "../domain/definition.ts";
import type { Log } from "../domain/log.ts";
import type { Effect } from "./conversation-events.ts";
import type { WordEnd } from "./player-track.ts";
import type { Player } from "./player.ts";
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
  /** A paused utterance goes on under a new name: sound and text still to come belong to that. */
  replay(utteranceId: string, of: string, fromWord: number): void;
  /** So many bytes of an utterance's sound were heard, of which no word times are known: answers how many of its words that makes. */
  wordsHeard(utteranceId: string, bytes: number): number;
  /** The player has nothing left of an unfinished utterance: true when the voice owes it sound. */
  owesSound(utteranceId: string): boolean;
  close(): void;
}

/** One context of a voice, which may go on under a new utterance's name after a pause. */
interface Track {
  readonly contextId: string;
  utteranceId: string;
  /** Words of it that belong to utterances before the present one. */
  wordsBefore: number;
  /** Why it came to nothing, told to whoever still waits for it. */
  failure: string | undefined;
  readonly alignment: WordAlignment;
  readonly provider: number;
  readonly wordEnds: WordEnd[];
  bytes: number;
  /** Its voice tells no word times. */
  untimed: boolean;
  /** Of an untimed one, how much was heard. */
  heardBytes: number;
  /** All its sound is there. */
  whole: boolean;
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
  /** By utterance; a track that goes on after a pause is found under both names. */
  const tracks = new Map<string, Track>();
  const sessions = new Map<number, VoiceSession>();
  let prepared = deps.prepared;
  if (prepared) sessions.set(0, prepared.session);

  const liveTrack = (id: string): Track | undefined => {
    const track = tracks.get(id);
    return track && !track.over ? track : undefined;
  };

  const failTrack = (track: Track, code: string): void => {
    track.over = true;
    track.failure = code;
    events.onFailed(track.utteranceId, code);
  };

  const listenerFor = (provider: number): VoiceListener => ({
    onAudio(contextId, audio, words) {
      const track = liveTrack(contextId);
      if (track?.provider !== provider) return;
      track.bytes += audio.length;
      if (words === null) {
        track.untimed = true;
        events.onSound(track.utteranceId, wordsWithin(track, track.bytes));
        return player.add(contextId, audio, null);
      }
      const wordEnds = track.alignment.spoken(words);
      track.wordEnds.push(...wordEnds);
      events.onSound(track.utteranceId, track.alignment.wordsSpoken - track.wordsBefore);
      player.add(contextId, audio, wordEnds);
    },
    onDone(contextId) {
      const track = liveTrack(contextId);
      if (track?.provider !== provider) return;
      track.over = true;
      track.whole = true;
      if (track.bytes === 0 && track.alignment.wordsGiven > 0) return failTrack(track, "no_sound");
      events.onSound(track.utteranceId, track.alignment.wordsGiven - track.wordsBefore);
      if (!track.alignment.isTimed && !track.untimed) {
        track.wordEnds.push(...track.alignment.proportional(track.bytes));
        player.add(contextId, new Uint8Array(0), track.wordEnds);
      }
      player.finish(contextId);
    },
    onFailed(contextId, error) {
      deps.log.warn("voice failed", { voice: deps.voices[provider]?.name, code: error.code, context: contextId });
      if (contextId === null) sessions.delete(provider);
      for (const track of tracks.values()) {
        if (!track.over && track.provider === provider && (contextId === null || contextId === track.contextId)) failTrack(track, error.code);
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
      const track = tracks.get(effect.utteranceId) ?? newTrack(effect.utteranceId, effect.provider);
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
      sessionOf(track.provider)?.speak({
        contextId: track.contextId,
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
      if (track?.utteranceId !== utteranceId) return;
      track.over = true;
      const heardBytes = track.untimed ? track.heardBytes : (track.wordEnds.findLast((end) => end.words <= track.wordsBefore + heardWords)?.atByte ?? 0);
      sessions.get(track.provider)?.cancel(track.contextId, heardWords === Number.POSITIVE_INFINITY ? heardWords : heardBytes / bytesPerMs);
    },
    replay(utteranceId, of, fromWord) {
      const track = tracks.get(of);
      if (!track) return;
      track.utteranceId = utteranceId;
      track.wordsBefore += fromWord;
      tracks.set(utteranceId, track);
      if (track.failure !== undefined) events.onFailed(utteranceId, track.failure);
    },
    wordsHeard(utteranceId, bytes) {
      const track = tracks.get(utteranceId);
      if (!track) return 0;
      track.heardBytes = Math.max(track.heardBytes, bytes);
      return wordsWithin(track, bytes);
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

const wordsWithin = (track: Track, bytes: number): number =>
  Math.max(0, track.alignment.wordsWithin(bytes, { bytes: track.bytes, isAll: track.whole }) - track.wordsBefore);

const newTrack = (utteranceId: string, provider: number): Track => ({
  contextId: utteranceId,
  utteranceId,
  wordsBefore: 0,
  failure: undefined,
  alignment: wordAlignment(),
  provider,
  wordEnds: [],
  bytes: 0,
  untimed: false,
  heardBytes: 0,
  whole: false,
  over: false,
});

/** The context name under which a greeting is prepared; utterances are called u1, u2 … and never this. */
export const preparedContext = "prepared";
