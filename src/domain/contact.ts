/**
 * The life of a contact in its campaign. One row of the list is in exactly one state:
 *
 * - `waiting`    may be called at `next_attempt_at`
 * - `planned`    an attempt of it is open (from planned to ended)
 * - `done`       reached, and nothing more is to follow
 * - `exhausted`  not reached, attempts used up
 * - `blocked`    must not be called; `blocked_reason` says why
 * - `held`       waits for a person (complaint, dispute, hardship, bereavement)
 * - `cancelled`  the operator took it back
 */
export const contactStates = ["waiting", "planned", "done", "exhausted", "blocked", "held", "cancelled"] as const;
export type ContactState = (typeof contactStates)[number];

/** Which waiting contact goes first: a callback we promised, then a due retry, then one never tried. */
export const dueClasses = ["callback", "retry", "fresh"] as const;
export type DueClass = (typeof dueClasses)[number];

/**
 * A contact's variables as they are kept, sealed as one JSON text under "contacts.variables" with the contact's id:
 * money in whole paise, dates as "yyyy-MM-dd", datetimes as ISO 8601 with +05:30, numbers, booleans and texts as they are.
 * Variables that the list left empty are absent. The number and the name are sealed beside it as "contacts.number" and
 * "contacts.name"; a definition that declares a variable `name` finds it here too.
 */
export type Variables = Readonly<Record<string, string | number | boolean>>;
