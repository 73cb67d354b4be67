import type { Db } from "../db/database.ts";
import { definitionSchema } from "../domain/definition.ts";
import { spokenIn } from "./answer-plan.ts";
import type { FactIntake } from "./fact-intake.ts";
import { maxResumes } from "./open-stream.ts";
import type { AnswerPlan, DialDeps } from "./ports.ts";
import { type ConsentAnswer, consentGiven } from "./read-consent.ts";
import { answeredTokenLifeMs, issueStreamToken } from "./stream-token.ts";

/** What a visit needs: the person on the line hears nothing until it is answered, so what it proves is stored here and folded later. */
export type VisitDeps = Pick<DialDeps, "db" | "clock" | "random" | "vault"> & { facts: Pick<FactIntake, "receive"> };

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
export function recordConsentAnswer(deps: VisitDeps, input: ConsentAnswer & { token: string; callSid: string }): Promise<AnswerPlan> {
  return answerVisit(deps, input, async (visit) => {
    const answered = consentGiven(input) ? "given" : "refused";
    const written = await deps.db
      .updateTable("attempts")
      .set({ recording_consent: answered })
      .where("id", "=", visit.id)
      .where("recording_consent", "is", null)
      .executeTakeFirst();
    const consent = written.numUpdatedRows === 1n ? answered : (visit.recording_consent ?? "refused");
    return converse(deps, visit, consent === "given");
  });
}

/**
 * The media stream ended while the call goes on. A conversation that is over is followed by the end of the call; a lost
 * one gets a new stream, at most twice, then an apology. The recording, once begun, runs on by itself.
 */
export function resumeCall(deps: VisitDeps, input: { token: string; callSid: string }): Promise<AnswerPlan> {
  return answerVisit(deps, input, async (visit) => {
    const inline = visit.asksConsent ? 2 : 1;
    if (Number(visit.streams_issued) >= inline + maxResumes) return { kind: "hang_up", farewell: spokenIn(apology, visit.language) };
    return converse(deps, visit, false);
  });
}

async function converse(deps: VisitDeps, visit: Visit, record: boolean): Promise<AnswerPlan> {
  const streamToken = await issueStreamToken(deps.db, deps, { attemptId: visit.id, accountId: visit.account_id, lifeMs: answeredTokenLifeMs });
  return { kind: "converse", streamToken, record, notice: null };
}

type Visit = NonNullable<Awaited<ReturnType<typeof readVisit>>>;

/**
 * Every request of the carrier during a call also proves the call: it was answered and this is its name. That is handed in
 * last: its folding locks the attempt, and the person on the line would wait for it.
 */
async function answerVisit(deps: VisitDeps, input: { token: string; callSid: string }, answer: (visit: Visit) => Promise<AnswerPlan>): Promise<AnswerPlan> {
  const visit = await readVisit(deps.db, input);
  const plan = !visit || visit.over ? goodbyePlan : await answer(visit);
  const fact = { kind: "answered", callSid: input.callSid, authority: "carrier", atMs: deps.clock.nowMs(), sequence: 2_000 } as const;
  await deps.facts.receive({ token: input.token, fact });
  return plan;
}

async function readVisit(db: Db, input: { token: string; callSid: string }) {
  const row = await db
    .selectFrom("attempts as a")
    .innerJoin("contacts as c", "c.id", "a.contact_id")
    .innerJoin("campaigns as p", "p.id", "a.campaign_id")
    .leftJoin("conversations as v", "v.attempt_id", "a.id")
    .where("a.token", "=", input.token)
    .select(["a.id", "a.account_id", "a.state", "a.call_sid", "a.recording_consent", "c.language", "p.definition", "v.ended_at as conversation_ended_at", "v.end_reason"])
    .select((e) => e.selectFrom("stream_tokens as t").whereRef("t.attempt_id", "=", "a.id").select(e.fn.countAll<number>().as("n")).as("streams_issued"))
    .executeTakeFirst();
  if (!row) return undefined;
  const { recording } = definitionSchema.parse(row.definition);
  // A conversation that lost its line has only stopped: the next stream reopens it.
  const talkIsOver = row.conversation_ended_at !== null && row.end_reason !== "line_lost";
  const over = row.state === "ended" || talkIsOver || (row.call_sid !== null && row.call_sid !== input.callSid);
  return { ...row, over, asksConsent: recording.mode === "consent" };
}
