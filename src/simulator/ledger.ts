import type { Clock } from "../domain/clock.ts";
import type { EventOf, Intent, LedgerErrorCode, LedgerEvent, LedgerFact, LedgerKind } from "./ledger-events.ts";
import { type CallStory, callStory, utterancesOf, type Utterance } from "./ledger-queries.ts";
import { replyGaps, type ReplyGap } from "./ledger-reply-gaps.ts";

/**
 * The phone world's own book: every request, call, word and hang-up, written by the side it happened on. Tests compare
 * our database with it; nothing of ours can write into it.
 */
export interface Ledger {
  /** Writes one line, at the clock's now. */
  record(fact: LedgerFact, callSid?: string | null): void;
  /** Writes down a fault of the side under test. */
  error(code: LedgerErrorCode, detail: string, callSid?: string | null): void;

  /** Every line, oldest first. */
  readonly events: readonly LedgerEvent[];
  /** What the side under test did wrong, oldest first; empty after a good run. */
  readonly errors: readonly EventOf<"error">[];
  /** Lines of one kind, of one call if given. */
  eventsOf<K extends LedgerKind>(kind: K, callSid?: string): EventOf<K>[];

  /** All calls in the order they were created. */
  calls(): CallStory[];
  call(callSid: string): CallStory | undefined;
  /** Calls created to a number, whatever became of them. */
  callsTo(number: string): CallStory[];
  /** What the callee understood of everything played to it, word by word. */
  heardBy(callSid: string): EventOf<"heard">[];
  heardText(callSid: string): string;
  /** The same in utterances: words parted by at least `pauseMs` (600) of other sounds or silence. */
  heardUtterances(callSid: string, pauseMs?: number): Utterance[];
  /** What the callee said, utterance by utterance; an utterance cut short by the end of the call is not `finished`. */
  saidBy(callSid: string): EventOf<"said">[];
  saidText(callSid: string): string;
  /** What the agent's media stream sent, whether or not it was ever played. */
  sentText(callSid: string): string;
  /** What the callee meant, once it has said so. */
  intentsOf(callSid: string): Intent[];
  /** How long the callee waited for each reply, measured on the line: the end of its speech to the first sound it heard. */
  replyGaps(callSid: string): ReplyGap[];

  /** The first line, past or to come, that matches. */
  until(matches: (event: LedgerEvent) => boolean): Promise<LedgerEvent>;
  /** Resolves when the call is over. */
  untilEnded(callSid: string): Promise<CallStory>;
  /** Calls the listener with every line to come; answers how to stop. */
  onEvent(listener: (event: LedgerEvent) => void): () => void;

  /** Every line as JSON, one object a line. */
  toNdjson(): string;
  /** Drops all lines. */
  clear(): void;
}

export interface LedgerOptions {
  /** A long-running world forgets the lines of its oldest calls beyond this many. Default: keeps all. */
  keepCalls?: number;
}

export function newLedger(clock: Clock, options: LedgerOptions = {}): Ledger {
  const keepCalls = options.keepCalls ?? Number.POSITIVE_INFINITY;
  let events: LedgerEvent[] = [];
  const byCall = new Map<string, LedgerEvent[]>();
  const listeners = new Set<(event: LedgerEvent) => void>();
  const sidsByNumber = new Map<string, string[]>();

  const record = (fact: LedgerFact, callSid: string | null = null): void => {
    const event: LedgerEvent = { ...fact, atMs: clock.nowMs(), callSid };
    events.push(event);
    file(event);
    for (const listener of listeners) listener(event);
  };

  /** Puts a line under its call. */
  const file = (event: LedgerEvent): void => {
    const { callSid } = event;
    if (callSid === null) return;
    if (event.kind === "created") sidsByNumber.set(event.to, [...(sidsByNumber.get(event.to) ?? []), callSid]);
    const ofCall = byCall.get(callSid);
    if (ofCall) ofCall.push(event);
    else byCall.set(callSid, [event]);
    if (byCall.size > keepCalls * 1.1) forgetOldest();
  };

  const onEvent = (listener: (event: LedgerEvent) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  const until = (matches: (event: LedgerEvent) => boolean): Promise<LedgerEvent> => {
    const past = events.find(matches);
    if (past) return Promise.resolve(past);
    return new Promise((resolve) => {
      const stop = onEvent((event) => {
        if (!matches(event)) return;
        stop();
        resolve(event);
      });
    });
  };

  const forgetOldest = (): void => {
    for (const callSid of byCall.keys()) {
      if (byCall.size <= keepCalls) break;
      byCall.delete(callSid);
    }
    events = events.filter((event) => event.callSid !== null && byCall.has(event.callSid));
  };

  const linesOf = (callSid: string | undefined): readonly LedgerEvent[] => (callSid === undefined ? events : (byCall.get(callSid) ?? []));
  const eventsOf = <K extends LedgerKind>(kind: K, callSid?: string): EventOf<K>[] =>
    linesOf(callSid).filter((event): event is EventOf<K> => event.kind === kind);
  const call = (callSid: string): CallStory | undefined => callStory(callSid, byCall.get(callSid) ?? []);
  const calls = (): CallStory[] => [...byCall.keys()].flatMap((callSid) => call(callSid) ?? []);
  const text = (words: ReadonlyArray<{ word: string }>): string => words.map((one) => one.word).join(" ");

  return {
    record,
    error: (code, detail, callSid) => record({ kind: "error", code, detail }, callSid),
    get events() {
      return events;
    },
    get errors() {
      return eventsOf("error");
    },
    eventsOf,
    calls,
    call,
    callsTo: (number) => (sidsByNumber.get(number) ?? []).flatMap((callSid) => call(callSid) ?? []),
    heardBy: (callSid) => eventsOf("heard", callSid),
    heardText: (callSid) => text(eventsOf("heard", callSid)),
    heardUtterances: (callSid, pauseMs = 600) => utterancesOf(eventsOf("heard", callSid), pauseMs),
    saidBy: (callSid) => eventsOf("said", callSid),
    saidText: (callSid) => eventsOf("said", callSid).map((one) => one.text).join(" "),
    sentText: (callSid) => text(eventsOf("sent", callSid)),
    intentsOf: (callSid) => eventsOf("intent", callSid).map((one) => one.intent),
    replyGaps: (callSid) => replyGaps(eventsOf("said", callSid), eventsOf("heard", callSid)),
    until,
    async untilEnded(callSid) {
      await until((event) => event.callSid === callSid && event.kind === "ended");
      const story = call(callSid);
      if (!story) throw new Error(`expected a call of this world, got ${callSid}`);
      return story;
    },
    onEvent,
    toNdjson: () => events.map((event) => `${JSON.stringify(event)}\n`).join(""),
    clear: () => {
      events = [];
      byCall.clear();
      sidsByNumber.clear();
    },
  };
}
