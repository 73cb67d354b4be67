import { z } from "zod";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, type AttemptId, type Id, looksLikeId, newId } from "../domain/ids.ts";
import { istText, istTextOrNull } from "../domain/ist-text.ts";
import type { NumberKey } from "../domain/vault.ts";
import { minuteOfDay } from "../rules/ist-calendar.ts";
import { numberEvent, writeLegalEvents } from "./evidence-rows.queries.ts";
import { endOpenHold, freeHeld, type HoldKind, insertHold, selectHolds } from "./holds.queries.ts";
import { numberKeyOf } from "./number-key-of.ts";
import type { ScrubDeps } from "./ports.ts";

type HoldDeps = Pick<ScrubDeps, "db" | "vault" | "clock" | "random" | "log">;

const timeOfDay = z.string().refine((text) => minuteOfDay(text) !== undefined, "expected a time such as 18:00");

/** A wish about hours: call "only" inside, or "not" inside. Without `days` (1 is Monday) it holds every day. */
export const hoursWish = z
  .strictObject({ mode: z.enum(["only", "not"]).default("only"), from: timeOfDay, to: timeOfDay, days: z.array(z.int().min(1).max(7)).min(1).nullable().default(null) })
  .refine((wish) => wish.from !== wish.to, "expected hours, got none: from equals to");

export interface HoldInput {
  accountId: AccountId;
  number: string;
  kind: HoldKind;
  /** For kind "hours", required. */
  hours?: z.input<typeof hoursWish>;
  /** For kind "complaint": about being called (counts towards the sender's brake, the default), or about the service. */
  about?: "calls" | "service";
  note?: string;
  startsAt?: Date;
  /** Null or missing: until somebody ends it. */
  endsAt?: Date | null;
}

/**
 * Records that a person must be left alone, or when. It holds at the next gate. Refuses: 422 `invalid_number`,
 * `invalid_hours`, `invalid_period`.
 */
export async function addHold(deps: HoldDeps, input: HoldInput): Promise<{ id: string }> {
  const numberKey = numberKeyOf(deps.vault, input.number);
  const now = deps.clock.now();
  const startsAt = input.startsAt ?? now.toJSDate();
  const endsAt = input.endsAt ?? null;
  if (endsAt !== null && endsAt <= startsAt) throw new Refusal(422, "invalid_period", "expected a hold that ends after it starts", { path: "ends_at" });
  const hours = readHours(input);
  const detail = { ...hours, ...(input.about && { about: input.about }), ...(input.note !== undefined && { note: input.note.slice(0, 500) }) };
  const id = newId<Id<"hold">>(deps.clock, deps.random);
  await deps.db.transaction().execute(async (tx) => {
    await insertHold(tx, { id, accountId: input.accountId, numberKey, kind: input.kind, detail, startsAt, endsAt, now: now.toJSDate() });
    const body = { hold_id: id, ...hours, ends_at: istTextOrNull(endsAt) };
    await writeLegalEvents(tx, [numberEvent({ accountId: input.accountId, numberKey, at: now, decision: "never", code: `hold_${input.kind}`, body })]);
  });
  return { id };
}

function readHours(input: HoldInput): Record<string, unknown> {
  if (input.kind !== "hours") return {};
  const reading = hoursWish.safeParse(input.hours);
  if (reading.success) return reading.data;
  throw new Refusal(422, "invalid_hours", "expected hours such as {mode: only, from: 18:00, to: 19:00}", {
    errors: reading.error.issues.map((issue) => ({ path: ["hours", ...issue.path].join("."), message: issue.message })),
  });
}

/** Records a hold that a conversation led to; the same attempt leads to one of a kind, however often it is told. */
export async function recordHold(
  deps: HoldDeps,
  input: { accountId: AccountId; numberKey: NumberKey; kind: Exclude<HoldKind, "hours">; attemptId: AttemptId },
): Promise<void> {
  const now = deps.clock.now();
  const { accountId, numberKey, kind, attemptId } = input;
  await deps.db.transaction().execute(async (tx) => {
    const id = newId<Id<"hold">>(deps.clock, deps.random);
    const isNew = await insertHold(tx, { id, accountId, numberKey, kind, detail: { attempt_id: attemptId }, startsAt: now.toJSDate(), endsAt: null, now: now.toJSDate() });
    if (isNew) await writeLegalEvents(tx, [{ accountId, campaignId: null, contactId: null, attemptId, numberKey, at: now, decision: "never", code: `hold_${kind}`, body: { hold_id: id } }]);
  });
}

/** Ends a hold; contacts that nothing else keeps back wait again. Refuses: 404 `hold_not_found`. */
export async function endHold(deps: HoldDeps, input: { accountId: AccountId; id: string }): Promise<{ contacts_freed: number }> {
  const now = deps.clock.now();
  return deps.db.transaction().execute(async (tx) => {
    const hold = looksLikeId(input.id) ? await endOpenHold(tx, { ...input, now: now.toJSDate() }) : undefined;
    if (!hold) throw new Refusal(404, "hold_not_found", "expected an open hold of this account");
    await writeLegalEvents(tx, [numberEvent({ accountId: input.accountId, numberKey: hold.number_key, at: now, decision: "noted", code: `hold_${hold.kind}_ended`, body: { hold_id: hold.id } })]);
    return { contacts_freed: await freeHeld(tx, { accountId: input.accountId, numberKey: hold.number_key, kind: hold.kind, now: now.toJSDate() }) };
  });
}

/** A hold as shown, in wire names. */
export interface HoldView {
  id: string;
  kind: HoldKind;
  detail: unknown;
  starts_at: string;
  ends_at: string | null;
}

/** Every hold on a number, open or ended, the newest first. Refuses: 422 `invalid_number`. */
export async function listHolds(deps: HoldDeps, input: { accountId: AccountId; number: string }): Promise<HoldView[]> {
  const rows = await selectHolds(deps.db, { accountId: input.accountId, numberKey: numberKeyOf(deps.vault, input.number) });
  return rows.map(({ id, kind, detail, starts_at, ends_at }) => ({ id, kind, detail, starts_at: istText(starts_at), ends_at: istTextOrNull(ends_at) }));
}
