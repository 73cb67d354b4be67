/** A line of the product made wrong, as somebody could by mistake. `find` stands exactly once in the file. */
export interface SeededDefect {
  name: string;
  file: string;
  find: string;
  replace: string;
}

/** Each must be caught by the simulation; one that is not means that a promise is not watched. */
export const seededDefects: readonly SeededDefect[] = [
  {
    name: "a lost compare-and-set is ignored",
    file: "src/dial/place-attempt.ts",
    find: "if (!(await commitSending(deps, claim))) return whyLost(deps, claim);",
    replace: "await commitSending(deps, claim);",
  },
  {
    name: "sending does not ask whether the campaign still runs",
    file: "src/dial/send.queries.ts",
    find: "and p.state = 'running')",
    replace: ")",
  },
  {
    name: "neither the gate nor sending asks for suppressions",
    file: "migrations/0001_foundation.sql",
    find: "create unique index suppressions_once on suppressions (account_id, number_key) nulls not distinct where lifted_at is null;",
    replace:
      "create unique index suppressions_once on suppressions (account_id, number_key) nulls not distinct where lifted_at is null;\ncreate rule forget_suppressions as on insert to suppressions do instead nothing;",
  },
  {
    name: "a request whose process died is sent again",
    file: "src/dial/leases.queries.ts",
    find: 'to: "ambiguous",',
    replace: 'to: "planned",',
  },
  {
    name: "a request without an answer is sent again",
    file: "src/dial/record-result.ts",
    find: 'case "unknown":\n      return unknown(deps, claim, result);',
    replace: 'case "unknown":\n      return notTaken(deps, claim, { kind: "not_taken", because: "rate", code: result.code });',
  },
  {
    name: "the move of an attempt is no compare-and-set",
    file: "src/db/attempt-state.ts",
    find: '.where("id", "=", move.id)\n    .where("state", "in", [...move.from]);',
    replace: '.where("id", "=", move.id);',
  },
  {
    name: "a call takes no place in the pace",
    file: "src/dial/claim-with-room.ts",
    find: "for (const place of found.places) places.set(place.key, place);",
    replace: "for (const place of found.places) places.delete(place.key);",
  },
  {
    name: "one call more than there are slots",
    file: "src/dial/room.ts",
    find: "capacity.liveEverywhere >= settings.maxConcurrentCalls",
    replace: "capacity.liveEverywhere > settings.maxConcurrentCalls",
  },
  {
    name: "requests under way hold no slot",
    file: "src/dial/capacity.queries.ts",
    find: "where state in ('claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing', 'in_progress')",
    replace: "where state in ('dialed', 'ringing', 'in_progress')",
  },
  {
    name: "the window is not asked again after the wait for the pace",
    file: "src/dial/place-attempt.ts",
    find: 'return judgement.verdict.kind === "call" ? undefined',
    replace: 'return judgement.verdict.kind !== "never" ? undefined',
  },
  {
    name: "the end of a call is not believed",
    file: "src/dial/fold.ts",
    find: 'if (fold.carrierEnd !== null || fold.inferredEnd !== null) return "ended";',
    replace: 'if (fold.inferredEnd !== null) return "ended";',
  },
  {
    name: "the last word about a call's answer wins",
    file: "src/dial/fold.ts",
    find: "answeredAtMs: earliest(a.answeredAtMs, b.answeredAtMs),",
    replace: "answeredAtMs: b.answeredAtMs,",
  },
  {
    name: "folded facts are not marked",
    file: "src/dial/inbox.queries.ts",
    find: "set folded_at = ${now}, attempt_id",
    replace: "set folded_at = null, attempt_id",
  },
  {
    name: "what a dead process left in the inbox stays there",
    file: "src/dial/receive-fact.ts",
    find: "for (const token of tokens) {",
    replace: "for (const token of tokens.slice(tokens.length)) {",
  },
  {
    name: "ringing phones are not looked after",
    file: "src/dial/sweep-attempts.ts",
    find: '"dialed", "ringing", "in_progress",',
    replace: '"dialed", "in_progress",',
  },
  {
    name: "dialed calls get no deadline",
    file: "src/dial/next-check.ts",
    find: 'case "dialed":\n    case "ringing":\n      return',
    replace: 'case "dialed":\n      return null;\n    case "ringing":\n      return',
  },
  {
    name: "an attempt that is put off is put off for years",
    file: "src/dial/give-back.queries.ts",
    find: "due_at: new Date(each.untilMs)",
    replace: "due_at: new Date(each.untilMs * 2)",
  },
  {
    name: "a refused attempt leaves its contact planned",
    file: "src/dial/give-back.ts",
    find: 'await moveContact(tx, { id: contactId, from: ["planned"], to: "waiting",',
    replace: 'if (contactId === "") await moveContact(tx, { id: contactId, from: ["planned"], to: "waiting",',
  },
  {
    name: "leases of dead processes are not taken over",
    file: "src/dial/rescue-leases.ts",
    find: "for (const lease of await expiredLeases(deps.db, { now, limit: input.limit ?? 200 })) {",
    replace: "for (const lease of (await expiredLeases(deps.db, { now, limit: input.limit ?? 200 })).slice(200)) {",
  },
  {
    name: "the request leaves before the intent is committed",
    file: "src/dial/place-attempt.ts",
    find: "if (!(await commitSending(deps, claim))) return whyLost(deps, claim);",
    replace: "await deps.carrier.place(order);\n  if (!(await commitSending(deps, claim))) return whyLost(deps, claim);",
  },
];
