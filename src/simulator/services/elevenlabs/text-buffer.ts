/** How text that comes in pieces is cut into generations. */
export interface BufferRules {
  autoMode: boolean;
  /** Characters to wait for before the first, second … generation; the last holds for all further ones. */
  chunkLengthSchedule: readonly number[];
}

export const defaultSchedule: readonly number[] = [120, 160, 250, 290];
const autoPhraseLength = 60;

/** The text of one context that has not been spoken yet. */
export interface TextBuffer {
  /** Takes text; answers what is to be spoken now, or "" while the rules say to wait. */
  add(text: string, ask: { flush: boolean; trigger: boolean }): string;
  /** Characters waiting. */
  readonly waiting: number;
}

/**
 * Text waits until the schedule's next length is reached, in auto mode until a phrase is complete, or until it is
 * flushed. Only whole words are cut off, unless flushed: a word may still go on in the next piece.
 */
export function textBuffer(rules: BufferRules): TextBuffer {
  let buffer = "";
  let generations = 0;

  const take = (length: number): string => {
    const taken = buffer.slice(0, length);
    buffer = buffer.slice(length);
    if (taken.trim() === "") return "";
    generations += 1;
    return taken;
  };
  const wholeWords = (): number => /\s(?=\S*$)/.exec(buffer)?.index ?? -1;
  const due = (trigger: boolean): number => {
    const upTo = wholeWords() + 1;
    if (trigger) return upTo;
    if (rules.autoMode) {
      const phrase = /^.*[.!?।,;:](?=\s)/s.exec(buffer)?.[0].length ?? 0;
      return phrase > 0 ? phrase + 1 : buffer.length >= autoPhraseLength ? upTo : 0;
    }
    const wanted = rules.chunkLengthSchedule[Math.min(generations, rules.chunkLengthSchedule.length - 1)] ?? 0;
    return buffer.length >= wanted ? upTo : 0;
  };

  return {
    add(text, { flush, trigger }) {
      buffer += text;
      return take(flush ? buffer.length : due(trigger));
    },
    get waiting() {
      return buffer.trim().length;
    },
  };
}
