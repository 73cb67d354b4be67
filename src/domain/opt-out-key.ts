/** The key that means "do not call me again" when it is pressed alone. */
export const optOutKey = "9";

/** Whether only that key was pressed, once or impatiently a few times. */
export function isOptOutEntry(keys: string): boolean {
  return /^9{1,3}$/.test(keys);
}
