import { moveContact } from "../db/contact-state.ts";
import type { Tx } from "../db/database.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { AttemptId, ContactId } from "../domain/ids.ts";
import { assertNever } from "../domain/exhaustive.ts";
import type { Judgement } from "../rules/judge.ts";
import { closeAsRefused } from "./give-back.queries.ts";

/** How long a contact rests when its campaign, not the person, stands in the way. */
export const campaignRestMs = 60_000;

/** What becomes of the contact of a refused attempt. */
export type ContactFate =
  | { kind: "waits"; untilMs: number; because: string }
  | { kind: "blocked"; because: string }
  | { kind: "cancelled" }
  /** It is not ours to move: somebody else already took it out of `planned`. */
  | { kind: "left_alone" };

/** Closes an attempt that will not be placed, and its contact with it. `from` is the state the caller has it in. */
export async function refuseAttempt(
  tx: Tx,
  input: {
    attemptId: AttemptId;
    contactId: ContactId;
    from: "planned" | "claimed";
    /** For `claimed`: the claim that gives it back. */
    leaseOwner?: string;
    code: string;
    fate: ContactFate;
    now: Date;
  },
): Promise<boolean> {
  const { attemptId, contactId, fate, now } = input;
  const moved = await closeAsRefused(tx, { attemptId, from: input.from, leaseOwner: input.leaseOwner, code: input.code, now });
  if (!moved) return false;
  switch (fate.kind) {
    case "waits":
      await moveContact(tx, { id: contactId, from: ["planned"], to: "waiting", now, set: { next_attempt_at: new Date(fate.untilMs), waiting_because: fate.because } });
      return true;
    case "blocked":
      await moveContact(tx, { id: contactId, from: ["planned"], to: "blocked", now, set: { blocked_reason: fate.because, next_attempt_at: null, waiting_because: null } });
      return true;
    case "cancelled":
      await moveContact(tx, { id: contactId, from: ["planned"], to: "cancelled", now, set: { next_attempt_at: null, waiting_because: null } });
      return true;
    case "left_alone":
      return true;
    default:
      return assertNever(fate, "fate of a contact");
  }
}

/** What a judgement that is not `call` means for the contact. A campaign's own lack never blocks a person for good. */
export function fateOf(judgement: Judgement, campaignState: CampaignState, nowMs: number): { code: string; fate: ContactFate } {
  const { verdict } = judgement;
  switch (verdict.kind) {
    case "call":
      throw new Error("expected a judgement that refuses the call, got one that allows it");
    case "wait":
      return { code: verdict.because.code, fate: { kind: "waits", untilMs: verdict.until.toMillis(), because: verdict.because.code } };
    case "never": {
      const { code } = verdict.because;
      if (judgement.concerns === "contact") return { code, fate: { kind: "blocked", because: code } };
      if (campaignState === "cancelled") return { code, fate: { kind: "cancelled" } };
      return { code, fate: { kind: "waits", untilMs: nowMs + campaignRestMs, because: code } };
    }
    default:
      return assertNever(verdict, "verdict");
  }
}
