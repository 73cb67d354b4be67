import { bareWords } from "./backchannel.ts";
import { contextGroups, type MachineKind, personWords, sentenceGroups } from "./machine-sentences.ts";

export interface MachinePhrase {
  id: string;
  kind: MachineKind;
}

/** The words of a text between spaces; joiners, which speech recognition may leave out, are gone. */
const spaced = (text: string): string => ` ${bareWords(plain(text)).join(" ")} `;
const plain = (text: string): string => text.replaceAll("\u2019", "'").replace(/[\u200c\u200d]/g, "");
const prepared = sentenceGroups.map((group) => ({ ...group, phrases: group.phrases.map((phrase) => spaced(phrase).trimEnd()) }));

/** "Leave a message with my wife", "… on WhatsApp": a person's advice. */
const leaveWithSomebody = / leave (?:a|your|me a) message (?:on|with|to|at home) /;

/** Whether somebody speaks for himself ("my", "uska bhai hoon"), as no announcement does. */
export function speaksForHimself(text: string): boolean {
  return bareWords(plain(text)).some((word) => personWords.has(word));
}

/**
 * The groups of recorded sentences that the text contains. `known`: the groups heard before in the call, which may give
 * a sentence its context ("the number you are calling …" — "… is busy").
 */
export function machinePhrasesIn(text: string, known: readonly MachinePhrase[] = []): readonly MachinePhrase[] {
  const heard = spaced(text);
  const isPerson = speaksForHimself(text);
  const found = prepared.filter((group) => (group.kind === "voicemail" || !isPerson) && group.phrases.some((phrase) => heard.includes(phrase)));
  const hasContext = [...found, ...known].some((group) => contextGroups.has(group.id));
  return found
    .filter((group) => (group.needsContext !== true || hasContext) && !(group.id === "leave_message" && leaveWithSomebody.test(heard)))
    .map(({ id, kind }) => ({ id, kind }));
}
