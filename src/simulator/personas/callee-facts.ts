import type { DateTime } from "luxon";
import type { Paise } from "../../domain/money.ts";

/** In which words a callee speaks: Hindi in Devanagari, Hindi in Latin letters, English. */
export const tongues = ["hinglish", "hindi", "english"] as const;
export type Tongue = (typeof tongues)[number];

/** What the person at a number knows and wants; derived from the number, so that sample lists can match it. */
export interface CalleeFacts {
  number: string;
  name: string;
  birthYear: number;
  tongue: Tongue;
  /** What it owes, and promises when it promises. */
  amountPaise: Paise;
  /** Days from today until it pays. */
  payInDays: number;
}

const names = ["Asha", "Ravi", "Sunita", "Imran", "Meena", "Arjun", "Fatima", "Joseph", "Kavita", "Manoj", "Neha", "Pooja", "Rahul"] as const;

/** The last two digits of a number, which decide almost everything about the person. */
export function lastTwoDigits(number: string): number {
  return Number(number.replace(/\D/g, "").slice(-2));
}

/**
 * The private facts of the person at a number: birth year `1960 + (last two digits) % 40`; the amount ₹1,200 to ₹4,950
 * in steps of ₹250, the day 2 to 11 days ahead; the tongue changes with every 25 numbers.
 */
export function calleeFacts(number: string): CalleeFacts {
  const digits = lastTwoDigits(number);
  const tongueByQuarter: readonly Tongue[] = ["hinglish", "hindi", "english", "hinglish"];
  return {
    number,
    name: names[digits % names.length] ?? names[0],
    birthYear: 1960 + (digits % 40),
    tongue: tongueByQuarter[Math.floor(digits / 25)] ?? "hinglish",
    amountPaise: (1_200 + 250 * (digits % 16)) * 100,
    payInDays: 2 + (digits % 10),
  };
}

/** The day on which the person says it will pay. */
export function payDate(facts: CalleeFacts, today: DateTime<true>): DateTime<true> {
  return today.startOf("day").plus({ days: facts.payInDays });
}
