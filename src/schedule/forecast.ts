import type { Definition } from "../domain/definition.ts";
import type { Paise } from "../domain/money.ts";
import { istDateText, istDay, istDayStartMs } from "../rules/ist-calendar.ts";
import { type CallMix, type CallPrices, callCostPaise, slotSeconds } from "./call-mix.ts";
import type { CallingHours } from "../rules/calling-hours.ts";
import { type Cohort, cohortQueue } from "./cohort-queue.ts";

export interface ForecastInput {
  contacts: number;
  cps: number;
  concurrency: number;
  hours: CallingHours;
  /** Delays in milliseconds, as in a definition. */
  retry: Definition["retry"];
  limits: Pick<Definition["limits"], "attempts" | "per_number_per_day" | "max_call_seconds">;
  prices: CallPrices;
  mix: CallMix;
  nowMs: number;
}

export interface ForecastDay {
  /** "2026-12-01", IST. */
  date: string;
  calls: number;
  reached: number;
}

export interface Forecast {
  days: ForecastDay[];
  calls: number;
  reached: number;
  /** When the last call is made; null when it is further away than a year, or calls are never allowed. */
  finishesAtMs: number | null;
  /** Calls per second that pace and slots together allow, and which of the two is the narrower. */
  callsPerSecond: number;
  limitedBy: "pace" | "concurrency";
  costPaise: { low: Paise; likely: Paise; high: Paise };
}

const stepMs = 300_000;
const yearMs = 366 * 86_400_000;
/** Fewer people than this are nobody: the expected remainder of a few contacts never ends. */
const nobody = 0.5;

/**
 * Looks ahead on a virtual clock: the list is dialed in steps of five minutes inside the calling hours, due retries
 * before fresh contacts, as fast as pace and slots allow; of each step's calls the mix says how many reach somebody and the
 * retry plan says when the others are due again. Counts are expectations, so the same input gives the same answer.
 */
export function forecast(input: ForecastInput): Forecast {
  const slots = input.concurrency / slotSeconds(input.mix);
  const callsPerSecond = Math.min(input.cps, slots);
  const queue = cohortQueue(input.contacts, input.nowMs);
  const days = new Map<string, ForecastDay>();
  let lastCallMs: number | null = null;
  let atMs = input.hours(input.nowMs);
  while (atMs !== null && atMs <= input.nowMs + yearMs && queue.total() >= nobody) {
    const made = dialStep(input, queue, atMs, (callsPerSecond * stepMs) / 1_000, days);
    if (made > 0) lastCallMs = atMs + (made / callsPerSecond) * 1_000;
    const next = made > 0 ? atMs + stepMs : Math.max(atMs + stepMs, queue.nextDueMs() ?? 0);
    atMs = input.hours(next);
  }
  const listed = [...days.values()].map((day) => ({ ...day, calls: Math.round(day.calls), reached: Math.round(day.reached) })).filter((day) => day.calls > 0);
  const calls = sum([...days.values()].map((day) => day.calls));
  return {
    days: listed,
    calls: Math.round(calls),
    reached: Math.round(sum([...days.values()].map((day) => day.reached))),
    finishesAtMs: queue.total() >= nobody ? null : Math.round(lastCallMs ?? input.nowMs),
    callsPerSecond,
    limitedBy: slots < input.cps ? "concurrency" : "pace",
    costPaise: costBand(input, calls),
  };
}

/** Makes up to `capacity` calls at `atMs`; answers how many. */
function dialStep(input: ForecastInput, queue: ReturnType<typeof cohortQueue>, atMs: number, capacity: number, days: Map<string, ForecastDay>): number {
  const date = istDateText(istDay(atMs));
  const day = days.get(date) ?? { date, calls: 0, reached: 0 };
  days.set(date, day);
  let made = 0;
  for (let cohort = queue.take(atMs, capacity); cohort; cohort = queue.take(atMs, capacity - made)) {
    made += cohort.count;
    day.calls += cohort.count;
    day.reached += cohort.count * input.mix.reached;
    for (const again of unreached(input, cohort, atMs)) queue.add(again);
    if (capacity - made <= 1e-9) break;
  }
  return made;
}

/** Those of a cohort who were not reached and are to be tried again, with the instant from which on. */
function unreached(input: ForecastInput, cohort: Cohort, atMs: number): Cohort[] {
  const attempts = cohort.attempts + 1;
  if (attempts >= input.limits.attempts) return [];
  const today = istDay(atMs);
  const attemptsToday = (cohort.day === today ? cohort.attemptsToday : 0) + 1;
  const { mix, retry } = input;
  const plans: [share: number, delays: readonly number[]][] = [
    [mix.noAnswer, retry.no_answer],
    [mix.busy, retry.busy],
    [mix.voicemail, retry.voicemail],
    [mix.notReached, retry.not_reached.length > 0 ? retry.not_reached : retry.no_answer],
  ];
  return plans.flatMap(([share, delays]) => {
    const delayMs = delays[Math.min(cohort.attempts, delays.length - 1)];
    if (delayMs === undefined || share === 0) return [];
    const restsToday = attemptsToday >= input.limits.per_number_per_day && istDay(atMs + delayMs) === today;
    const dueMs = restsToday ? istDayStartMs(today + 1) : atMs + delayMs;
    return [{ count: cohort.count * share, attempts, attemptsToday, day: today, dueMs: Math.ceil(dueMs / stepMs) * stepMs }];
  });
}

/** Conversations may turn out shorter or longer than assumed, and more or fewer people may answer. */
function costBand(input: ForecastInput, calls: number): Forecast["costPaise"] {
  const at = (factor: number): Paise =>
    Math.round(calls * callCostPaise(input.mix, input.prices, Math.min(input.limits.max_call_seconds, input.mix.talkSeconds * factor)));
  return { low: Math.round(at(0.6) * 0.85), likely: at(1), high: Math.round(at(1.7) * 1.2) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
