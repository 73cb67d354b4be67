import type { Db } from "../db/database.ts";
import { optedOutOnCall } from "../db/opted-out-on-call.ts";
import { pause } from "../domain/clock.ts";
import { definitionSchema } from "../domain/definition.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import { spokenIn } from "../domain/recording-notice.ts";
import type { FactIntake } from "./fact-intake.ts";
import { maxResumes } from "./open-stream.ts";
import type { AnswerPlan, DialDeps } from "./ports.ts";
import { type ConsentAnswer, consentGiven, refusesCalls } from "./read-consent.ts";
import { answeredTokenLifeMs, issueStreamToken } from "./stream-token.ts";

/** What a visit needs: the person on the line hears nothing until it is answered, so what it proves is stored here and folded later. */
export type VisitDeps = Pick<DialDeps, "db" | "clock" | "random" | "vault" | "log"> & { facts: Pick<FactIntake, "receive"> };

/** The visit in which a person may say more than yes or no. */
export interface ConsentDeps extends VisitDeps {
  /** Resolves when the person's wish not to be called again is committed; idempotent. */
  optOut(input: { accountId: AccountId; attemptId: AttemptId; how: "said" | "pressed" }): Promise<void>;
}

/** How often, and after how long, a failed write of an opt-out is tried again while the person waits. */
const optOutRetryMs = [200, 500, 1_000] as const;

/** What the carrier is told when nothing can go on. */
export const goodbyePlan: AnswerPlan = { kind: "hang_up", farewell: null };

const apology = {
  "hi-IN": "क्षमा कीजिए, तकनीकी समस्या के कारण हम यह कॉल समाप्त कर रहे हैं।",
  "en-IN": "We are sorry, because of a technical problem we have to end this call.",
} as const;

const optedOutGoodbye = {
  "hi-IN": "ठीक है। अब हम आपको कॉल नहीं करेंगे। असुविधा के लिए माफ़ी चाहते हैं। नमस्ते।",
  "en-IN": "I understand. We will not call you again. Sorry for the trouble. Goodbye.",
} as const;

/**
 * The person answered whether the call may be recorded. The first answer counts and is written before anything is
 * recorded; the conversation goes on either way, with recording only after a yes. Whoever asks here not to be called again,
 * or presses the key for it, is believed at once: that is committed before the answer, and the call ends.
 */
export function recordConsentAnswer(deps: ConsentDeps, input: ConsentAnswer & { token: string; callSid: string }): Promise<AnswerPlan> {
  return answerVisit(deps, input, {
    // Also when the call has ended by the time it is read: the person has said it.
    async hear(visit) {
      const how = visit.opted_out ? undefined : refusesCalls(input);
      if (how === undefined) return;
      await writeOptOut(deps, { accountId: visit.account_id, attemptId: visit.id, how });
      visit.opted_out = true;
    },
    async answer(visit) {
      const answered = !visit.opted_out && consentGiven(input) ? "given" : "refused";
      const written = await deps.db
        .updateTable("attempts")
        .set({ recording_consent: answered })
        .where("id", "=", visit.id)
        .where("recording_consent", "is", null)
        .executeTakeFirst();
      if (visit.opted_out) return farewellTo(visit);
      const consent = written.numUpdatedRows === 1n ? answered : (visit.recording_consent ?? "refused");
      return converse(deps, visit, consent === "given");
    },
  });
}

/**
 * The media stream ended while the call goes on. A conversation that is over is followed by the end of the call; a lost
 * one gets a new stream, at most twice, then an apology. The recording, once begun, runs on by itself.
 */
export function resumeCall(deps: VisitDeps, input: { token: string; callSid: string }): Promise<AnswerPlan> {
  return answerVisit(deps, input, {
    async answer(visit) {
      if (visit.opted_out && !visit.conversed) return farewellTo(visit);
      const inline = visit.asksConsent ? 2 : 1;
      if (Number(visit.streams_issued) >= inline + maxResumes) return { kind: "hang_up", farewell: spokenIn(apology, visit.language) };
      return converse(deps, visit, false);
    },
  });
}

async function writeOptOut(deps: ConsentDeps, about: Parameters<ConsentDeps["optOut"]>[0]): Promise<void> {
  for (const delayMs of optOutRetryMs) {
    try {
      return await deps.optOut(about);
    } catch (error) {
      deps.log.error("an opt-out could not be written; it is tried again", { attemptId: about.attemptId, error });
      await pause(deps.clock, delayMs);
    }
  }
  return deps.optOut(about);
}

const farewellTo = (visit: Visit): AnswerPlan => ({ kind: "hang_up", farewell: spokenIn(optedOutGoodbye, visit.language) });

async function converse(deps: VisitDeps, visit: Visit, record: boolean): Promise<AnswerPlan> {
  const streamToken = await issueStreamToken(deps.db, deps, { attemptId: visit.id, accountId: visit.account_id, lifeMs: answeredTokenLifeMs });
  return { kind: "converse", streamToken, record, notice: null };
}

type Visit = NonNullable<Awaited<ReturnType<typeof readVisit>>>;

/**
 * Every request of the carrier during a call also proves the call: it was answered and this is its name. That is handed in
 * last: its folding locks the attempt, and the person on the line would wait for it.
 */
async function answerVisit(deps: VisitDeps, input: { token: string; callSid: string }, visitor: { hear?: (visit: Visit) => Promise<void>; answer(visit: Visit): Promise<AnswerPlan> }): Promise<AnswerPlan> {
  const atMs = deps.clock.nowMs();
  const visit = await readVisit(deps.db, input);
  if (visit && !visit.ofOtherCall) await visitor.hear?.(visit);
  const plan = !visit || visit.over ? goodbyePlan : await visitor.answer(visit);
  const fact = { kind: "answered", callSid: input.callSid, authority: "carrier", atMs, sequence: 2_000 } as const;
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
    .select(["a.id", "a.account_id", "a.state", "a.call_sid", "a.recording_consent", "c.language", "p.definition", "v.ended_at as conversation_ended_at", "v.end_reason", "v.attempt_id as conversation_of"])
    .select((e) => e.selectFrom("stream_tokens as t").whereRef("t.attempt_id", "=", "a.id").select(e.fn.countAll<number>().as("n")).as("streams_issued"))
    .select(optedOutOnCall().as("opted_out"))
    .executeTakeFirst();
  if (!row) return undefined;
  const { recording } = definitionSchema.parse(row.definition);
  // A conversation that lost its line has only stopped: the next stream reopens it.
  const talkIsOver = row.conversation_ended_at !== null && row.end_reason !== "line_lost";
  const ofOtherCall = row.call_sid !== null && row.call_sid !== input.callSid;
  const over = row.state === "ended" || talkIsOver || ofOtherCall;
  return { ...row, over, ofOtherCall, conversed: row.conversation_of !== null, asksConsent: recording.mode === "consent" };
}
