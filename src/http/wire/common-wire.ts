import { z } from "zod";
import { type Id, looksLikeId } from "../../domain/ids.ts";
import type { Page } from "../../domain/page.ts";

/** The same shape with nothing writable, so that a stage's own type fits. */
export type Wire<S extends z.ZodType> = Frozen<z.output<S>>;
type Frozen<T> = T extends Date ? T : T extends (infer U)[] ? readonly Frozen<U>[] : T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** A path parameter or body field that names a thing of ours; anything that cannot be one names nothing. */
export const idOf = <T extends Id<string>>(what: string) =>
  z
    .string()
    .refine(looksLikeId, `expected the id of ${what}`)
    .transform((text) => text as T)
    .meta({ description: `Id of ${what}`, override: { type: "string", format: "uuid" } });

export const instantText = z.string().meta({ description: "ISO 8601 with +05:30", examples: ["2026-12-01T10:00:00.000+05:30"] });
export const instantOrNull = instantText.nullable();

/** An instant in a request; it must say its offset. */
export const instantInput = z.iso
  .datetime({ offset: true, error: "expected an ISO 8601 instant with an offset such as +05:30" })
  .transform((text) => new Date(text))
  .meta({ override: { type: "string", format: "date-time" } });

/** In a query a plus that was not encoded arrives as a space. */
const lostPlus = / (?=\d{2}:\d{2}$)/;
const noSeconds = /(?<=T\d{2}:\d{2})(?=Z$|[+-]\d{2}:\d{2}$)/;

/** An instant in a query, where people write by hand: also without seconds, with the plus lost on the way, or a day, which begins at midnight IST. */
export const instantQuery = z
  .string()
  .max(40)
  .transform((text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+05:30` : text.replace(lostPlus, "+").replace(noSeconds, ":00")))
  .pipe(z.iso.datetime({ offset: true, error: "expected a day such as 2026-12-01, or an ISO 8601 instant with an offset such as 2026-12-01T10:00+05:30" }))
  .transform((text) => new Date(text))
  .meta({ description: "An ISO 8601 instant with an offset, or a day: its midnight in India", examples: ["2026-12-01T10:00:00+05:30", "2026-12-01"], override: { type: "string" } });

export const counts = z.record(z.string(), z.number());

const cursorOf = (isPlace: (text: string) => boolean) =>
  z
    .base64url()
    .max(128)
    .transform((text) => Buffer.from(text, "base64url").toString())
    .refine(isPlace, "expected a next_cursor of an earlier page")
    .meta({ description: "`next_cursor` of the page before", override: { type: "string" } });

const limit = z.coerce.number().int().min(1).max(200).default(50);

/** Every list: at most 200 things a page. */
export const pageQuery = z.strictObject({ limit, cursor: cursorOf(looksLikeId).optional() });

/** The same for lists whose rows are numbered. */
export const numberedPageQuery = z.strictObject({ limit, cursor: cursorOf((text) => /^\d{1,18}$/.test(text)).optional() });

/** The same for lists whose items are known by name. */
export const namedPageQuery = z.strictObject({ limit, cursor: cursorOf((text) => text !== "").optional() });

/** A page as every list answers it. */
export function pageOf<T>({ items, next }: Page<T>): { items: readonly T[]; next_cursor: string | null } {
  return { items, next_cursor: next === null ? null : Buffer.from(next).toString("base64url") };
}

export const pageWire = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item), next_cursor: z.string().nullable() });

export const problemWire = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "Stable; programs may rely on it" }),
    detail: z.string(),
    retryable: z.boolean(),
    instance: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem document" });
