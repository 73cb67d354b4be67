import { sql } from "kysely";
import type { DialDeps } from "../../src/dial/ports.ts";
import { Refusal } from "../../src/domain/errors.ts";
import type { AccountId, AttemptId } from "../../src/domain/ids.ts";
import type { NumberKey } from "../../src/domain/vault.ts";
import type { HoldKind } from "../../src/outcome/ports.ts";
import { recordHold } from "../../src/scrub/holds.ts";
import type { ScrubDeps } from "../../src/scrub/ports.ts";
import { recordOptOut } from "../../src/scrub/record-opt-out.ts";
import { startTalk } from "../chaos/simulation/outside-world.ts";
import type { SimCall } from "../chaos/simulation/sim-carrier.ts";
import { between, pick } from "./draw.ts";
import { noteSuppressed } from "./people-acts.ts";
import { personOf, type PlayedCampaign, type PlayedSender, type World } from "./world.ts";

/** Callbacks and silence bring further calls, the rest ends them; complaints are rare, because three of them stop a sender. */
const stories = [
  ...["promise_to_pay", "promise_to_pay", "opted_out", "opted_out", "complaint", "dispute", "hardship", "bereavement", "wrong_number"] as const,
  ...["callback_requested", "callback_requested", "callback_requested", "callback_requested", "callback_requested", "callback_requested", "callback_requested"] as const,
  ...["silence", "silence", "silence", "silence", "silence", "silence", "silence", "silence", "silence", "silence", "silence", "silence"] as const,
] as const;
type Story = (typeof stories)[number];
const dayMs = 86_400_000;

/** What people say on answered calls, and what the product is told of it while they talk and when they hang up. */
export function callStories(world: World) {
  const told = new Map<string, Story>();
  return {
    /** The media stream of an answered call connects; an opt-out is written while the call lasts. */
    async begin(deps: DialDeps, call: SimCall): Promise<void> {
      await startTalk(world.database, deps, call);
      const story = pick(world.random, stories);
      told.set(call.callSid, story);
      if (story !== "opted_out") return;
      world.agenda.at(world.agenda.nowMs() + between(world.random, 1_500, 4_500), world.outside, "says no", async () => {
        if (call.status === "ended") return;
        const attempt = await attemptOf(world, call);
        if (!attempt) return;
        await optOut(world, scrubOf(world, deps), attempt);
      });
    },
    async end(call: SimCall): Promise<void> {
      const story = told.get(call.callSid) ?? "silence";
      const attempt = await attemptOf(world, call);
      if (!attempt) return;
      const account = await world.vault.forAccount(attempt.account_id);
      const disposition = story === "silence" ? null : story;
      const turns = story === "silence" ? [] : [{ speaker: "callee", text: "haan ji" }];
      const fields = story === "callback_requested" ? { at: new Date(callbackMs(world)).toISOString() } : {};
      await sql`update conversations set ended_at = ${new Date(world.agenda.nowMs())}, end_reason = 'callee_hung_up', last_alive_at = ${new Date(world.agenda.nowMs())},
                  disposition = ${disposition}, opted_out = ${story === "opted_out"},
                  fields_sealed = ${account.seal("conversations.fields", attempt.id, JSON.stringify(fields))},
                  turns_sealed = ${account.seal("conversations.turns", attempt.id, JSON.stringify(turns))}
                where attempt_id = ${attempt.id} and ended_at is null`.execute(world.database.db);
      noteSaid(world, attempt, story);
    },
  };
}

/** By then every call has been settled, whatever was lost on the way: what was said in it must be known. */
const settledAfterMs = 45 * 60_000;
const holdOf: Partial<Record<Story, HoldKind>> = { complaint: "complaint", dispute: "dispute", hardship: "hardship", bereavement: "bereavement", wrong_number: "not_party" };

