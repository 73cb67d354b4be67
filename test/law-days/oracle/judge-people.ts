import { within } from "./ist.ts";
import { atOnceMs, forbade, nextGateMs } from "./slack.ts";
import { classOf, dcaMs, explicitDaysMs, quietAfterRefusalMs, transactionMs } from "./tables.ts";
import type { Basis, Campaign, LedgerCall, Person } from "./truth.ts";

/** What the person said, and what is known about them. */
export function judgePeople(call: LedgerCall): string[] {
  const person = call.campaign.sender.people.get(call.to);
  const contact = call.campaign.contacts.get(call.to);
  if (!person || !contact) return ["nobody of this number is on the campaign's list"];
  const said: string[] = [];
  if (person.suppressed.some((span) => forbade(span, call, atOnceMs))) said.push("the number is on the do-not-call list");
  for (const { kind } of person.holds.filter((hold) => stopping(call.campaign).includes(hold.kind) && forbade(hold, call, nextGateMs))) said.push(`a hold is open: ${kind}`);
  if (!hoursWished(person, call)) said.push("the person asked for other hours");
  if (!consentStands(person, call)) said.push(`no ${neededBasis(call.campaign) ?? ""} consent stands`);
  if (refusedLately(person, call)) said.push("asked again within 90 days of a refusal");
  if (contact.notBeforeMs !== null && call.receivedAtMs < contact.notBeforeMs) said.push("before the contact's first date");
  if (contact.notAfterMs !== null && call.receivedAtMs >= contact.notAfterMs) said.push("after the contact's last date");
  if (call.campaign.purpose === "transactional" && call.receivedAtMs >= contact.addedAtMs + transactionMs) said.push("more than 30 minutes after the transaction");
  if (call.campaign.purpose === "collection" && contact.party !== null && !["borrower", "guarantor"].includes(contact.party)) said.push("neither borrower nor guarantor");
  return said;
}

function stopping({ purpose }: Campaign): readonly string[] {
  if (purpose === "transactional") return ["not_party"];
  return purpose === "service" ? ["not_party", "bereavement"] : ["not_party", "complaint", "dispute", "hardship", "bereavement"];
}

function hoursWished(person: Person, call: LedgerCall): boolean {
  if (call.campaign.purpose === "transactional") return true;
  const open = person.holds.filter((hold) => hold.kind === "hours" && forbade(hold, call, nextGateMs));
  const only = open.filter((hold) => hold.wish?.mode === "only").sort((a, b) => b.fromMs - a.fromMs)[0]?.wish;
  if (only && !within(only, call.receivedAtMs)) return false;
  return !open.some(({ wish }) => wish?.mode === "not" && within(wish, call.receivedAtMs));
}

type Consent = Person["consents"][number];

/** Clocks that run out by themselves are strict; a withdrawal is met at the next gate. */
function lives(consent: Consent, call: LedgerCall): boolean {
  const clockMs = consent.basis === "explicit" || consent.basis === "enquiry" ? explicitDaysMs : consent.basis === "dca" ? dcaMs : Number.POSITIVE_INFINITY;
  const endMs = Math.min(consent.givenAtMs + clockMs, consent.endsAtMs ?? Number.POSITIVE_INFINITY);
  return consent.givenAtMs <= call.receivedAtMs && call.receivedAtMs < endMs && (consent.revokedAtMs === null || call.leftAtMs < consent.revokedAtMs + nextGateMs);
}

/** The consent such calls must rest on; null: none. */
function neededBasis({ purpose, basis }: Campaign): Basis | null {
  if (purpose === "transactional") return null;
  if (purpose === "promotional") return basis === "inferred" ? null : basis;
  return basis ?? "inferred";
}

function consentStands(person: Person, call: LedgerCall): boolean {
  const basis = neededBasis(call.campaign);
  if (basis === null) return true;
  const recorded = person.consents.filter((consent) => consent.basis === basis);
  return recorded.some((consent) => lives(consent, call)) || (basis === "inferred" && recorded.length === 0);
}

/** A living consent on the operators' registry, which opens what the subscriber blocked. */
export function dltConsent(person: Person, call: LedgerCall, givenSinceMs = Number.NEGATIVE_INFINITY): boolean {
  return person.consents.some((consent) => consent.onDlt && consent.basis !== "inferred" && consent.givenAtMs >= givenSinceMs && lives(consent, call));
}

function refusedLately(person: Person, call: LedgerCall): boolean {
  if (classOf(call.campaign) === "free") return false;
  return person.refusals.some((atMs) => atMs + nextGateMs <= call.leftAtMs && call.receivedAtMs < atMs + quietAfterRefusalMs && !dltConsent(person, call, atMs));
}
