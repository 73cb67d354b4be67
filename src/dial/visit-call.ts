import { definitionSchema } from "../domain/definition.ts";
import { spokenIn } from "./answer-plan.ts";
import { foldAttempt } from "./fold-attempt.ts";
import { storeFacts } from "./inbox.queries.ts";
import { maxResumes } from "./open-stream.ts";
import type { AnswerPlan, DialDeps } from "./ports.ts";
import { type ConsentAnswer, consentGiven } from "./read-consent.ts";
import { answeredTokenLifeMs, issueStreamToken } from "./stream-token.ts";

/** What the carrier is told when nothing can go on. */
export const goodbyePlan: AnswerPlan = { kind: "hang_up", farewell: null };

const apology = {
  "hi-IN": "क्षमा कीजिए, तकनीकी समस्या के कारण हम यह कॉल समाप्त कर रहे हैं।",
  "en-IN": "We are sorry, because of a technical problem we have to end this call.",
} as const;

/**
 * The person answered whether the call may be recorded. The first answer counts and is written before anything is
 * recorded; the conversation goes on either way, with recording only after a yes.
 */
export async function recordConsentAnswer(deps: DialDeps, input: ConsentAnswer & { token: string; callSid: string }): Promise<AnswerPlan> {
  const visit = await visitCall(deps, input);
  if (!visit || visit.over) return goodbyePlan;
  const answered = consentGiven(input) ? "given" : "refused";
  const written = await deps.db
    .updateTable("attempts")
    .set({ recording_consent: answered })
    .where("id", "=", visit.id)
    .where("recording_consent", "is", null)
    .executeTakeFirst();
  const consent = written.numUpdatedRows === 1n ? answered : (visit.recording_consent ?? "refused");
  return converse(deps, visit, consent === "given");
}

/**
 * The media stream ended while the call goes on. A conversation that is over is followed by the end of the call; a lost
 * one gets a new stream, at most twice, then an apology. The recording, once begun, runs on by itself.
 */
export async function resumeCall(deps: DialDeps, input: { token: string; callSid: string }): Promise<AnswerPlan> {
  const visit = await visitCall(deps, input);
  if (!visit || visit.over) return goodbyePlan;
  const issued = await deps.db.selectFrom("stream_tokens").where("attempt_id", "=", visit.id).select((e) => e.fn.countAll<number>().as("tokens")).executeTakeFirstOrThrow();
  const inline = visit.asksConsent ? 2 : 1;
  if (Number(issued.tokens) >= inline + maxResumes) return { kind: "hang_up", farewell: spokenIn(apology, visit.language) };
  return converse(deps, visit, false);
}

async function converse(deps: DialDeps, visit: Visit, record: boolean): Promise<AnswerPlan> {
  const streamToken = await issueStreamToken(deps.db, deps, { attemptId: visit.id, accountId: visit.account_id, lifeMs: answeredTokenLifeMs });
  return { kind: "converse", streamToken, record, notice: null };
}

type Visit = NonNullable<Awaited<ReturnType<typeof visitCall>>>;

/** Every request of the carrier during a call also proves the call: it was answered and this is its name. */
async function visitCall(deps: DialDeps, input: { token: string; callSid: string }) {
  const nowMs = deps.clock.nowMs();
  const fact = { kind: "answered", callSid: input.callSid, authority: "carrier", atMs: nowMs, sequence: 2_000 } as const;
  await storeFacts(deps.db, [{ token: input.token, fact }], new Date(nowMs));
  await foldAttempt(deps, { token: input.token, boundBy: "callback" });
  const row = await deps.db
    .selectFrom("attempts as a")
    .innerJoin("contacts as c", "c.id", "a.contact_id")
    .innerJoin("campaigns as p", "p.id", "a.campaign_id")
    .leftJoin("conversations as v", "v.attempt_id", "a.id")
    .where("a.token", "=", input.token)
    .select(["a.id", "a.account_id", "a.state", "a.call_sid", "a.recording_consent", "c.language", "p.definition", "v.ended_at as conversation_ended_at"])
    .executeTakeFirst();
  if (!row) return undefined;
  const { recording } = definitionSchema.parse(row.definition);
  const over = row.state === "ended" || row.conversation_ended_at !== null || (row.call_sid !== null && row.call_sid !== input.callSid);
  return { ...row, over, asksConsent: recording.mode === "consent" };
}
