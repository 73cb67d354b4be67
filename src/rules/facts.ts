import type { AcknowledgeableCode, CampaignState } from "../domain/campaign.ts";
import type { Definition, Purpose, Sector } from "../domain/definition.ts";
import type { E164 } from "../domain/phone-number.ts";

/**
 * What the rules may know, as plain values. All instants are epoch milliseconds. A fact that was not or could not
 * be read is the word "unknown"; a rule that needs it then says `never` and names it. `null` and empty lists are
 * knowledge: there is none.
 */
export type Known<T> = T | "unknown";

export type PaperKind = "registration" | "a2p_declaration" | "brake_release" | "holiday_list";

export type ConsentBasis = "inferred" | "explicit" | "enquiry" | "dca";

/**
 * A paper of the sender (`sender_papers`). The end is exclusive; null: no end. A `brake_release` is the sender's written word
 * that the complaints before it were looked into; a `holiday_list` names the public holidays of a year in `dates`.
 */
export interface PaperFacts {
  kind: PaperKind;
  reference: string;
  callerNumbers: readonly string[];
  /** IST dates "2028-03-11". */
  dates: readonly string[];
  validFromMs: number;
  validUntilMs: number | null;
}

/** The campaign's newest scrub run by `scrubbed_at` (`scrub_runs`). */
export interface ScrubRunFacts {
  provider: string;
  reference: string;
  listHash: string;
  /** The preference category the list was scrubbed for. */
  category: number | null;
  scrubbedAtMs: number;
  /** The first instant at which it no longer counts: midnight IST after `scrubbedAtMs`. */
  expiresAtMs: number;
}

/**
 * When people turned against this sender in the last ten days, one entry per number, the newest first; five of each are enough.
 * `complaintsAtMs`: `contact_holds` of kind complaint whose `detail.about` is not "service".
 * `promotionalOptOutsAtMs`: `suppressions` of the account, lifted or not, with source "promotional_call".
 * `optOutsAtMs`: the same with a source of "call" or "keypad" too; twenty are enough, and "unknown" unless the definition counts them.
 */
export interface BrakeFacts {
  complaintsAtMs: readonly number[];
  promotionalOptOutsAtMs: readonly number[];
  optOutsAtMs: Known<readonly number[]>;
}

/** What a campaign's definition tells the rules. */
export interface DefinitionFacts {
  purpose: Purpose;
  sector: Sector;
  microfinance: boolean;
  mayTransfer: boolean;
  preferenceCategory: number | null;
  /** The basis the definition states. */
  consentBasis: ConsentBasis | null;
  /** The definition's window: narrows the law, never widens it. */
  window: Definition["window"] | null;
  perNumberPerDay: number;
  perNumberPerWeek: number;
  /** The least time between two calls to one number; null: the definition asks for none. */
  minutesBetweenCalls: number | null;
  /** How many opt-outs of any call, and complaints, in ten days pause the campaign; null: the definition counts none but the law's. */
  optOutsInTenDays: number | null;
}

/** What is the same for every contact of one campaign: enough to say whether the campaign as a whole may dial. */
export interface CampaignFacts extends DefinitionFacts {
  accountState: Known<"active" | "stopped">;
  campaignState: Known<CampaignState>;
  /** Codes the operator vouched for, of the campaign and of the environment together. */
  acknowledged: readonly AcknowledgeableCode[];
  /** The number that will be presented; null: none is free. */
  callerNumber: Known<E164 | null>;
  /** All papers of the account, also outdated and future ones. */
  papers: Known<readonly PaperFacts[]>;
  scrubRun: Known<ScrubRunFacts | null>;
  brake: Known<BrakeFacts>;
}

/** An active suppression (`suppressions`, `lifted_at is null`) of the account or the platform; the platform's wins. */
export interface SuppressionFacts {
  scope: "account" | "platform";
  reason: string;
  sinceMs: number;
}

/** A row of `preferences`: the codes that the subscriber BLOCKED (regulations of 2018), or the old scheme. */
export interface PreferenceFacts {
  scheme: "full_block" | "block_promo" | "partial" | "legacy" | "none";
  categories: readonly number[];
  modes: readonly number[];
  bands: readonly number[];
  days: readonly number[];
  /** Which import it came from, for the evidence. */
  importId: string | null;
}

/** A row of `consents`, revoked ones too. Ends are exclusive. */
export interface ConsentFacts {
  basis: ConsentBasis;
  reference: string | null;
  registeredOnDlt: boolean;
  givenAtMs: number;
  endsAtMs: number | null;
  revokedAtMs: number | null;
}

/** A wish about hours, from `contact_holds.detail`: "only" inside, or "not" inside, [from, to) on the given ISO week days. */
export interface HoursWish {
  mode: "only" | "not";
  from: string;
  to: string;
  days: readonly number[] | null;
}

/** A row of `contact_holds`; the end is exclusive, null: until somebody ends it. */
export interface HoldFacts {
  kind: "complaint" | "dispute" | "hardship" | "bereavement" | "not_party" | "hours";
  startsAtMs: number;
  endsAtMs: number | null;
  /** For kind hours; "unknown" when the row's detail cannot be read. */
  hours: Known<HoursWish> | null;
}

/** What is known of the one person to be called. Everything but the scrub result holds across the account's campaigns. */
export interface ContactFacts {
  /** `contacts.not_before` / `not_after`; the call must start in [notBefore, notAfter). */
  notBeforeMs: number | null;
  notAfterMs: number | null;
  addedAtMs: number;
  /** Who the list says this is; null: it does not say. */
  party: "borrower" | "guarantor" | "other" | null;
  suppression: Known<SuppressionFacts | null>;
  preference: Known<PreferenceFacts | null>;
  /** "blocked" when any run of the campaign that still counts says so; else what the run in `scrubRun` said: "not_covered" when `scrub_results` has no row for it. */
  scrubResult: Known<"clear" | "blocked" | "not_covered">;
  consents: Known<readonly ConsentFacts[]>;
  /**
   * The newest opt-out: any suppression of the account, also a lifted one. Only what an operator or a file put there and took back
   * within a day was a slip and no wish; what was said or pressed in a call always counts.
   */
  optedOutAtMs: Known<number | null>;
  holds: Known<readonly HoldFacts[]>;
  /** When calls to this number were sent in the last eight days, by any campaign of the account, the newest first; not those known never to have been sent. */
  sentAtMs: Known<readonly number[]>;
  /** When the newest attempt to this number that ended as `closed_unknown`, or is `held`, was sent. */
  unknownSentAtMs: Known<number | null>;
}

/** Everything a rule may ask about one call. The gate loads it in one round trip. */
export interface GateFacts extends CampaignFacts, ContactFacts {}
