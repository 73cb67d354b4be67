import { type DueClass, dueClasses } from "../domain/contact.ts";
import { istText } from "../domain/ist-text.ts";
import type { TallyLine } from "./contact-tally.queries.ts";

/** One reason why contacts of a campaign are not being dialed at this moment. */
export interface IdleReason {
  /** A word of the closed list below, or the code of the rule that asked the contact to wait. */
  reason: string;
  contacts: number;
  /** When it ends; null when nobody can say. ISO 8601 with +05:30. */
  until: string | null;
  /** A plain sentence, where there is more to say. */
  detail?: string;
}

/** Reasons that hold for a campaign as a whole. */
export const campaignReasons = [
  "window",
  "missing_scrub",
  "missing_papers",
  "brake",
  "account_stopped",
  "no_caller_number",
  "breaker",
  "budget",
] as const;
export type CampaignReason = (typeof campaignReasons)[number];

export interface Blocker {
  reason: CampaignReason;
  untilMs: number | null;
  detail: string;
}

/** What one class of contacts looks like: how many are due (counted up to a bound) and when the next one falls due. */
export interface DueView {
  due: number;
  /** Counting stopped at the bound: at least so many are due. */
  bounded: boolean;
  nextDueMs: number | null;
}

export interface IdleView {
  tally: readonly TallyLine[];
  due: Readonly<Record<DueClass, DueView>>;
  blockers: readonly Blocker[];
  /** Lists of the campaign that are not dialed because calls to them fail, with the contacts they brought. */
  shed: readonly { contacts: number; untilMs: number; cause: string }[];
  /** Attempts given to the campaign in this round. */
  granted: number;
  /** What kept it from receiving more. */
  limitedBy: "pace" | "slots" | "other_campaigns";
  /** Planned attempts that no dialer has taken for longer than a queue needs, and since when. */
  stuck: number;
}

/** What a waiting contact of each class waits for when nothing else is written. */
const waitsFor: Readonly<Record<DueClass, string>> = { callback: "callback_promised", retry: "retry_wait", fresh: "not_before" };

/**
 * Why a running campaign is not dialing, with counts and the instants at which the reasons end: first what stands against
 * the campaign as a whole, then who waits for a time, then what the due ones wait for.
 */
export function idleReasons(view: IdleView): IdleReason[] {
  const waiting = contactsIn(view.tally, "waiting");
  const planned = contactsIn(view.tally, "planned");
  const known = view.tally.reduce((sum, line) => sum + line.contacts, 0);
  if (known === 0) return [{ reason: "no_contacts", contacts: 0, until: null }];
  const reasons: IdleReason[] = view.blockers.map(({ reason, untilMs, detail }) => ({ reason, contacts: waiting, until: textOf(untilMs), detail }));
  for (const list of view.shed) {
    reasons.push({ reason: "breaker", contacts: Math.min(list.contacts, waiting), until: textOf(list.untilMs), detail: `one list is left out: ${list.cause}` });
  }
  let due = 0;
  for (const dueClass of dueClasses) {
    const ofClass = contactsIn(view.tally, "waiting", dueClass);
    const dueNow = Math.min(ofClass, view.due[dueClass].bounded ? atLeastDue(view, dueClass, ofClass) : view.due[dueClass].due);
    due += dueNow;
    reasons.push(...notYetDue(view, dueClass, ofClass - dueNow));
  }
  const passedBy = due - view.granted;
  if (view.blockers.length === 0 && passedBy > 0) reasons.push({ reason: view.limitedBy, contacts: passedBy, until: null });
  if (view.stuck > 0) reasons.push({ reason: "queue", contacts: Math.min(view.stuck, planned), until: null, detail: "no dialer has taken planned calls for half a minute" });
  return together(reasons);
}

/**
 * Where counting stopped at the bound: retries and callbacks are taken to be due; of fresh contacts those are not that the gate
 * told to wait.
 */
function atLeastDue(view: IdleView, dueClass: DueClass, ofClass: number): number {
  if (dueClass !== "fresh") return ofClass;
  const toldToWait = view.tally.filter((line) => line.state === "waiting" && line.due_class === "fresh" && line.reason !== null).reduce((sum, line) => sum + line.contacts, 0);
  return Math.max(view.due.fresh.due, ofClass - toldToWait);
}

/** The contacts of a class that wait for a time, by what they wait for. */
function notYetDue(view: IdleView, dueClass: DueClass, count: number): IdleReason[] {
  const until = textOf(view.due[dueClass].nextDueMs);
  const reasons: IdleReason[] = [];
  let left = count;
  const lines = view.tally.filter((line) => line.state === "waiting" && line.due_class === dueClass);
  for (const line of [...lines.filter((each) => each.reason !== null), ...lines.filter((each) => each.reason === null)]) {
    const contacts = Math.min(left, line.contacts);
    if (contacts <= 0) continue;
    left -= contacts;
    reasons.push({ reason: waitingReason(line.reason) ?? waitsFor[dueClass], contacts, until });
  }
  return reasons;
}

const words: readonly [matches: RegExp, word: string][] = [
  [/^retry_after_|^not_dialed$/, "retry_wait"],
  [/_window|^contact_hours$/, "window"],
  [/^cap_per_|^call_spacing$/, "cap"],
  [/^breaker_/, "breaker"],
  [/_budget$/, "budget"],
  [/^caller_numbers_resting$/, "no_caller_number"],
  [/^campaign_concurrency$/, "slots"],
];

/** The word for what was written when a contact was told to wait; a code without a word of its own stands as it is. */
function waitingReason(because: string | null): string | undefined {
  if (because === null) return undefined;
  return words.find(([matches]) => matches.test(because))?.[1] ?? because;
}

function together(reasons: readonly IdleReason[]): IdleReason[] {
  const byWord = new Map<string, IdleReason>();
  for (const reason of reasons) {
    if (reason.contacts === 0 && reason.reason !== "no_contacts") continue;
    const same = byWord.get(reason.reason);
    byWord.set(reason.reason, same ? { ...same, contacts: same.contacts + reason.contacts, until: earlier(same.until, reason.until) } : reason);
  }
  return [...byWord.values()];
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

function contactsIn(tally: readonly TallyLine[], state: TallyLine["state"], dueClass?: DueClass): number {
  return tally.filter((line) => line.state === state && (!dueClass || line.due_class === dueClass)).reduce((sum, line) => sum + line.contacts, 0);
}

function textOf(ms: number | null): string | null {
  return ms === null ? null : istText(new Date(ms));
}
