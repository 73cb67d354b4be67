/** Stands at the end of a switch over a union: compiles only when every case is handled. */
export function assertNever(value: never, what: string): never {
  throw new Error(`expected a known ${what}, got ${JSON.stringify(value)}`);
}
