import type { HoldFacts } from "./facts.ts";
import { mayCall, never, type RuleVerdict, waitUntil } from "./rule.ts";

type HoldKind = HoldFacts["kind"];

/**
 * What the open holds of the given kinds say: an endless one never, one with an end waits for it, and on to the end of
 * any other hold that will have begun by then.
 */
export function holdVerdict(holds: readonly HoldFacts[], kinds: readonly HoldKind[], nowMs: number): RuleVerdict {
  const concerned = holds.filter((hold) => kinds.includes(hold.kind));
  let atMs = nowMs;
  let last: HoldKind | undefined;
  for (;;) {
    const open = concerned.filter((hold) => atMs >= hold.startsAtMs && (hold.endsAtMs === null || atMs < hold.endsAtMs));
    const endless = open.find((hold) => hold.endsAtMs === null);
    if (endless) return never(`hold_${endless.kind}`, holdWordings[endless.kind]);
    const longest = open.reduce<HoldFacts | undefined>((a, b) => (a && (a.endsAtMs ?? 0) >= (b.endsAtMs ?? 0) ? a : b), undefined);
    if (!longest) return last ? waitUntil(atMs, `hold_${last}`, holdWordings[last]) : mayCall();
    atMs = longest.endsAtMs ?? atMs;
    last = longest.kind;
  }
}

const holdWordings: Readonly<Record<HoldKind, string>> = {
  complaint: "a complaint of this person is open",
  dispute: "this person disputes the debt",
  hardship: "this person is in hardship",
  bereavement: "this person is in mourning",
  not_party: "the number was found to belong to somebody else",
  hours: "this person asked for other hours",
};
