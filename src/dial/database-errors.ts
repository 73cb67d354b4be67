/** Whether an error is Postgres' unique violation (23505) of the named index. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  return error instanceof Error && Reflect.get(error, "code") === "23505" && Reflect.get(error, "constraint") === index;
}

/** The constraint that a statement would have broken (Postgres' error class 23), or its error code where it names none; null for every other error. */
export function brokenConstraint(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code: unknown = Reflect.get(error, "code");
  if (typeof code !== "string" || !/^23[0-9A-Z]{3}$/.test(code)) return null;
  const constraint: unknown = Reflect.get(error, "constraint");
  return typeof constraint === "string" ? constraint : code;
}
