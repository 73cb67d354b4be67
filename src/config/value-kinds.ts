import { DateTime } from "luxon";
import { z } from "zod";
import { IST } from "../domain/clock.ts";
import { type E164, readCallerNumber } from "../domain/phone-number.ts";

/** A whole number within bounds, in plain digits: a slip of the pen is an error, never a default. */
export function whole(lowest: number, highest: number) {
  return within(/^\d{1,9}$/, lowest, highest, `expected a whole number from ${lowest} to ${highest}`);
}

/** A decimal number within bounds ("0.5"). */
export function amount(lowest: number, highest: number) {
  return within(/^\d{1,9}(?:\.\d{1,6})?$/, lowest, highest, `expected a number from ${lowest} to ${highest}`);
}

function within(shape: RegExp, lowest: number, highest: number, expectation: string) {
  return z
    .string()
    .refine((text) => shape.test(text) && Number(text) >= lowest && Number(text) <= highest, expectation)
    .transform(Number);
}

/** "a,b , c"; an empty entry is a slip of the pen and refused. */
export function commaList<T>(entry: z.ZodType<T, string>) {
  return z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(entry));
}

export const E164Text = z.string().transform((text, context): E164 => {
  const number = readCallerNumber(text);
  if (number !== undefined) return number;
  context.addIssue({ code: "custom", message: "expected numbers in E.164 form such as +14155550100" });
  return z.NEVER;
});

/** Epoch milliseconds of an ISO instant; without an offset it is read in Asia/Kolkata. */
export const istInstant = z.string().transform((text, context): number => {
  const instant = DateTime.fromISO(text, { zone: IST });
  if (instant.isValid) return instant.toMillis();
  context.addIssue({ code: "custom", message: "expected an ISO instant such as 2026-12-01T10:00+05:30" });
  return z.NEVER;
});

/** A URL of one of the schemes; the first scheme is the one to recommend. */
export function address(schemes: readonly [string, ...string[]]) {
  return z.string().refine((text) => schemes.includes(schemeOf(text)), `expected a URL that begins with ${schemes[0]}//`);
}

/** An origin or base path of a vendor or of ours. Without TLS only on this machine, and without credentials or query. */
export function loopbackOrSecure(schemes: readonly [string, ...string[]]) {
  return address(schemes)
    .refine((text) => isSecure(text) || isLoopback(text), "expected TLS (https or wss): plain http and ws are for loopback addresses only")
    .refine((text) => plainParts(text), "expected a plain address without credentials, query or fragment")
    .transform((text) => text.replace(/\/+$/, ""));
}

function schemeOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : "";
}

function isSecure(text: string): boolean {
  return ["https:", "wss:"].includes(schemeOf(text));
}

/** Whether a URL's host is this machine itself. */
export function isLoopback(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname } = new URL(text);
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function plainParts(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const url = new URL(text);
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}
