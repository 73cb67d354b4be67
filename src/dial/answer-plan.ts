import type { Definition, Language } from "../domain/definition.ts";
import { recordingNotice } from "../domain/recording-notice.ts";
import type { AnswerPlan } from "./ports.ts";

/**
 * What happens at pickup. With consent asked for, the question comes before any stream and recording starts only after
 * a yes; announced recording is announced first; otherwise the stream opens at once, so that the greeting waits for nothing.
 */
export function firstAnswer(definition: Definition, language: Language, streamToken: string): AnswerPlan {
  const notice = recordingNotice(definition, language);
  if (notice === null) return { kind: "converse", streamToken, record: false, notice: null };
  if (definition.recording.mode === "consent") return { kind: "ask_consent", notice };
  return { kind: "converse", streamToken, record: true, notice };
}
