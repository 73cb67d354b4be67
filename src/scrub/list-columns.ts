import { Refusal } from "../domain/errors.ts";
import { headerWord, readNumberTitle, readStatusTitle, type TitleSays } from "./list-titles.ts";

/** The columns that lists about numbers may have, beside the numbers and what is said of their status. */
export type ListColumn = keyof typeof aliases;

/** How operators, portals and spreadsheets name them, in the form `headerWord` gives. */
const aliases = {
  reason: ["reason", "reasons", "why", "note", "notes", "comment", "comments", "remark", "remarks", "description"],
  preference: [
    "preference", "preferences", "pref", "prefs", "preference_code", "preference_codes", "registration", "scheme", "block", "block_type", "block_code", "block_codes", "registered_preference", "registered_preferences",
    "customer_preference", "customer_preferences", "subscriber_preference", "dnd_preference", "dnd_preferences", "ndnc_preference", "ncpr_preference", "preference_type", "dnd_type", "dnd_code", "dnd_codes",
  ],
  category: [
    "category", "categories", "category_code", "category_codes", "industry", "industries", "preference_category", "preference_categories", "category_preference", "category_preferences", "blocked_category", "blocked_categories",
    "category_blocked", "categories_blocked", "dnd_category", "dnd_categories", "sector", "sectors", "blocked_sectors", "blocked_industries",
  ],
  mode: ["mode", "modes", "mode_code", "mode_codes", "communication_mode", "communication_modes", "preference_mode", "preference_modes", "blocked_mode", "blocked_modes", "mode_preference", "dnd_mode", "dnd_modes"],
  band: ["band", "bands", "time_band", "time_bands", "timeband", "timebands", "time", "time_slot", "time_slots", "preference_band", "blocked_band", "blocked_bands", "blocked_time_bands", "preference_time_band", "time_preference"],
  day: ["day", "days", "day_type", "day_types", "daytype", "daytypes", "preference_day", "preference_days", "blocked_day", "blocked_days", "blocked_day_types", "day_preference"],
  operation: ["operation", "ops", "opstype", "ops_type", "op_type", "optype", "action"],
  date: ["date", "registered_on", "registration_date", "reg_date", "effective_date", "effective_from", "preference_date"],
  updated: ["updated", "updated_on", "updated_at", "update_date", "last_updated", "last_updated_on", "modified_on", "last_modified"],
  format: ["format", "version", "scheme_year", "polarity"],
  basis: ["basis", "consent_basis", "consent_type", "consent"],
  given: ["given_at", "given_on", "given", "given_date", "consent_date", "consent_given_on", "consent_given_at", "consented_on", "consented_at", "date_of_consent", "enquiry_date", "date_of_enquiry"],
  ends: [
    "ends_at", "ends_on", "end", "end_date", "ends", "expiry", "expires", "expires_at", "expires_on", "expiry_date", "expiry_on", "consent_expiry", "consent_expiry_date", "valid_until", "valid_to", "valid_till", "valid_upto",
    "valid_up_to", "validity", "validity_date", "contract_end", "contract_ends", "contract_end_date", "contract_expiry", "loan_end", "loan_end_date", "loan_closure_date", "loan_maturity_date", "maturity_date", "policy_end_date",
  ],
  revoked: [
    "revoked", "revoked_at", "revoked_on", "is_revoked", "revocation", "revocation_date", "revoke_date", "withdrawn", "withdrawn_at", "withdrawn_on", "is_withdrawn", "withdrawal", "withdrawal_date", "date_of_withdrawal",
    "opt_out", "opted_out", "opt_out_date", "opted_out_at", "opted_out_on", "optout", "optout_date", "unsubscribed", "unsubscribed_at", "unsubscribed_on", "consent_revoked", "consent_withdrawn", "consent_revoked_on",
  ],
  standing: ["status", "consent_status", "consent_state", "current_status", "is_active", "active"],
  reference: ["reference", "consent_reference", "consent_id", "dca_id", "proof"],
  registered: ["registered_on_dlt", "on_dlt", "dlt_registered", "dlt"],
  purpose: ["purpose", "brand", "consent_purpose"],
} as const;

