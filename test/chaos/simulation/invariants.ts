import type { Database } from "../../../src/db/database.ts";
import { emptyFold, foldOf, joinFolds, readFold } from "../../../src/dial/fold.ts";
import { foldView } from "../../../src/dial/fold-view.ts";
import { istFromMs } from "../../../src/domain/clock.ts";
import type { SimCarrier } from "./sim-carrier.ts";

/** What the witnesses know that is not in the carrier's own list. */
export interface Witness {
  /** The step in which `claimed → sending` was last committed, by the attempt's token. */
  sendingStep: Map<string, number>;
  /** When a number was suppressed, a campaign stopped. */
  suppressedAtStep: Map<string, number>;
  /** Stretches of steps during which a campaign did not run. */
  stoppedSteps: { campaign: string; from: number; to: number }[];
  campaignOf: Map<string, string>;
}

export interface Limits {
  liveCalls: number;
  callsPerSecond: number;
  capPaise: number;
  worstCasePaise: number;
  windowFromHour: number;
  windowToHour: number;
}

/** A promise that was broken, in words. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** Checked after every step, on the carrier's ledger alone. */
export function checkLedger(carrier: SimCarrier, limits: Limits, witness: Witness, newFrom: number): void {
  const live = carrier.calls.filter((call) => call.status !== "ended");
  const numbers = new Set<string>();
  for (const call of live) {
    if (numbers.has(call.order.to)) throw new Violation(`I2 two live calls to ${call.order.to}`);
    numbers.add(call.order.to);
  }
  if (live.length > limits.liveCalls) throw new Violation(`I3 ${live.length} live calls, at most ${limits.liveCalls} allowed`);
  for (const call of carrier.calls.slice(newFrom)) {
    const same = carrier.calls.filter((other) => other.order.token === call.order.token);
    if (same.length > 1) throw new Violation(`I1 ${same.length} calls for one attempt: ${same.map((each) => each.callSid).join(", ")}`);
    const at = istFromMs(call.createdAtMs);
    if (at.hour < limits.windowFromHour || at.hour >= limits.windowToHour) throw new Violation(`I4 a call outside the window, at ${at.toISO()}`);
    const sentAtStep = witness.sendingStep.get(call.order.token);
    if (sentAtStep === undefined) throw new Violation("I4 a call that was never committed to be sent");
    const suppressed = witness.suppressedAtStep.get(call.order.to);
    if (suppressed !== undefined && suppressed < sentAtStep) throw new Violation("I4 a call to a suppressed number");
    const campaign = witness.campaignOf.get(call.order.token);
    const stopped = witness.stoppedSteps.some((stretch) => stretch.campaign === campaign && stretch.from < sentAtStep && sentAtStep < stretch.to);
    if (stopped) throw new Violation("I4 a call of a campaign that was stopped");
  }
  const last = carrier.leftAtMs.at(-1) ?? 0;
  const withinSecond = carrier.leftAtMs.filter((atMs) => atMs > last - 1_000).length;
  if (withinSecond > limits.callsPerSecond + 1) throw new Violation(`I5 ${withinSecond} requests within one second`);
}

/** Checked at the end, when faults have stopped and everything had time to come to rest (I6 to I8). */
export async function checkRest(database: Database, limits: Limits): Promise<void> {
  const attempts = await database.db.selectFrom("attempts").selectAll().execute();
  for (const attempt of attempts) {
    if (attempt.state === "planned" && attempt.refusal_code === "campaign_budget") continue;
    if (!["ended", "rejected", "refused", "closed_unknown"].includes(attempt.state)) throw new Violation(`I7 an attempt is still ${attempt.state}`);
    if (attempt.state !== "refused" && attempt.settled_at === null) throw new Violation(`I7 an attempt that is ${attempt.state} was never settled`);
    if (attempt.reserved_paise !== 0) throw new Violation(`I6 ${attempt.reserved_paise} paise are still reserved for an attempt that is ${attempt.state}`);
    const facts = await database.db.selectFrom("webhook_inbox").where("token", "=", attempt.token).select(["fact", "folded_at"]).execute();
    if (facts.some((row) => row.folded_at === null)) throw new Violation("I8 a fact was never folded");
    const bound = attempt.call_sid === null ? emptyFold : { ...emptyFold, callSids: [attempt.call_sid] };
    const expected = facts.reduce((fold, row) => joinFolds(fold, foldOf(row.fact)), bound);
    if (attempt.state === "ended" && JSON.stringify(foldView(expected)) !== JSON.stringify(foldView(readFold(attempt.fold)))) {
      throw new Violation(`I8 the row is not the fold of its facts: ${JSON.stringify(foldView(readFold(attempt.fold)))} instead of ${JSON.stringify(foldView(expected))}`);
    }
  }
  const places = attempts.flatMap((attempt) => (attempt.send_after !== null && attempt.sent_at !== null ? [attempt.send_after.getTime()] : [])).sort((a, b) => a - b);
  const close = places.find((place, index) => index > 0 && place - (places[index - 1] ?? 0) < 990 / limits.callsPerSecond);
  if (close !== undefined) throw new Violation(`I5 two places in the pace closer than 1/${limits.callsPerSecond} s`);
  const open = new Set(attempts.filter((attempt) => attempt.state === "planned").map((attempt) => attempt.contact_id));
  const planned = await database.db.selectFrom("contacts").where("state", "=", "planned").select("id").execute();
  if (planned.some((contact) => !open.has(contact.id))) throw new Violation("I7 a contact is planned without an attempt under way");
  const spent = await database.db.selectFrom("spend").select(["campaign_id", (e) => e.fn.sum<string>("amount_paise").as("paise")]).groupBy("campaign_id").execute();
  const over = spent.find(({ paise }) => Number(paise) > limits.capPaise + limits.worstCasePaise);
  if (over) throw new Violation(`I6 ${over.paise} paise spent, the cap is ${limits.capPaise}`);
}
