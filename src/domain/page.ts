import { Refusal } from "./errors.ts";

/** One page of a list. */
export interface Page<T> {
  items: readonly T[];
  /** The cursor of the page after; null on the last. */
  next: string | null;
}

/** Which page of a list is wanted; without a cursor the first. */
export interface PageAsked {
  /** The most items of the page. */
  limit: number;
  /** The `next` of the page before. */
  cursor?: string;
}

/** Makes a page of rows that were read to one beyond the limit; the id of the last one shown leads on. */
export function cutPage<R extends { id: string }, T>(rows: readonly R[], limit: number, view: (row: R) => T): Page<T> {
  const shown = rows.slice(0, limit);
  return { items: shown.map(view), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

/** A page of a list that is short by its nature and known whole. Refuses 400 `invalid_query` when the cursor's item is gone. */
export function pageOfWhole<T>(all: readonly T[], asked: PageAsked, keyOf: (item: T) => string): Page<T> {
  const from = asked.cursor === undefined ? 0 : all.findIndex((item) => keyOf(item) === asked.cursor) + 1;
  if (asked.cursor !== undefined && from === 0) {
    const message = "expected the next_cursor of an earlier page of this list; begin again without one";
    throw new Refusal(400, "invalid_query", "the query does not fit", { errors: [{ path: "cursor", message }] });
  }
  const items = all.slice(from, from + asked.limit);
  const last = items.at(-1);
  return { items, next: last !== undefined && from + items.length < all.length ? keyOf(last) : null };
}
