/**
 * What is true in the simulated world, as the people in it would tell it: who asked not to be called and when, what the
 * operator's papers say, when a campaign ran. Written down by the simulation itself, never read from the product's database.
 * Instants are epoch milliseconds; spans are [from, to), `toMs` null: still open.
 */
export interface Span {
  fromMs: number;
  toMs: number | null;
}

export type Purpose = "collection" | "reminder" | "service" | "transactional" | "promotional";
export type Basis = "inferred" | "explicit" | "enquiry" | "dca";

/** A business that calls. */
export interface Sender {
  name: string;
  papers: (Span & { kind: "registration" | "a2p_declaration"; numbers: readonly string[] })[];
  /** People who turned against being called. */
  grievances: { person: string; atMs: number; kind: "complaint" | "promotional_opt_out" | "opt_out" }[];
  people: Map<string, Person>;
}

/** What a subscriber chose, in the codes of the register of 2018. */
export interface Choice {
  scheme: "full_block" | "block_promo" | "legacy" | "partial" | "none";
  categories: readonly number[];
  modes: readonly number[];
  bands: readonly number[];
  days: readonly number[];
}

export interface Wish {
  mode: "only" | "not";
  /** "18:00" */
  from: string;
  to: string;
  days: readonly number[] | null;
}

/** A person as one sender knows them. */
export interface Person {
  number: string;
  suppressed: Span[];
  /** When the person said no on a call, or withdrew a consent. */
  refusals: number[];
  holds: (Span & { kind: "complaint" | "dispute" | "hardship" | "bereavement" | "not_party" | "hours"; wish: Wish | null; /** As the product names it, for ending it; null when a call led to it. */ id: string | null })[];
  consents: { basis: Basis; givenAtMs: number; endsAtMs: number | null; revokedAtMs: number | null; onDlt: boolean }[];
  /** As the sender last imported them; the newest counts. */
  choices: { fromMs: number; choice: Choice }[];
}

/** One scrub of a list at an operator. */
export interface ScrubRun {
  recordedAtMs: number;
  scrubbedAtMs: number;
  category: number | null;
  said: ReadonlyMap<string, "blocked" | "clear">;
}

export interface Campaign {
  name: string;
  sender: Sender;
  purpose: Purpose;
  sector: string;
  microfinance: boolean;
  mayTransfer: boolean;
  category: number | null;
  basis: Basis | null;
  acknowledged: { code: string; fromMs: number }[];
  /** The definition's own hours; the newest counts. */
  windows: { fromMs: number; hours: { from: string; to: string; days: readonly number[] | null } | null }[];
  caps: { fromMs: number; perDay: number; perWeek: number }[];
  /** At how many people who complained or opted out, on whatever call, the campaign pauses; null: it says nothing. */
  pausesAt: number | null;
  running: Span[];
  runs: ScrubRun[];
  contacts: Map<string, ContactRow>;
}

export interface ContactRow {
  addedAtMs: number;
  notBeforeMs: number | null;
  notAfterMs: number | null;
  party: string | null;
}

/** A line of the carrier's ledger. */
export interface LedgerCall {
  receivedAtMs: number;
  /** When the request for it left the dialer. */
  leftAtMs: number;
  to: string;
  from: string;
  campaign: Campaign;
}