/** What a person said counts at the latest when the call must have been settled, also when nobody could write it down at once. */
function noteSaid(world: World, attempt: Attempt, story: Story): void {
  const { sender, number, campaign } = whoIs(world, attempt);
  const person = personOf(sender, number);
  const fromMs = world.agenda.nowMs() + settledAfterMs;
  const kind = holdOf[story];
  if (kind) person.holds.push({ kind, fromMs, toMs: null, wish: null, id: null });
  if (story === "opted_out") person.suppressed.push({ fromMs, toMs: null });
  if (story === "complaint") sender.truth.grievances.push({ person: number, atMs: fromMs, kind: "complaint" });
  if (story === "opted_out") sender.truth.grievances.push({ person: number, atMs: fromMs, kind: campaign?.truth.purpose === "promotional" ? "promotional_opt_out" : "opt_out" });
}

/** Some time soon, or late in the evening, in the night, early in the morning, over the week-end. */
function callbackMs(world: World): number {
  const nowMs = Math.floor(world.agenda.nowMs());
  const dayStartMs = world.startMs + Math.floor((nowMs - world.startMs) / dayMs) * dayMs;
  const hour = pick(world.random, [0.1, 5.5, 7.75, 8.5, 9.5, 12, 17.99, 18.99, 19.999, 20.5, 20.999, 22.25, 30.5, 33, 43.9]);
  return Math.max(nowMs + 120_000, Math.floor(dayStartMs + hour * 3_600_000));
}

interface Attempt {
  id: AttemptId;
  account_id: AccountId;
  campaign_id: string;
  number_key: NumberKey;
}

async function attemptOf(world: World, call: SimCall): Promise<Attempt | undefined> {
  return world.database.db.selectFrom("attempts").where("token", "=", call.order.token).select(["id", "account_id", "campaign_id", "number_key"]).executeTakeFirst();
}

/** The scrub stage as a process runs it: its database may fail. */
export function scrubOf(world: World, deps: Pick<DialDeps, "db" | "clock" | "random">): ScrubDeps {
  return { ...world.scrub, db: deps.db, clock: deps.clock, random: deps.random };
}

/** Writes an opt-out; once that is answered for, the person is told that there will be no more calls. */
export async function optOut(world: World, scrub: ScrubDeps, attempt: { id: AttemptId; account_id: AccountId; campaign_id: string; number_key: NumberKey }): Promise<void> {
  try {
    await recordOptOut(scrub, { accountId: attempt.account_id, attemptId: attempt.id, how: world.random.fraction() < 0.5 ? "said" : "pressed" });
  } catch (error) {
    if (error instanceof Refusal || (error instanceof Error && error.message.startsWith("the connection broke"))) return;
    throw error;
  }
  const { sender, number, campaign } = whoIs(world, attempt);
  const person = personOf(sender, number);
  noteSuppressed(world, person);
  const nowMs = world.agenda.nowMs();
  if (!person.refusals.includes(nowMs)) person.refusals.push(nowMs);
  sender.truth.grievances.push({ person: number, atMs: nowMs, kind: campaign?.truth.purpose === "promotional" ? "promotional_opt_out" : "opt_out" });
}

/** Remembers what a conversation obliges to, as the outcome stage asks. */
export async function rememberHold(world: World, scrub: ScrubDeps, input: { accountId: AccountId; numberKey: NumberKey; kind: HoldKind; attemptId: AttemptId }): Promise<void> {
  await recordHold(scrub, input);
  const { sender, number } = whoIs(world, { account_id: input.accountId, number_key: input.numberKey });
  const nowMs = world.agenda.nowMs();
  personOf(sender, number).holds.push({ kind: input.kind, fromMs: nowMs, toMs: null, wish: null, id: null });
  if (input.kind === "complaint") sender.truth.grievances.push({ person: number, atMs: nowMs, kind: "complaint" });
}

function whoIs(world: World, at: { account_id: AccountId; number_key: NumberKey; campaign_id?: string }): { sender: PlayedSender; number: string; campaign: PlayedCampaign | undefined } {
  const sender = world.senders.find(({ accountId }) => accountId === at.account_id);
  const number = sender?.numbers.find((each) => world.vault.numberKey(each) === at.number_key);
  if (!sender || number === undefined) throw new Error("expected an attempt to somebody the sender knows");
  return { sender, number, campaign: sender.campaigns.find(({ id }) => id === at.campaign_id) };
}
