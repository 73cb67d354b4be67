import type { ColumnType } from "kysely";

/** timestamptz: read as `Date`, written as `Date`. */
export type Instant = ColumnType<Date, Date, Date>;
export type NullableInstant = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** jsonb: read as parsed value, written as JSON text. */
export type JsonOf<T> = ColumnType<T, string, string>;
export type NullableJsonOf<T> = ColumnType<T | null, string | null | undefined, string | null>;
/** jsonb with a default. */
export type DefaultJsonOf<T> = ColumnType<T, string | undefined, string>;
export type Json = JsonOf<unknown>;
