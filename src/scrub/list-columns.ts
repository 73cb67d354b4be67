import { Refusal } from "../domain/errors.ts";

/** The columns that lists about numbers may have. */
export type ListColumn = "number" | "status" | "reason" | "preference" | "category" | "mode" | "band" | "day" | "operation" | "date" | "format" | "basis" | "given" | "ends" | "reference" | "registered" | "purpose";

/** How operators, portals and spreadsheets name them, in the form `headerWord` gives. */
const aliases: Readonly<Record<ListColumn, readonly string[]>> = {
  number: [
    "number", "phone", "phone_no", "phone_number", "phone_numbers", "phonenumber", "phonenumbers", "mobile", "mobile_no", "mobile_number", "mobilenumber", "mob_no", "msisdn", "subscriber", "subscriber_number",
    "subscriber_no", "contact", "contact_no", "contact_number", "cli", "called_party", "destination", "b_number", "bnumber", "telephone", "to", "blocked_number", "blocked_numbers", "dnd_number", "मोबाइल", "मोबाइल_नंबर", "फोन", "फोन_नंबर",
  ],
  status: ["status", "dnd_status", "dnd", "scrub_status", "scrub_result", "result", "ndnc", "ndnc_status", "ncpr", "dnc", "is_dnd", "is_blocked", "blocked", "allowed"],
  reason: ["reason", "why", "note", "notes", "comment", "comments"],
  preference: ["preference", "preferences", "pref", "prefs", "preference_code", "preference_codes", "registration", "scheme", "block", "block_type", "registered_preference", "customer_preference"],
  category: ["category", "categories", "category_code", "category_codes", "industry", "industries"],
  mode: ["mode", "modes", "mode_code", "mode_codes", "communication_mode", "communication_modes"],
  band: ["band", "bands", "time_band", "time_bands", "timeband", "timebands", "time", "time_slot", "time_slots"],
  day: ["day", "days", "day_type", "day_types", "daytype", "daytypes"],
  operation: ["operation", "ops", "opstype", "ops_type", "op_type", "optype", "action"],
  date: ["date", "registered_on", "registration_date", "reg_date", "updated", "updated_on", "updated_at", "update_date", "effective_date", "effective_from", "last_updated"],
  format: ["format", "version", "scheme_year", "polarity"],
  basis: ["basis", "consent_basis", "consent_type", "consent"],
  given: ["given_at", "given_on", "given", "consent_date", "consent_given_on", "date_of_consent"],
  ends: ["ends_at", "ends_on", "valid_until", "valid_to", "expires_at", "expires_on", "expiry_date", "contract_ends", "contract_end_date"],
  reference: ["reference", "consent_reference", "consent_id", "dca_id", "proof"],
  registered: ["registered_on_dlt", "on_dlt", "dlt_registered", "dlt"],
  purpose: ["purpose", "brand", "consent_purpose"],
};

/** Columns that only files of the old register have: where they stand, preferences mean the opposite. */
const oldRegisterWords = new Set(["opstype", "ops_type", "op_type", "optype", "service_area_code", "service_area", "phone_type", "phonetype", "lsa_code"]);

/** Which columns of a file hold what; several columns may hold one thing. */
export interface ListColumns {
  number: number;
  at: Readonly<Partial<Record<ListColumn, number>>>;
  header: readonly string[];
  /** The header is that of the register of 2010. */
  oldRegister: boolean;
}

/**
 * Finds the columns by their names, tolerant of case, spaces and punctuation. A file of one column is a list of numbers
 * whatever its header says. Refuses: 422 `no_number_column`.
 */
export function findColumns(header: readonly string[]): ListColumns {
  const words = header.map(headerWord);
  const at: Partial<Record<ListColumn, number>> = {};
  for (const column of Object.keys(aliases) as ListColumn[]) {
    const found = words.findIndex((word) => aliases[column].includes(word));
    if (found >= 0) at[column] = found;
  }
  const number = at.number ?? (header.length === 1 ? 0 : undefined);
  if (number === undefined) {
    throw new Refusal(422, "no_number_column", `expected a column with the phone numbers (number, phone, mobile, msisdn …), got ${header.join(", ")}`);
  }
  return { number, at, header, oldRegister: words.some((word) => oldRegisterWords.has(word)) };
}

/** "Phone Numbers " and "phone-numbers" become "phone_numbers". */
function headerWord(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/[\u093c\u200b-\u200f\ufeff]/g, "").replace(/[^\p{L}\p{M}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
}