/** Titles of phone numbers that are not made of the words `readNumberTitle` knows. */
const numberAliases = new Set(["subscriber", "subscriber_number", "subscriber_no", "called_party", "destination", "b_number", "to", "मोबाइल", "मोबाइल_नंबर", "फोन", "फोन_नंबर"]);

/** Columns that only files of the old register have: where they stand, preferences mean the opposite. */
const oldRegisterWords = new Set(["opstype", "ops_type", "op_type", "optype", "service_area_code", "service_area", "phone_type", "phonetype", "lsa_code"]);

/** Titles that say nothing of whether a number may be called, made of these words. */
const harmlessWords = new Set(
  "name names first last full middle customer client borrower subscriber circle lsa service area operator tsp network telco carrier provider sl sr s serial row index id no date time at on timestamp scrubbed scrub state city district region zone pin code pincode language email address reference ref campaign account loan branch external template header category type phone".split(" "),
);

/** Which columns of a file hold what; several columns may hold one thing. */
export interface ListColumns {
  /** The first column of numbers. */
  number: number;
  /** Every column of numbers, with what its title says of them. */
  numbers: readonly { at: number; says: TitleSays }[];
  /** The first column of each kind. */
  at: Readonly<Partial<Record<ListColumn, number>>>;
  /** Every column of each kind. */
  all: Readonly<Record<ListColumn, readonly number[]>>;
  /** Columns that say of each number whether it is blocked, and in which sense their words are to be read. */
  statuses: readonly { at: number; kind: "dnd" | "allowed" | "verdict" }[];
  header: readonly string[];
  /** The header is that of the register of 2010. */
  oldRegister: boolean;
}

/**
 * Finds the columns by their names, tolerant of case, spaces and punctuation. A file of one column is a list of numbers
 * whatever its header says. Refuses: 422 `no_number_column`.
 */
export function findColumns(header: readonly string[]): ListColumns {
  const titles = header.map(headerWord);
  const alone = header.length === 1;
  const numbers = titles.flatMap((word, at) => {
    const says = titleSays(word, alone) ?? (alone ? "either" : null);
    return says === null ? [] : [{ at, says }];
  });
  // "Contact" may be a person's name where another title says number.
  const first = numbers.find(({ at }) => !/^(?:contacts?|to|destination)$/.test(titles[at] ?? "")) ?? numbers[0];
  if (!first) throw new Refusal(422, "no_number_column", `expected a column with the phone numbers (number, phone, mobile, msisdn …), got ${header.join(", ")}`, { path: "number" });
  const others = titles.flatMap((word, at) => (numbers.some((column) => column.at === at) ? [] : [{ word, at }]));
  const all = Object.fromEntries(listColumns.map((column) => [column, others.flatMap(({ word, at }) => ((aliases[column] as readonly string[]).includes(word) ? [at] : []))])) as Record<ListColumn, number[]>;
  const at = Object.fromEntries(listColumns.flatMap((column) => (all[column][0] === undefined ? [] : [[column, all[column][0]]]))) as Partial<Record<ListColumn, number>>;
  const statuses = others.flatMap(({ word, at: place }) => {
    const kind = readStatusTitle(word);
    return kind === null ? [] : [{ at: place, kind }];
  });
  return { number: first.at, numbers, at, all, statuses, header, oldRegister: titles.some((word) => oldRegisterWords.has(word)) };
}

const listColumns = Object.keys(aliases) as ListColumn[];

/** Whether the only title of a file is one; null: it may as well be a row. */
export function titleSays(word: string, alone: boolean): TitleSays | null {
  return numberAliases.has(word) ? "neutral" : readNumberTitle(word, alone);
}

/** Titles that are none of `used` and no column that says nothing about calling: what they hold was not read. */
export function unreadTitles(columns: ListColumns, used: readonly (ListColumn | "status" | "numbers")[]): string[] {
  const read = new Set(used.flatMap((kind) => (kind === "status" ? columns.statuses.map(({ at }) => at) : kind === "numbers" ? columns.numbers.map(({ at }) => at) : columns.all[kind])));
  read.add(columns.number);
  return columns.header.filter((title, at) => !read.has(at) && !isHarmless(headerWord(title)) && !oldRegisterWords.has(headerWord(title)));
}

function isHarmless(word: string): boolean {
  return word !== "" && word.split("_").every((token) => harmlessWords.has(token));
}
