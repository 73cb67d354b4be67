/** Whether an error is Postgres' unique violation (23505) of the named index. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  return error instanceof Error && Reflect.get(error, "code") === "23505" && Reflect.get(error, "constraint") === index;
}
