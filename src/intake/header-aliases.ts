/** The columns every list may have, whatever its definition declares. */
export const knownColumns = ["phone", "name", "language", "external_id", "not_before", "not_after"] as const;
export type KnownColumn = (typeof knownColumns)[number];

/** How lists in India name these columns, already in the form `headerKey` gives. */
const aliases: Readonly<Record<KnownColumn, readonly string[]>> = {
  phone: [
    "phone", "phone_no", "phone_number", "phone_num", "phone_nos", "ph", "ph_no", "ph_number",
    "mobile", "mobile_no", "mobile_number", "mobile_num", "mobile_nos", "mob", "mob_no", "mob_number", "mobile_phone",
    "contact_no", "contact_number", "contact_num", "contact_phone", "contact_mobile", "msisdn", "cell", "cell_no", "cell_phone", "cell_number",
    "customer_phone", "customer_mobile", "customer_mobile_no", "customer_mobile_number", "customer_contact", "customer_number",
    "borrower_phone", "borrower_mobile", "borrower_mobile_no", "registered_mobile", "registered_mobile_no", "registered_mobile_number",
    "telephone", "tel", "tel_no", "fon", "phone_mobile",
    "फोन", "फोन_नंबर", "फोन_नम्बर", "फोन_नं", "मोबाइल", "मोबाइल_नंबर", "मोबाइल_नम्बर", "मोबाइल_नं", "मोबाईल", "मोबाईल_नंबर", "मो", "मो_नं", "मो_नंबर",
    "संपर्क_नंबर", "सम्पर्क_नंबर", "संपर्क_सूत्र", "दूरभाष",
  ],
  name: [
    "name", "full_name", "customer_name", "client_name", "contact_name", "borrower_name", "patient_name", "student_name", "person", "cust_name",
    "नाम", "पूरा_नाम", "ग्राहक_का_नाम", "ग्राहक_नाम",
  ],
  language: ["language", "lang", "preferred_language", "भाषा"],
  external_id: ["external_id", "externalid", "reference_id", "ref_id", "crm_id"],
  not_before: ["not_before", "call_after", "call_from"],
  not_after: ["not_after", "call_before", "call_until"],
};

/** Whether a header, in the form `headerKey` gives, names the known column. */
export function isAliasOf(column: KnownColumn, key: string): boolean {
  return lookup[column].has(key);
}

const lookup: Readonly<Record<KnownColumn, ReadonlySet<string>>> = {
  phone: new Set(aliases.phone.map(headerKey)),
  name: new Set(aliases.name.map(headerKey)),
  language: new Set(aliases.language.map(headerKey)),
  external_id: new Set(aliases.external_id.map(headerKey)),
  not_before: new Set(aliases.not_before.map(headerKey)),
  not_after: new Set(aliases.not_after.map(headerKey)),
};

/**
 * The form in which headers are compared: Unicode compatibility form, lower case, without nukta, invisible characters and
 * punctuation; words joined by "_". "Mobile No." and " MOBILE_no" become "mobile_no".
 */
export function headerKey(header: string): string {
  return header
    .normalize("NFKD")
    .replace(/[\u093c\u200b-\u200f\u2060\ufeff]/g, "")
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
}
